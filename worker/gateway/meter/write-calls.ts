import { sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../../db/client.ts'
import { rowOf } from '../../../db/units/ids.ts'
import { addCalls } from '../../metrics/call-cells.ts'
import type { Crossing } from './budget-book.ts'

/**
 * Writes calls (JSON of a CallRecord each) into `requests`, in one transaction; triggers add them to the sums of their day, and /metrics counts them. A
 * call that is there already stays as it is, unless it was only given up as unsettled: then its true end takes its place.
 * Keys are noted as used, and parts of budgets that were passed are told: each once a period.
 */
export async function writeCalls(
  db: Db,
  calls: readonly string[],
  crossed: readonly Crossing[] = [],
  nowMs = Date.now(),
): Promise<void> {
  const all = `[${calls.join(',')}]`
  const said = (name: string) => sql.raw(`value ->> '$.${name}'`)
  const row = (name: string, prefix: string) =>
    sql.raw(`cast(substr(value ->> '$.${name}', ${prefix.length + 2}) as integer)`)
  const ref = (name: string, prefix: string) => sql`iif(${said(name)} is null, null, ${row(name, prefix)})`
  const money = (name: string) => sql`cast(${said(name)} as integer)`
  const counted = addCalls(calls, UNSETTLED)
  await writeBatch(db, [
    ...(counted ? [counted] : []), // before the calls are there
    sql`insert into requests (
      id, started_at_ms, ended_at_ms, day, endpoint, key_id, team_id, user_id, end_user, model_asked, model, backend_id,
      backend, provider, is_stream, status, http_status, error_code, error_message, input_tokens, cached_input_tokens,
      cache_write_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, cost_nano_usd, cost_grade,
      computed_cost_nano_usd, price_id, service_tier, latency_ms, time_to_first_token_ms, retry_count, cache,
      saved_nano_usd, parameters_json, body_json)
    select ${said('id')}, ${said('startedAtMs')}, ${said('endedAtMs')},
      strftime('%Y-%m-%d', (${said('startedAtMs')}) / 1000, 'unixepoch'), ${said('endpoint')},
      ${ref('keyId', 'key')}, ${ref('teamId', 'team')}, ${ref('userId', 'user')}, ${said('endUser')},
      ${said('modelAsked')}, ${said('model')}, ${ref('backendId', 'bknd')}, ${said('backend')}, ${said('provider')},
      ${said('isStream')}, ${said('status')}, ${said('httpStatus')}, ${said('errorCode')}, ${said('errorMessage')},
      ${said('inputTokens')}, ${said('cachedInputTokens')}, ${said('cacheWriteTokens')},
      ${said('cacheWriteLongTokens')}, ${said('outputTokens')}, ${said('reasoningTokens')}, ${money('costNanoUsd')},
      ${said('costGrade')}, ${money('computedCostNanoUsd')}, ${ref('priceId', 'price')}, ${said('serviceTier')},
      ${said('latencyMs')}, ${said('timeToFirstTokenMs')}, ${said('retryCount')}, ${said('cache')},
      ${money('savedNanoUsd')}, ${said('parametersJson')}, ${said('bodyJson')}
    from json_each(${all}) where true
    on conflict (id) do update set
      ended_at_ms = excluded.ended_at_ms, model = excluded.model, backend_id = excluded.backend_id,
      backend = excluded.backend, provider = excluded.provider, status = excluded.status,
      http_status = excluded.http_status, error_code = excluded.error_code, error_message = excluded.error_message,
      input_tokens = excluded.input_tokens, cached_input_tokens = excluded.cached_input_tokens,
      cache_write_tokens = excluded.cache_write_tokens, cache_write_1h_tokens = excluded.cache_write_1h_tokens,
      output_tokens = excluded.output_tokens, reasoning_tokens = excluded.reasoning_tokens,
      cost_nano_usd = excluded.cost_nano_usd, cost_grade = excluded.cost_grade,
      computed_cost_nano_usd = excluded.computed_cost_nano_usd, price_id = excluded.price_id,
      service_tier = excluded.service_tier, latency_ms = excluded.latency_ms,
      time_to_first_token_ms = excluded.time_to_first_token_ms, retry_count = excluded.retry_count,
      cache = excluded.cache, saved_nano_usd = excluded.saved_nano_usd, body_json = excluded.body_json
    where requests.error_code = ${UNSETTLED} and excluded.error_code <> ${UNSETTLED}`,
    sql`update api_keys set used_at_ms = used.at_ms
    from (select ${row('keyId', 'key')} as key_id, max(${said('startedAtMs')}) as at_ms
      from json_each(${all}) where ${said('keyId')} is not null group by 1) as used
    where api_keys.id = used.key_id and coalesce(used_at_ms, 0) < used.at_ms`,
    // A budget may have been taken away meanwhile.
    ...crossed.map(
      ({ budgetId, periodStart, percent }) => sql`insert into budget_alerts (budget_id, period_start, percent, at_ms)
      select id, ${periodStart}, ${BigInt(percent)}, ${BigInt(nowMs)} from budgets
      where id = ${BigInt(rowOf('bdgt', budgetId) ?? 0)} on conflict do nothing`,
    ),
  ])
}

/** The error of a call that nobody ended: its process died, or its client's connection did with it. */
export const UNSETTLED = 'unsettled'

/** Whether the database will never take these words: a rule of its tables is broken, or they are too large. */
export function isRefusedForGood(error: unknown): boolean {
  const text = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : String(error)
  return /SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE)|constraint failed|cannot store|malformed JSON/i.test(text)
}
