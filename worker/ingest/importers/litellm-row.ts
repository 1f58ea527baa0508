import type { TokenStatus } from '../../../db/schema/tokens.ts'
import { textOf } from './bucket-rows.ts'
import type { ReadOptions, Row } from './importer.ts'
import { quoted } from './importer.ts'
import { badCall, keyLabel, readCallCost, readCallTime, readCount, tokenDraft } from './token-row.ts'

type Fields = Record<string, unknown>

/**
 * One row of LiteLLM_SpendLogs (docs.litellm.ai, Spend Tracking; schema.prisma read 2026-11). `get` answers a column's text,
 * '' for null. Of a key only its alias or the start of its hash is kept. `spend` is what LiteLLM has computed from list
 * prices, 0 also where it knows no price or was told no usage: such a call is unpriced, and not free, unless it failed
 * before it used anything, was answered from LiteLLM's own cache, or its model is listed at a price of 0.
 */
export function litellmRow(line: number, get: (name: string) => string, metadata: Fields, options: ReadOptions): Row {
  const cell = (name: string) => [name, get(name)] as const
  const said = (name: string) => textOf(metadata[name])
  const spend = readCallCost(get('spend'))
  const cost = spend ?? null
  const status = statusOf(get('status') || said('status'))
  if (spend === undefined)
    return badCall(
      line,
      null,
      'spend',
      'bad_amount',
      `expected an amount such as 0.0125, found ${quoted(get('spend'))}`,
    )
  if (!status)
    return badCall(line, cost, 'status', 'bad_status', `expected success or failure, found ${quoted(get('status'))}`)
  const counts = countsOf(get, metadata)
  if (typeof counts === 'string')
    return badCall(line, cost, counts, 'bad_tokens', `expected a count of tokens, found ${quoted(get(counts))}`)
  const isUsed = counts.total > 0
  const isPriced = cost !== null && (cost.digits !== 0n || isTrueZero(status, isUsed, get, metadata))
  const [start, first, end] = ['startTime', 'completionStartTime', 'endTime'].map((name) => readCallTime(get(name)))
  const model = get('model') === '' ? cell('model_group') : cell('model')
  const known = (count: number | null) => (count === null ? '' : String(count))
  // A call that came to its end has used something: where nothing is noted, nobody knows how much.
  const isUnknown = !isUsed && status === 'completed' && !isTrue(get('cache_hit'))
  const count = (name: string, value: number | null) => [name, isUnknown ? '' : known(value)] as const
  return tokenDraft(line, {
    ...{ recordId: cell('request_id'), start: cell('startTime'), end: cell('endTime') },
    provider: get('custom_llm_provider') || providerIn(model[1]) || options.provider,
    ...{ model, project: teamOf(get, said), userName: userOf(get, said) },
    keyName: ['api_key', said('user_api_key_alias') || keyLabel(get('api_key'))],
    ...{ status, requestCount: 1, dialect: 'openai' },
    counts: {
      ...{ input: count('prompt_tokens', counts.input), cached: count('prompt_tokens', counts.cached) },
      ...{ cacheWrite: count('prompt_tokens', counts.write), output: count('completion_tokens', counts.output) },
      reasoning: count('completion_tokens', counts.reasoning),
    },
    ...{ cost: isPriced ? cost : null, costGrade: isPriced ? 'computed' : 'unpriced', costColumn: 'spend' },
    latencyMs: start && end && end >= start ? end - start : null,
    // Without a stream the first token comes with the last, and LiteLLM writes the end here.
    timeToFirstTokenMs: start && first && end && first >= start && first < end ? first - start : null,
  })
}

/** Whether a spend of 0 is the price, and not a price that is missing. */
function isTrueZero(status: TokenStatus, isUsed: boolean, get: (name: string) => string, metadata: Fields): boolean {
  if (isTrue(get('cache_hit')) || (status !== 'completed' && !isUsed)) return true
  const { model_map_value: listed } = objectIn(metadata.model_map_information)
  const { input_cost_per_token: input, output_cost_per_token: output } = objectIn(listed)
  const isZero = (value: unknown) => /^0(?:\.0*)?(?:e-?\d+)?$/i.test(textOf(value))
  return isUsed && isZero(input) && isZero(output)
}

type Counts = {
  input: number | null
  cached: number | null
  write: number | null
  output: number | null
  reasoning: number | null
  total: number
}

/**
 * Its counts as OpenAI would say them: cached and written tokens inside the prompt, reasoning inside the completion. Versions
 * of LiteLLM differ: where a part does not fit into its whole it stood beside it, and where the total says so. Answers the
 * name of a column that holds no count.
 */
function countsOf(get: (name: string) => string, metadata: Fields): Counts | string {
  const read: Record<string, number | null> = {}
  for (const name of ['prompt_tokens', 'completion_tokens', 'total_tokens']) {
    const count = readCount(get(name))
    if (count === undefined) return name
    read[name] = count
  }
  const [prompt, completion] = [read.prompt_tokens ?? null, read.completion_tokens ?? null]
  const usage = { ...objectIn(metadata.additional_usage_values), ...objectIn(metadata.usage_object) }
  const prompted = objectIn(usage.prompt_tokens_details)
  const completed = objectIn(usage.completion_tokens_details)
  const countIn = (...values: unknown[]) =>
    values.map((value) => readCount(textOf(value)) ?? null).find((count) => count !== null) ?? null
  const cached = countIn(usage.cache_read_input_tokens, prompted.cached_tokens)
  const write = countIn(usage.cache_creation_input_tokens, prompted.cache_creation_tokens)
  const thought = countIn(completed.reasoning_tokens, usage.reasoning_tokens)
  const [r, w, p, c, t] = [cached ?? 0, write ?? 0, prompt ?? 0, completion ?? 0, thought ?? 0]
  const input = p >= r + w ? p : p >= r ? p + w : p + r + w
  const isBeside = t > 0 && read.total_tokens === p + c + t
  const output = isBeside ? c + t : c
  return {
    ...{ input: prompt === null ? null : input, cached, write, output: completion === null ? null : output },
    // LiteLLM estimates it for some providers, now and then above what was there.
    reasoning: thought === null || completion === null ? null : Math.min(thought, output),
    total: input + output,
  }
}

function statusOf(text: string): TokenStatus | null {
  if (text === '' || /^success$/i.test(text)) return 'completed'
  return /^fail(?:ure|ed)?$/i.test(text) ? 'failed' : null
}

function isTrue(text: string): boolean {
  return /^(?:true|t|1)$/i.test(text)
}

function teamOf(get: (name: string) => string, said: (name: string) => string) {
  const alias = said('user_api_key_team_alias')
  return alias ? (['user_api_key_team_alias', alias] as const) : (['team_id', get('team_id')] as const)
}

function userOf(get: (name: string) => string, said: (name: string) => string) {
  const name = ['user', 'end_user'].find((column) => get(column) !== '')
  return name ? ([name, get(name)] as const) : (['user', said('user_api_key_user_id')] as const)
}

/** "azure" of "azure/gpt-4o". */
function providerIn(model: string): string {
  const cut = model.indexOf('/')
  return cut > 0 ? model.slice(0, cut) : ''
}

function objectIn(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}
