import { type SQL, sql } from 'drizzle-orm'
import { ENDPOINTS } from '../gateway/endpoints/index.ts'
import type { CallRecord } from '../gateway/meter/messages.ts'
import { batchLabel } from './batch-size.ts'
import { type Cell, counterCell, observedCell } from './counted.ts'
import { ADDED } from './write-cells.ts'

const PATHS: ReadonlyMap<string, string> = new Map(ENDPOINTS.map(({ name, path }) => [name, `/v1${path}`]))
/** Of a call that nobody answered: its client was gone, as nginx says it. */
const NOBODY_ANSWERED = 499
const KINDS = {
  input: 'inputTokens',
  cached_input: 'cachedInputTokens',
  cache_write: 'cacheWriteTokens',
  output: 'outputTokens',
  reasoning: 'reasoningTokens',
} as const satisfies Record<string, keyof CallRecord>

/**
 * Adds metered calls (JSON of a CallRecord each) to the cells; null without any. To be run in the transaction that writes them
 * into `requests`, before that: a call that is there already adds nothing, however often it comes. `unsettled`: the error of a
 * call that was only given up; it counts as a request, and the rest when its true end is known.
 */
export function addCalls(calls: readonly string[], unsettled: string): SQL | null {
  const ended = new Map<string, CallRecord>()
  for (const call of calls) {
    const one = JSON.parse(call) as CallRecord
    if (!ended.has(one.id) || one.errorCode !== unsettled) ended.set(one.id, one)
  }
  if (ended.size === 0) return null
  const places = new Map<string, number>()
  const cells: string[][] = []
  const placed = ({ name, labels, bucket, count, sum }: Cell, isOfEnd: 0 | 1) => {
    const key = `${name} ${bucket} ${labels}`
    const place = places.get(key) ?? cells.push([name, labels, bucket]) - 1
    places.set(key, place)
    return [place, count, `${sum}`, isOfEnd]
  }
  const rows = [...ended.values()].map((call) => ({
    id: call.id,
    adds: [
      placed(requestCell(call), 0),
      ...(call.errorCode === unsettled ? [] : endCells(call).map((cell) => placed(cell, 1))),
    ],
  }))
  return sql`insert into metric_cells (name, labels, bucket, count, sum)
    select c.value ->> 0, c.value ->> 1, c.value ->> 2, added.count, added.sum from (
      select a.value ->> 0 as place, sum(a.value ->> 1) as count, sum(cast(a.value ->> 2 as integer)) as sum
      from json_each(${JSON.stringify(rows)}) as one
      left join requests r on r.id = one.value ->> 'id'
      join json_each(one.value, '$.adds') as a
      where r.id is null or (r.error_code = ${unsettled} and a.value ->> 3 = 1)
      group by 1) as added
    join json_each(${JSON.stringify(cells)}) as c on c.key = added.place
    where true ${ADDED}`
}

function requestCell(call: CallRecord): Cell {
  return counterCell('api_requests_total', ['POST', endpointOf(call), String(call.httpStatus ?? NOBODY_ANSWERED)])
}

/** What is known of a call once it has ended. */
function endCells(call: CallRecord): Cell[] {
  const { latencyMs, modelAsked: model, cache, costNanoUsd, backendId, backend, status } = call
  const isAsked = cache !== 'hit'
  const cells =
    latencyMs === null ? [] : [observedCell('api_request_duration_seconds', ['POST', endpointOf(call)], latencyMs)]
  if (cache !== 'off') cells.push(counterCell('heliox_gateway_answer_store_total', [cache]))
  if (!isAsked) return cells
  if (latencyMs !== null && status === 'completed')
    cells.push(observedCell('model_inference_seconds', [model, batchLabel(call.batchSize ?? 1)], latencyMs))
  cells.push(counterCell('heliox_backend_calls_total', [backendId ?? (backend === '' ? 'none' : 'echo'), status]))
  for (const [kind, name] of Object.entries(KINDS)) {
    const tokens = call[name] ?? 0
    if (tokens > 0) cells.push(counterCell('heliox_tokens_total', [model, kind], BigInt(tokens)))
  }
  if (costNanoUsd !== null) cells.push(counterCell('heliox_model_cost_usd_total', [model], BigInt(costNanoUsd)))
  return cells
}

function endpointOf({ endpoint }: CallRecord): string {
  return PATHS.get(endpoint) ?? 'unmatched'
}
