import { sql } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { alertRules } from '../../db/schema/alerts.ts'
import type { Severity } from '../../db/units/insight.ts'
import { note } from '../audit/note.ts'
import type { Scope } from '../scope.ts'
import { decidedOf } from './alert-rule.ts'
import { checkedParams } from './rule-params.ts'

/** That they were made, among what the company has decided. */
const MARK = 'alerts.default_rules'

type Default = { kind: string; name: string; severity: Severity; forMinutes: number }

/** They tell nobody: people see them on the page and give them channels. */
const DEFAULTS: readonly Default[] = [
  { kind: 'ingest_stale', name: 'Data is late', severity: 'warning', forMinutes: 0 },
  { kind: 'reconciliation', name: 'The ledger does not add up', severity: 'critical', forMinutes: 0 },
  { kind: 'budget', name: 'Budgets', severity: 'warning', forMinutes: 0 },
  { kind: 'burn_rate', name: 'A budget burns too fast', severity: 'warning', forMinutes: 0 },
  { kind: 'idle', name: 'GPUs do nothing', severity: 'warning', forMinutes: 0 },
  { kind: 'backend_down', name: 'A backend is down', severity: 'critical', forMinutes: 2 },
  { kind: 'unpriced_tokens', name: 'Tokens without a price', severity: 'info', forMinutes: 0 },
]

/**
 * Makes the rules that every installation begins with, once: those that somebody removes do not come back. A mark is
 * written with them, so that of two clocks one makes them.
 */
export async function makeDefaultRules(scope: Scope): Promise<void> {
  const [made] = await scope.db.all(sql`select 1 from company_settings where name = ${MARK}`)
  if (made) return
  await writeTransaction(scope.db, async (tx) => {
    const at = scope.now()
    const [mark] = await tx.all(sql`insert into company_settings (name, value, changed_at_ms)
      values (${MARK}, ${JSON.stringify({ count: DEFAULTS.length })}, ${BigInt(at)}) on conflict do nothing returning name`)
    if (!mark) return
    for (const one of DEFAULTS) {
      const params = JSON.stringify(checkedParams(one.kind, {}))
      const row = { ...one, params, teamId: null, repeatMinutes: 0, isEnabled: true, createdAtMs: at, changedAtMs: at }
      const [rule] = await tx.insert(alertRules).values(row).returning()
      if (!rule) throw new Error('no rule was stored')
      const after = decidedOf(rule, [])
      await note(tx, scope, { action: 'alerts.create', targetId: rule.id, target: rule.name, before: null, after })
    }
  })
}
