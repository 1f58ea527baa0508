import type { NanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'
import { totalTokenUsage } from '../tokens/total-token-usage.ts'
import type { Question } from './window.ts'

/** What was metered under a model's name; the cost is what the meter says, and stands in no bill. */
export type MeteredModel = { totalTokens: number | null; meteredCostNanoUsd: NanoUsd; unpricedTokens: number }

/**
 * Tokens per model of a question's days, by the model's name exactly as served. Null where the question is narrowed by what
 * a meter does not know: pools, status, several teams, days of another zone. Models beyond the dearest 500 are left out.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function meteredModels(scope: Scope, asked: Question): Promise<ReadonlyMap<string, MeteredModel> | null> {
  const { window, timeZone, filters } = asked
  const { teamId, modelName, provider, gpuType, status } = filters
  if (timeZone || provider || gpuType || status || (teamId && teamId.length !== 1)) return null
  const days = { start: window.from, end: addDays(window.before, -1) }
  const { rows } = await totalTokenUsage(scope, { ...days, teamId: teamId?.[0], groupBy: 'model' })
  const named = rows.filter(({ kind, name }) => kind === 'group' && (modelName === null || modelName.includes(name)))
  return new Map(
    named.map(({ name, totalTokens, costNanoUsd, unpricedTokens }) => [
      name,
      { totalTokens, meteredCostNanoUsd: costNanoUsd, unpricedTokens },
    ]),
  )
}
