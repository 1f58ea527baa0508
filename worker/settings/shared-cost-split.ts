import { z } from 'zod'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { type Decision, METHODS, weightOf } from '../statements/split.ts'
import type { Setting } from './setting.ts'

const TeamIdText = z
  .custom<TeamId>(
    (value) => typeof value === 'string' && rowOf('team', value) !== null,
    'expected an id such as team_3',
  )
  .meta({ type: 'string', pattern: '^team_[1-9]\\d*$', examples: ['team_3'] })

const Weight = z
  .string()
  .meta({ examples: ['2.5'] })
  .refine((text) => weightOf(text) !== null, 'expected a weight such as "2.5"')

/** How often a team may stand in a list. */
const once = (ids: readonly TeamId[]) => new Set(ids).size === ids.length
const TWICE = 'each team once'

/** The decision as it is sent, stored and answered: plain JSON. */
export const DecisionFields = z
  .object({
    method: z.enum(METHODS),
    teams: z
      .array(TeamIdText)
      .min(1)
      .max(1000)
      .refine(once, TWICE)
      .nullable()
      .default(null)
      .describe('With even and proportional: who takes part; null: all that were charged anything in the month'),
    weights: z
      .array(z.object({ teamId: TeamIdText, weight: Weight }))
      .max(1000)
      .refine((weights) => once(weights.map(({ teamId }) => teamId)), TWICE)
      .refine((weights) => weights.some(({ weight }) => (weightOf(weight) ?? 0n) > 0n), 'needs a weight above 0')
      .nullable()
      .default(null)
      .describe('With weighted, and with no other: who takes part, and how much'),
  })
  .refine(({ method, weights }) => (method === 'weighted') === (weights !== null), {
    message: 'weighted needs weights, and no other method takes any',
    path: ['weights'],
  })
  .refine(({ method, teams }) => teams === null || method === 'even' || method === 'proportional', {
    message: 'only even and proportional take a list of teams',
    path: ['teams'],
  })

/** Who pays what no job and no rule was charged. Months that are closed keep what they were closed with. */
export const sharedCostSplit = {
  title: 'How shared cost is split',
  value: DecisionFields,
  // A dollar without an owner stays where everybody sees it, until somebody decides whose it is.
  fallback: { method: 'none', teams: null, weights: null },
  // From all weights and one's own part follows the whole pot, and with it the bill.
  ofTeams: (decision, teamIds) => ({
    ...decision,
    teams: decision.teams?.filter((id) => teamIds.includes(id)) ?? null,
    weights: decision.weights?.filter(({ teamId }) => teamIds.includes(teamId)) ?? null,
  }),
} satisfies Setting<Decision>
