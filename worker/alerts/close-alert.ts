import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { alertRules, alerts } from '../../db/schema/alerts.ts'
import { note as noteInAudit } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type AlertAlone, alertAlone, readAlert } from './alert.ts'
import type { AlertNoted } from './alert-input.ts'
import { channelsOf } from './alert-rule.ts'
import { keptOf, openAlerts, openOf, type Reconciled } from './reconcile.ts'
import { noteEvents, storeSteps } from './store-steps.ts'

/**
 * Somebody has seen it: it is not told again while it fires; that it is over is told. A second word adds to the history.
 *
 * @throws HelioxError not_found `alerts.no_alert`; conflict `alerts.is_over`
 */
export async function acknowledgeAlert(scope: Scope, { id, note }: z.output<typeof AlertNoted>): Promise<AlertAlone> {
  allow(scope, 'alerts:write')
  return writeTransaction(scope.db, async (tx) => {
    const row = await readAlert(tx, scope, id)
    requireOpen(row)
    const { label } = scope.actor
    const isFirst = row.acknowledgedAtMs === null
    if (isFirst)
      await tx.update(alerts).set({ acknowledgedAtMs: scope.now(), acknowledgedBy: label }).where(eq(alerts.id, id))
    const event = isFirst ? ('acknowledged' as const) : ('commented' as const)
    if (isFirst || note !== '') await noteEvents(tx, [{ id, event }], { label, note, atMs: scope.now() })
    const [before, after] = [{ acknowledgedBy: row.acknowledgedBy }, { acknowledgedBy: label, note }]
    const target = keptOf(row).title
    await noteInAudit(tx, scope, { action: 'alerts.acknowledge', targetId: id, target, before, after })
    return alertAlone(tx, scope, id)
  })
}

/**
 * Somebody closes it by hand, which is told where it was told before. It comes back only after its condition has ended.
 *
 * @throws HelioxError not_found `alerts.no_alert`; conflict `alerts.is_over`
 */
export async function resolveAlert(scope: Scope, { id, note }: z.output<typeof AlertNoted>): Promise<AlertAlone> {
  allow(scope, 'alerts:write')
  return writeTransaction(scope.db, async (tx) => {
    const target = await readAlert(tx, scope, id)
    requireOpen(target)
    const [rule] = await tx.select().from(alertRules).where(eq(alertRules.id, target.ruleId))
    if (!rule) throw new Error('an alert without a rule')
    const channelIds = (await channelsOf(tx, rule.id)).map((one) => one.id)
    const all = (await openAlerts(tx, rule)).map((row): Reconciled => {
      const before = openOf(row)
      const kept = keptOf(row)
      if (row.id !== id) return { row, finding: null, kept, step: { after: before, events: [], say: null } }
      const firedAtMs = before.firedAtMs ?? scope.now() // a pending one is kept as well, so that it does not come back
      const after = { ...before, status: 'firing', firedAtMs, resolvedAtMs: scope.now() } as const
      const say = before.toldAtMs === null ? null : 'resolved'
      return { row, finding: null, kept, step: { after, events: ['resolved'], say } }
    })
    await storeSteps(tx, rule, channelIds, all, scope.now(), { label: scope.actor.label, note })
    const { title } = keptOf(target)
    await noteInAudit(tx, scope, {
      action: 'alerts.resolve',
      targetId: id,
      target: title,
      before: null,
      after: { note },
    })
    return alertAlone(tx, scope, id)
  })
}

function requireOpen({ id, resolvedAtMs }: { id: string; resolvedAtMs: number | null }): void {
  if (resolvedAtMs !== null) throw new HelioxError('conflict', 'alerts.is_over', `${id} is over already`)
}
