import { sql } from 'drizzle-orm'
import { type Db, readBatch } from '../../../db/client.ts'
import { budgets } from '../../../db/schema/budgets.ts'
import { apiKeys } from '../../../db/schema/keys.ts'
import { teams } from '../../../db/schema/teams.ts'
import { users } from '../../../db/schema/users.ts'
import { type KeyId, rowOf } from '../../../db/units/ids.ts'
import type { NanoUsd } from '../../../db/units/money.ts'
import { budgetName, budgetWords } from '../../budgets/budget-words.ts'
import { type KeptBudget, periodEndMs, periodsNear, type Spent } from './budget-book.ts'
import type { BudgetFacts } from './meter-book.ts'

/** Calls of late that tell how large calls of a model are. */
const LATE_CALLS = 500

/** The version of the gateway's settings, all budgets with the limits that keys bring, what was spent of each by now, and how large calls were. */
export async function readBudgets(db: Db, nowMs: number): Promise<BudgetFacts> {
  const [[counted], kept, limited, sizes] = await Promise.all([
    db.all<{ version: bigint }>(sql`select version from gateway_version where id = 1`),
    namedBudgets(db),
    db
      .select({ id: apiKeys.id, name: apiKeys.name, limit: apiKeys.monthlyLimitNanoUsd })
      .from(apiKeys)
      .where(sql`${apiKeys.monthlyLimitNanoUsd} is not null and ${apiKeys.revokedAtMs} is null`),
    db.all<{ model: string; cost: bigint; tokens: bigint; output: bigint }>(sql`
      select model, max(cost) as cost, max(input + output) as tokens, max(output) as output from (
        select model_asked as model, coalesce(cost_nano_usd, 0) as cost, coalesce(input_tokens, 0)
          + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0) as input,
          coalesce(output_tokens, 0) + coalesce(reasoning_tokens, 0) as output
        from requests where status = 'completed' and cache <> 'hit' order by started_at_ms desc limit ${BigInt(LATE_CALLS)})
      group by model`),
  ])
  const all = [...kept, ...limited.map(({ id, name, limit }) => ownBudgetOf(id, name, limit ?? (0n as NanoUsd)))]
  const spent = await readSpent(db, all, nowMs)
  const seen = new Map(
    sizes.map(({ model, cost, tokens, output }) => [
      model,
      { costNanoUsd: cost, tokens: Number(tokens), outputTokens: Number(output) },
    ]),
  )
  return { version: Number(counted?.version ?? 1n), budgets: all, spent, seen }
}

/** Every budget with what people call it. */
async function namedBudgets(db: Db): Promise<KeptBudget[]> {
  const rows = await db
    .select({ budget: budgets, team: teams.name, user: users.email, key: apiKeys.name })
    .from(budgets)
    .leftJoin(teams, sql`${budgets.scope} = 'team' and ${teams.id} = cast(substr(${budgets.scopeId}, 6) as integer)`)
    .leftJoin(users, sql`${budgets.scope} = 'user' and ${users.id} = cast(substr(${budgets.scopeId}, 6) as integer)`)
    .leftJoin(apiKeys, sql`${budgets.scope} = 'key' and ${apiKeys.id} = cast(substr(${budgets.scopeId}, 5) as integer)`)
  return rows.map(({ budget, team, user, key }) => {
    const whose = team ?? user ?? key ?? budget.scopeId
    const name = `${budgetName(budget, whose)} (${budget.id})`
    return { ...budget, name, words: `${budgetWords(budget, whose)} (${budget.id})` }
  })
}

/** The limit that stands with the key itself. */
export function ownBudgetOf(keyId: KeyId, name: string, limitNanoUsd: NanoUsd): KeptBudget {
  const own = { scope: 'key', scopeId: keyId, period: 'month', mode: 'hard', limitNanoUsd, limitTokens: null } as const
  const called = { name: `${budgetName(own, name)} (${keyId})`, words: `${budgetWords(own, name)} (${keyId})` }
  return { ...own, ...called, id: keyId }
}

/** What was spent of budgets in their periods of that instant and those just over, from the sums of days. */
export async function readSpent(
  db: Db,
  all: readonly Pick<KeptBudget, 'id' | 'scope' | 'scopeId' | 'period'>[],
  nowMs: number,
): Promise<Map<string, Spent>> {
  const periods = all.flatMap((one) => periodsNear(one, nowMs).map((start) => ({ one, start })))
  if (periods.length === 0) return new Map()
  const answers = await readBatch(
    db,
    periods.map(
      ({ one, start }) => sql`select coalesce(sum(cost_nano_usd), 0) as cost, coalesce(sum(coalesce(input_tokens, 0)
        + coalesce(cached_input_tokens, 0) + coalesce(cache_write_tokens, 0) + coalesce(output_tokens, 0)
        + coalesce(reasoning_tokens, 0)), 0) as tokens
      from gateway_days where day >= ${start} and day < ${dayAfter(one, start)} and ${conditionOf(one)}`,
    ),
  )
  return new Map(
    periods.map(({ one, start }, at) => {
      const { cost, tokens } = (answers[at]?.rows[0] ?? {}) as unknown as { cost: bigint; tokens: bigint }
      return [`${one.id} ${start}`, { costNanoUsd: cost, tokens: Number(tokens) }]
    }),
  )
}

/** First day after the period that begins on that day. */
function dayAfter({ period }: Pick<KeptBudget, 'period'>, start: string): string {
  return new Date(periodEndMs({ period }, Date.parse(start))).toISOString().slice(0, 10)
}

/** Which rows of the sums of days are a budget's. */
export function conditionOf({ scope, scopeId }: Pick<KeptBudget, 'scope' | 'scopeId'>) {
  if (scope === 'company') return sql`true`
  if (scope === 'model') return sql`model_asked = ${scopeId}`
  const column = sql.raw(`"${scope}"`)
  return sql`${column} = ${BigInt(rowOf(scope, scopeId) ?? 0)}`
}
