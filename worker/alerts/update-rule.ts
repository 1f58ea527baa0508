import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { alertRules } from '../../db/schema/alerts.ts'
import type { ChannelId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import type { AlertRuleChanges, AlertRuleRemoval } from './alert-input.ts'
import { type AlertRule, channelsOf, decidedOf, type RuleRow, readRule, selectRules } from './alert-rule.ts'
import { reconcile } from './reconcile.ts'
import { setChannels } from './rule-channels.ts'
import { checkedParams } from './rule-params.ts'
import { storeSteps } from './store-steps.ts'

/**
 * Changes what is given. Its alerts are held against the new rule at the next look; one that is switched off lets go of
 * them at once, and says so where they were told.
 *
 * @throws HelioxError not_found `alerts.no_rule`; precondition `request.version_changed`
 * @throws HelioxError invalid `alerts.no_channel`, `request.invalid`
 */
export async function updateRule(
  scope: Scope,
  { id, version, channelIds, params, ...given }: z.output<typeof AlertRuleChanges>,
): Promise<AlertRule> {
  allow(scope, 'alerts:write')
  return writeTransaction(scope.db, async (tx) => {
    const row = await readRule(tx, scope, id)
    const told = (await channelsOf(tx, id)).map((one) => one.id)
    const before = decidedOf(row, told)
    requireVersion(before, version)
    const columns = {
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(params === undefined ? {} : { params: JSON.stringify(checkedParams(row.kind, params)) }),
      // Later than before, so that a look of the old rule that is under way changes nothing.
      changedAtMs: Math.max(scope.now(), row.changedAtMs + 1) as EpochMs,
    }
    if (given.isEnabled === false && row.isEnabled) await letGo(tx, scope, row, told)
    const now = channelIds === undefined ? told : await setChannels(tx, scope, row, channelIds)
    const changed = { ...row, ...columns }
    const after = decidedOf(changed, now)
    if (isChanged(before, after)) {
      await tx.update(alertRules).set(columns).where(eq(alertRules.id, id))
      await note(tx, scope, { action: 'alerts.update', targetId: id, target: row.name, before, after })
    }
    const [rule] = await selectRules(tx, scope, eq(alertRules.id, id))
    return rule as AlertRule
  })
}

/**
 * Takes a rule away with its alerts and their history. What it had told and still fires is told as over.
 *
 * @throws HelioxError not_found `alerts.no_rule`; precondition `request.version_changed`
 */
export async function removeRule(scope: Scope, { id, version }: z.output<typeof AlertRuleRemoval>): Promise<void> {
  allow(scope, 'alerts:write')
  await writeTransaction(scope.db, async (tx) => {
    const row = await readRule(tx, scope, id)
    const told = (await channelsOf(tx, id)).map((one) => one.id)
    const before = decidedOf(row, told)
    requireVersion(before, version)
    await letGo(tx, scope, row, told)
    await tx.delete(alertRules).where(eq(alertRules.id, id))
    await note(tx, scope, { action: 'alerts.remove', targetId: id, target: row.name, before, after: null })
  })
}

/** All of its alerts are over, as if a look had found nothing. */
async function letGo(tx: Tx, scope: Scope, rule: RuleRow, told: readonly ChannelId[]): Promise<void> {
  const by = { label: scope.actor.label, note: 'The rule was switched off or removed' }
  await storeSteps(tx, rule, told, await reconcile(tx, rule, [], scope.now()), scope.now(), by)
}
