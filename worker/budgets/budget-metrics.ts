import { sql } from 'drizzle-orm'
import type { BudgetPeriod, BudgetScope } from '../../db/units/budget-scopes.ts'
import { type BudgetId, idText } from '../../db/units/ids.ts'
import { periodEndMs, periodKey, periodStart } from '../gateway/meter/budget-book.ts'
import { readSpent } from '../gateway/meter/read-budgets.ts'
import type { MetricGroup } from '../monitoring/metrics.ts'

type Row = {
  id: bigint
  scope: BudgetScope
  scopeId: string
  period: BudgetPeriod
  usd: bigint | null
  tokens: bigint | null
}

/** How far each budget is, by its id and without amounts. What calls under way hold of it counts as used. */
export const budgetMetrics: MetricGroup = async ({ db, meter, now }) => {
  const rows = await db.all<Row>(sql`
    select id, scope, scope_id as scopeId, period, limit_nano_usd as usd, limit_tokens as tokens from budgets order by id`)
  const standing = rows.length > 0 ? await meter?.standing() : undefined
  const known = new Map(standing?.budgets.map((one) => [`${one.budget} ${one.periodStart}`, one]))
  const named = rows.map((row) => ({ ...row, id: idText('bdgt', row.id) as BudgetId }))
  // A meter that has just begun knows none yet.
  const others = named.filter((one) => !known.has(periodKey(one, now())))
  const summed = await readSpent(db, others, now())
  const samples = named.map(({ id, scope, period, usd, tokens }) => {
    const nowMs = now()
    const start = periodStart({ period }, nowMs)
    const labels = { budget: id, scope, period }
    const seen = known.get(`${id} ${start}`)
    const sums = summed.get(`${id} ${start}`)
    const spent = Number(seen?.spentNanoUsd ?? sums?.costNanoUsd ?? 0) + Number(seen?.heldNanoUsd ?? 0)
    const used = usd === null ? (seen?.spentTokens ?? sums?.tokens ?? 0) + (seen?.heldTokens ?? 0) : spent
    const limit = Number(usd ?? tokens)
    const startMs = Date.parse(start)
    const elapsed = (nowMs - startMs) / (periodEndMs({ period }, nowMs) - startMs)
    return { labels, used: limit === 0 ? 1 : used / limit, elapsed }
  })
  return [
    {
      name: 'heliox_budget_used_ratio',
      type: 'gauge',
      help: 'Part of a budget that is used or held by calls under way; 1: all of it.',
      samples: samples.map(({ labels, used }) => ({ labels, value: used })),
    },
    {
      name: 'heliox_budget_elapsed_ratio',
      type: 'gauge',
      help: 'Part of the budget’s running period that is over.',
      samples: samples.map(({ labels, elapsed }) => ({ labels, value: elapsed })),
    },
  ]
}
