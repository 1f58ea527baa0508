import type { TeamId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { machine } from '../scope.ts'
import { kindNamed } from './kinds/index.ts'
import type { AlertScope, Finding } from './kinds/kind.ts'
import type { Params } from './rule-params.ts'

/** More conditions at once are no alert any more: the rule says so, and forgets none of those it knows. */
const MOST_FINDINGS = 1_000

/**
 * What a rule finds now, whoever asks: it sees the whole company, and the rule of a team that team alone.
 *
 * @throws what its kind throws where it cannot be known; HelioxError unavailable `alerts.too_many`
 */
export async function lookAtRule(
  scope: AlertScope,
  rule: { kind: string; params: Params; teamId: TeamId | null },
): Promise<Finding[]> {
  const { params: schema, look } = kindNamed(rule.kind)
  const params = schema.parse(rule.params)
  const actor = { ...machine('alerts'), teamIds: rule.teamId ? [rule.teamId] : null }
  const found = await look({ ...scope, actor }, { params, teamId: rule.teamId })
  if (found.length <= MOST_FINDINGS) return found
  const words = `It finds ${found.length} at once, more than the ${MOST_FINDINGS} that are followed: narrow it`
  throw new HelioxError('unavailable', 'alerts.too_many', words)
}
