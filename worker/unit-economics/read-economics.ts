import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import type { modelPrices } from '../../db/schema/prices.ts'
import { idText, type TeamId } from '../../db/units/ids.ts'
import { addDays, type Day, type Window } from '../../db/units/time.ts'
import { DEPLOYMENT_SOURCE } from '../deployments/serving-team.ts'
import { type ModelPrice, priceOf } from '../gateway/pricing/price.ts'
import type { Scope } from '../scope.ts'
import { meteredCalls, SERVER_SOURCE } from '../tokens/metered-calls.ts'
import { BUCKETS } from '../tokens/token-usage.ts'

export type Bucket = (typeof BUCKETS)[number]

/** What the deployments of a model held and cost on a day. */
export type ServedDay = {
  gpuMs: bigint
  /** Null: nothing was billed there. */
  allocation: bigint | null
  /** Null also where the capacity of a pool is unknown. */
  usage: bigint | null
  /** It may still change: a deployment runs on that day, or what it cost waits to be shared, or has no bill yet. */
  isProvisional: boolean
}

/** Tokens of a model that a team asked for on a day. */
export type TeamDay = {
  day: Day
  teamId: TeamId | null
  tokens: Record<Bucket, bigint>
  requests: bigint
  failed: bigint
  /** What the meter says they cost, and what of it a provider reported. */
  metered: bigint
  reported: bigint
  unpricedTokens: bigint
  saved: bigint
}

export type ModelRead = {
  served: Map<Day, ServedDay>
  calls: TeamDay[]
  /** What inference servers counted themselves. */
  serverTokens: bigint | null
  prices: readonly ModelPrice[]
}

type Raw = Record<string, bigint | string | null>

/**
 * What is known of each model in a window: cost and GPU time of its deployments from the shares of their jobs, tokens from
 * the gateway's days and imported files, prices. Of the whole company: who asks narrows it. All of one instant.
 */
export async function readEconomics(
  { db, actor }: Scope,
  window: Window,
  model: string | undefined,
): Promise<{ models: Map<string, ModelRead>; teams: Map<TeamId, string> }> {
  const days = { start: window.from, end: addDays(window.before, -1) }
  const company = { actor: { ...actor, teamIds: null } }
  const calls = meteredCalls(company, { ...days, ...(model === undefined ? {} : { model }) })
  const named = (column: string) => (model === undefined ? sql`1` : sql`${sql.raw(column)} = ${model}`)
  const answers = await readBatch(db, [
    sql`select s.day, j.model_name as model, sum(s.gpu_ms) as gpuMs, sum(s.allocation_nano_usd) as allocation,
        sum(s.usage_nano_usd) as usage, sum(s.allocation_nano_usd is null) as uncosted,
        sum(s.usage_nano_usd is null) as unknown, max(p.is_stale) as stale,
        max(j.status = 'running' and s.day >= (select max(l.day) from job_day_shares l where l.job_id = j.id)) as running
      from deployments d cross join jobs j on j.job_id = 'dep_' || d.id and j.source = ${DEPLOYMENT_SOURCE} and j.run = ''
        cross join job_day_shares s on s.job_id = j.id
        join pool_days p on p.day = s.day and p.pool_id = s.pool_id
      where ${named('d.model')} and s.day >= ${window.from} and s.day < ${window.before} group by 1, 2`,
    sql`select m.day, m.model, m.team_id as team, sum(m.requests) as requests,
        sum(iif(m.status = 'failed', m.requests, 0)) as failed, coalesce(sum(m.cost), 0) as metered,
        coalesce(sum(iif(m.grade = 'reported', m.cost, 0)), 0) as reported, sum(m.saved) as saved,
        sum(iif(m.grade = 'unpriced', ${sql.raw(BUCKETS.map((name) => `coalesce(m.${name}, 0)`).join(' + '))}, 0)) as unpriced,
        ${sql.raw(BUCKETS.map((name) => `coalesce(sum(m.${name}), 0) as ${name}`).join(', '))}
      from (${calls}) m where m.model <> '' and m.provider <> 'echo' group by 1, 2, 3`,
    sql`select model, sum(coalesce(input_tokens, 0) + coalesce(cached_input_tokens, 0) + coalesce(output_tokens, 0)) as tokens
      from token_usage where day >= ${window.from} and day < ${window.before} and source = ${SERVER_SOURCE}
        and ${named('model')} group by 1`,
    sql`select id, model, effective_from as effectiveFrom, input_usd_per_million as input, output_usd_per_million as output,
        cached_input_usd_per_million as cachedInput, cache_write_usd_per_million as cacheWrite,
        cache_write_1h_usd_per_million as cacheWriteLong, reasoning_usd_per_million as reasoning
      from model_prices where effective_from < ${window.before} and ${named('model')}`,
    sql`select id, name from teams`,
  ])
  const [served = [], metered = [], counted = [], prices = [], teams = []] = answers.map(
    ({ rows }) => rows as unknown as Raw[],
  )
  const models = new Map<string, ModelRead>()
  const of = (name: unknown): ModelRead => {
    const known = models.get(String(name)) ?? { served: new Map(), calls: [], serverTokens: null, prices: [] }
    models.set(String(name), known)
    return known
  }
  for (const row of served) of(row.model).served.set(row.day as Day, servedDay(row))
  for (const row of metered) of(row.model).calls.push(teamDay(row))
  for (const row of counted) of(row.model).serverTokens = row.tokens as bigint
  for (const [name, one] of models)
    one.prices = prices.filter((row) => row.model === name).map((row) => priceOfRow(row))
  return {
    models,
    teams: new Map(teams.map(({ id, name }) => [idText('team', id as bigint), String(name)])),
  }
}

function servedDay({ gpuMs, allocation, usage, uncosted, unknown, stale, running }: Raw): ServedDay {
  const isCosted = uncosted === 0n
  return {
    gpuMs: gpuMs as bigint,
    allocation: isCosted ? (allocation as bigint) : null,
    usage: isCosted && unknown === 0n ? (usage as bigint) : null,
    isProvisional: !isCosted || stale !== 0n || running !== 0n,
  }
}

function teamDay({ day, team, requests, failed, metered, reported, unpriced, saved, ...row }: Raw): TeamDay {
  const tokens = Object.fromEntries(BUCKETS.map((name) => [name, row[name] as bigint])) as TeamDay['tokens']
  const teamId = team === null ? null : idText('team', team as bigint)
  return {
    ...{ day: day as Day, teamId, tokens, requests: requests as bigint, failed: failed as bigint },
    ...{ metered: metered as bigint, reported: reported as bigint, saved: saved as bigint },
    unpricedTokens: unpriced as bigint,
  }
}

/** Without its variants: sums of days do not say which call had how much input, or which tier. */
function priceOfRow(row: Raw): ModelPrice {
  const fields = { variantsJson: '[]', source: '', createdAtMs: 0, ...row, id: idText('price', row.id as bigint) }
  return priceOf(fields as unknown as typeof modelPrices.$inferSelect)
}
