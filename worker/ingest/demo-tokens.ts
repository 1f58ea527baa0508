import { type SQL, sql } from 'drizzle-orm'
import { budgets } from '../../db/schema/budgets.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { teams } from '../../db/schema/teams.ts'
import { type KeyId, rowOf, type TeamId } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { dayOf, startOf } from '../../db/units/time.ts'
import { demoDays } from '../../seeds/demo.ts'
import { DEMO_KEYS, DEMO_MODELS, type DemoCall, demoCalls, demoDeployment } from '../../seeds/demo-tokens.ts'
import { createDeployment } from '../deployments/create-deployment.ts'
import { DEPLOYMENT_SOURCE, SERVING_TEAM } from '../deployments/serving-team.ts'
import type { CallRecord } from '../gateway/meter/messages.ts'
import { writeCalls } from '../gateway/meter/write-calls.ts'
import { costOf } from '../gateway/pricing/cost.ts'
import { type ModelPrice, priceOf } from '../gateway/pricing/price.ts'
import { NO_COUNTS } from '../gateway/tokens/counts.ts'
import type { Scope } from '../scope.ts'

const CALLS_A_WRITE = 400
const DEMO = 'demo'
/** With digits that no key has, see key-text.ts: nobody holds such a key, and once rotated it is a real one. */
const PREFIX = 'hlx_demo00'
const NANO_USD = 1_000_000_000n

/** `id`s of made-up calls: what sorts between these two. */
const OF_CALLS = sql`id >= 'req_demo_' and id < 'req_demo\`'`
const OF_KEYS = sql`select id from api_keys where prefix = ${PREFIX}`
/** Made-up deployments that nobody has changed: entered at the very instant of their start. */
const OF_DEPLOYMENTS = sql`select 'dep_' || id from deployments
  where model = ${DEMO_MODELS[0].model} and created_at_ms = starts_at_ms`

/** Jobs that made-up deployments are. A condition on `jobs j`. */
export const SERVING_DEMO = sql`(j.source = ${DEPLOYMENT_SOURCE} and j.job_id in (${OF_DEPLOYMENTS}))`

/**
 * Prices, keys that nobody holds, their budgets, a deployment and calls of the made-up company, whose teams are there already.
 * Once: where its calls are, nothing happens.
 */
export async function loadDemoTokens(scope: Scope): Promise<void> {
  const { db, now } = scope
  const [known] = await db.all<{ n: bigint }>(sql`select count(*) as n from requests where ${OF_CALLS}`)
  const atMs = now()
  const today = dayOf(atMs)
  const [firstDay] = demoDays(today)
  if (known?.n !== 0n || firstDay === undefined) return
  await db.insert(modelPrices).values(
    DEMO_MODELS.map(({ model, input, cachedInput, output }) => ({
      ...{ model, input, cachedInput, output, effectiveFrom: firstDay, source: DEMO, createdAtMs: atMs },
    })),
  )
  const prices = await db.select().from(modelPrices).where(sql`${modelPrices.source} = ${DEMO}`)
  const keys: Holder[] = []
  for (const [place, { name, team, monthUsd, dayTokens }] of DEMO_KEYS.entries()) {
    const [found] = await db.select({ id: teams.id }).from(teams).where(sql`${teams.name} = ${team} collate nocase`)
    const fields = { name, prefix: PREFIX, keyHash: `nobody holds demo key ${place}`, scopes: '["inference"]' }
    const teamId = found?.id ?? null
    const [made] = await db
      .insert(apiKeys)
      .values({ ...fields, teamId, createdAtMs: startOf(firstDay) })
      .returning({ id: apiKeys.id })
    if (!made) throw new Error('no demo key was stored')
    keys.push({ keyId: made.id, teamId })
    const budget = { scope: 'key', scopeId: made.id, createdAtMs: atMs } as const
    if (monthUsd !== null)
      await db
        .insert(budgets)
        .values({ ...budget, period: 'month', mode: 'hard', limitNanoUsd: nanoUsd(BigInt(monthUsd) * NANO_USD) })
    if (dayTokens !== null)
      await db.insert(budgets).values({ ...budget, period: 'day', mode: 'soft', limitTokens: dayTokens })
  }
  const { first, before, ...served } = demoDeployment(today)
  const period = { startsAt: startOf(first), endsAt: before && startOf(before) }
  const { id } = await createDeployment(scope, { ...served, ...period })
  await db.run(sql`update deployments set created_at_ms = starts_at_ms where id = ${BigInt(rowOf('dep', id) ?? 0)}`)
  await db.run(sql`update teams set is_demo = 1 where name = ${SERVING_TEAM} and id not in
    (select team_id from jobs j where not ${SERVING_DEMO})`)
  const book = DEMO_MODELS.map(({ model }) => prices.find((one) => one.model === model)).map(
    (one) => one && priceOf(one),
  )
  const calls = [...demoCalls(atMs)].map((call) => JSON.stringify(recordOf(call, keys[call.key], book[call.model])))
  for (let at = 0; at < calls.length; at += CALLS_A_WRITE)
    await writeCalls(db, calls.slice(at, at + CALLS_A_WRITE), [], atMs)
}

type Holder = { keyId: KeyId; teamId: TeamId | null }

function recordOf(call: DemoCall, by: Holder | undefined, price: ModelPrice | undefined): CallRecord {
  const served = DEMO_MODELS[call.model] ?? DEMO_MODELS[0]
  const { inputTokens, cachedInputTokens, outputTokens, startedAtMs, latencyMs, isStream, status } = call
  const isWell = status === 'completed'
  const counts = isWell ? { ...NO_COUNTS, inputTokens, cachedInputTokens, outputTokens } : NO_COUNTS
  const cost = isWell && price ? costOf(counts, price, null) : 0n
  return {
    ...{ id: call.id, startedAtMs, endedAtMs: startedAtMs + latencyMs, endpoint: 'chat.completions', isStream },
    ...{ keyId: by?.keyId ?? null, teamId: by?.teamId ?? null, userId: null, endUser: '' },
    ...{ modelAsked: served.model, model: served.model, backendId: null, backend: served.backend },
    ...{ provider: served.provider, status, httpStatus: isWell ? 200 : 502, errorCode: isWell ? '' : 'upstream_error' },
    errorMessage: isWell ? '' : 'The backend broke off (made up)',
    ...counts,
    ...{ costNanoUsd: String(cost ?? 0n), costGrade: 'computed', computedCostNanoUsd: null },
    ...{ priceId: isWell ? (price?.id ?? null) : null, serviceTier: '', latencyMs },
    timeToFirstTokenMs: isStream && isWell ? Math.round(latencyMs / 12) : null,
    ...{ retryCount: 0, cache: 'off', savedNanoUsd: '0', parametersJson: '{}', bodyJson: null },
  }
}

const GROUP = ['day', 'team', 'key', 'user', 'model_asked', 'model', 'backend', 'provider', 'status', 'cost_grade']
const TOKENS = ['input_tokens', 'cached_input_tokens', 'cache_write_tokens', 'output_tokens', 'reasoning_tokens']

/**
 * The statements that take all of it away, before its teams go. Sums of days outlive calls: what made-up ones added is taken
 * out of them. A key that was rotated is somebody's, as is a deployment that was changed: they stay.
 */
export function demoTokensGone(): SQL[] {
  const names = (list: string[], word: (name: string) => string) => sql.raw(list.map(word).join(', '))
  const same = sql.raw(GROUP.map((name) => `d."${name}" = x."${name}"`).join(' and '))
  const stored = (name: string) =>
    ['team', 'key', 'user'].includes(name) ? `coalesce("${name}_id", 0) as "${name}"` : `"${name}"`
  return [
    sql`update gateway_days as d set request_count = d.request_count - x.calls, cost_nano_usd = d.cost_nano_usd - x.cost,
        saved_nano_usd = d.saved_nano_usd - x.saved, cache_hit_count = d.cache_hit_count - x.hits,
        ${names(TOKENS, (name) => `${name} = coalesce(d.${name} - x.${name}, d.${name})`)}
      from (select ${names(GROUP, stored)}, count(*) as calls, coalesce(sum(cost_nano_usd), 0) as cost,
          sum(saved_nano_usd) as saved, sum(cache = 'hit') as hits, ${names(TOKENS, (name) => `sum(${name}) as ${name}`)}
        from requests where ${OF_CALLS} group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) as x where ${same}`,
    sql`delete from requests where ${OF_CALLS}`,
    sql`delete from gateway_days where request_count = 0`,
    sql`delete from budgets where scope = 'key' and scope_id in (select 'key_' || id from (${OF_KEYS}))`,
    sql`delete from api_keys where id in (${OF_KEYS})`,
    sql`delete from model_prices where source = ${DEMO}`,
    sql`delete from token_usage where source = ${DEMO}`,
    sql`delete from jobs as j where ${SERVING_DEMO}`,
    sql`delete from deployments where 'dep_' || id in (${OF_DEPLOYMENTS})`,
  ]
}
