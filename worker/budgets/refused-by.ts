import { sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { type BudgetId, idText, rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { periodStart } from '../gateway/meter/budget-book.ts'
import type { Budget, StoredBudget } from './budget.ts'

/**
 * Calls that budgets had no room for in their running periods. A budget that was changed begins anew, to the hour: what it
 * refused before says nothing about it as it is.
 */
export async function refusedBy(
  db: Db,
  stored: readonly StoredBudget[],
  nowMs: number,
): Promise<Map<BudgetId, NonNullable<Budget['refused']>>> {
  const asked = stored.map((one) => ({
    row: rowOf('bdgt', one.id),
    id: one.id,
    since: Date.parse(periodStart(one, nowMs)),
  }))
  const rows = await db.all<{ budget: bigint; calls: bigint; since: bigint; last: bigint }>(sql`
    with asked as (
      select value ->> '$.row' as budget, max(value ->> '$.since', coalesce((select max(at_ms) from audit_log
        where target_id = value ->> '$.id' and action = 'budgets.update'), 0)) as since
      from json_each(${JSON.stringify(asked)}))
    select a.budget as budget, sum(r.count) as calls, max(a.since, min(r.first_at_ms)) as since, max(r.last_at_ms) as last
    from asked a join refused_calls r on r.budget = a.budget
      and r.hour_ms >= a.since - a.since % 3600000 and r.last_at_ms >= a.since
    group by a.budget, a.since`)
  return new Map(
    rows.map(({ budget, calls, since, last }) => [
      idText('bdgt', budget),
      { callCount: Number(calls), sinceAtMs: Number(since) as EpochMs, lastAtMs: Number(last) as EpochMs },
    ]),
  )
}
