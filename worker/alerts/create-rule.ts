import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { alertRules } from '../../db/schema/alerts.ts'
import { note } from '../audit/note.ts'
import { allow, requireTeam, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readTeam } from '../teams/team.ts'
import type { NewAlertRule } from './alert-input.ts'
import { type AlertRule, decidedOf, selectRules } from './alert-rule.ts'
import { kindNamed } from './kinds/index.ts'
import { setChannels } from './rule-channels.ts'
import { checkedParams, requireKindOf } from './rule-params.ts'

/**
 * Makes a rule. The clock looks at it in its next round.
 *
 * @throws HelioxError invalid `alerts.unknown_kind`, `alerts.kind_of`, `alerts.no_channel`, `request.invalid`
 * @throws HelioxError forbidden `auth.other_team`, `auth.whole_company`; not_found `teams.no_team`
 */
export async function createRule(scope: Scope, input: z.output<typeof NewAlertRule>): Promise<AlertRule> {
  allow(scope, 'alerts:write')
  const { kind, teamId = null, channelIds, name, severity, forMinutes, repeatMinutes, isEnabled } = input
  if (teamId) requireTeam(scope, teamId)
  else requireWholeCompany(scope, 'A rule for the whole company')
  requireKindOf(kindNamed(kind), teamId)
  const params = JSON.stringify(checkedParams(kind, input.params))
  return writeTransaction(scope.db, async (tx) => {
    if (teamId) await readTeam(tx, scope, teamId)
    const at = { createdAtMs: scope.now(), changedAtMs: scope.now() }
    const [made] = await tx
      .insert(alertRules)
      .values({ name, kind, teamId, params, severity, forMinutes, repeatMinutes, isEnabled, ...at })
      .returning()
    if (!made) throw new Error('no rule was stored')
    const told = await setChannels(tx, scope, made, channelIds)
    const after = decidedOf(made, told)
    await note(tx, scope, { action: 'alerts.create', targetId: made.id, target: name, before: null, after })
    const [rule] = await selectRules(tx, scope, eq(alertRules.id, made.id))
    return rule as AlertRule
  })
}
