import { z } from 'zod'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { SeenVersion } from '../input-fields.ts'
import { METHODS, weightOf } from '../statements/split.ts'

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

/** What the page's form of it sends. */
export const SplitChange = z.object({ sharedCostSplit: DecisionFields, version: SeenVersion })
