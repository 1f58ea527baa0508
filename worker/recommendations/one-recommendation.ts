import { z } from 'zod'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { RecommendationAlone } from './recommendation.ts'
import { recommendations } from './recommendations.ts'
import { withVersion } from './states.ts'

/** As a list says it. */
export const AdviceKey = z
  .string()
  .regex(/^[a-z-]{1,40}\.[0-9a-f]{20}$/, 'expected the key of a recommendation')
  .meta({ examples: ['idle-pool.8c1f0a9d3b7e42c6f501'] })

/** One piece of advice. @throws HelioxError not_found `recommendations.no_recommendation` */
export async function recommendation(scope: Scope, { key }: { key: string }): Promise<RecommendationAlone> {
  allow(scope, 'ledger:read')
  const one = (await recommendations(scope, {})).recommendations.find((row) => row.key === key)
  if (!one) throw noRecommendation(key)
  return withVersion(one)
}

export function noRecommendation(key: string): HelioxError {
  const message = `There is no recommendation ${key}: the data of the last days does not bear it out`
  return new HelioxError('not_found', 'recommendations.no_recommendation', message)
}
