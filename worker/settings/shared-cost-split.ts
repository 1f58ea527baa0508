import type { Decision } from '../statements/split.ts'
import type { Setting } from './setting.ts'
import { DecisionFields } from './split-input.ts'

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
