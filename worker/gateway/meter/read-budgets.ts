import { sql } from 'drizzle-orm'
import { type Db, readBatch } from '../../../db/client.ts'
import { budgets } from '../../../db/schema/budgets.ts'
import { apiKeys } from '../../../db/schema/keys.ts'
import { rowOf } from '../../../db/units/ids.ts'
import { type KeptBudget, ownBudgetOf, periodKey, periodStart, type Spent } from './budget-book.ts'

/** The version of the gateway's settings, all budgets with the limits that keys bring, and what was spent of each by now. */
export async function readBudgets(
  db: Db,
  nowMs: number,
): Promise<{ version: number; budgets: KeptBudget[]; spent: Map<string, Spent> }> {
  const [[counted], kept, limited] = await Promise.all([
    db.all<{ version: bigint }>(sql`select version from gateway_version where id = 1`),
    db.select().from(budgets),
    db
      .select({ id: apiKeys.id, limit: apiKeys.monthlyLimitNanoUsd })
      .from(apiKeys)
      .where(sql`${apiKeys.monthlyLimitNanoUsd} is not null and ${apiKeys.revokedAtMs} is null`),
  ])
  const all = [...kept, ...limited.map(({ id, limit }) => ownBudgetOf(id, limit ?? 0n))]
  const spent = await readSpent(db, all, nowMs)
  return { version: Number(counted?.version ?? 1n), budgets: all, spent }
}

/** What was spent of budgets in their periods of that instant, from the sums of days. */
export async function readSpent(db: Db, all: readonly KeptBudget[], nowMs: number): Promise<Map<string, Spent>> {
  if (all.length === 0) return new Map()
  const answers = await readBatch(
    db,
    all.map(
      (one) => sql`select coalesce(sum(cost_nano_usd), 0) as cost, coalesce(sum(coalesce(input_tokens, 0)
        + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0) + coalesce(output_tokens, 0)
        + coalesce(reasoning_tokens, 0)), 0) as tokens
      from gateway_days where day >= ${periodStart(one, nowMs)} and ${conditionOf(one)}`,
    ),
  )
  return new Map(
    all.map((one, at) => {
      const { cost, tokens } = (answers[at]?.rows[0] ?? {}) as unknown as { cost: bigint; tokens: bigint }
      return [periodKey(one, nowMs), { costNanoUsd: cost, tokens: Number(tokens) }]
    }),
  )
}

function conditionOf({ scope, scopeId }: KeptBudget) {
  if (scope === 'company') return sql`true`
  if (scope === 'model') return sql`model_asked = ${scopeId}`
  const column = sql.raw(`"${scope}"`)
  return sql`${column} = ${BigInt(rowOf(scope, scopeId) ?? 0)}`
}
