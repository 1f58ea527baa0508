import type { TokenDialect } from '../../../db/units/tokens.ts'

/**
 * What a log of requests may call its columns, lower-cased, blanks and dots as underscores; of several the first that is
 * there. From the exports of OpenAI, Anthropic, OpenRouter, Langfuse and Helicone, OpenTelemetry's GenAI conventions, and
 * the traces that Azure (2023, 2024) and Alibaba have published; read 2026-11.
 */
export const REQUEST_COLUMNS = {
  start: [
    ...['started_at', 'start_time', 'starttime', 'start_time_iso', 'timestamp', 'request_created_at', 'created_at'],
    ...['created', 'request_time', 'requested_at', 'gmt_create', 'usage_date_utc', 'time', 'datetime', 'ts'],
  ],
  end: ['ended_at', 'end_time', 'endtime', 'finished_at', 'completed_at', 'response_created_at'],
  id: ['request_id', 'requestid', 'record_id', 'generation_id', 'call_id', 'id'],
  model: [
    ...['model', 'model_name', 'modelname', 'gen_ai_response_model', 'response_model', 'model_permaslug'],
    ...['gen_ai_request_model', 'request_model', 'model_version', 'model_id', 'checkpoint_model_version_id'],
  ],
  provider: ['provider', 'provider_name', 'gen_ai_provider_name', 'gen_ai_system', 'custom_llm_provider'],
  project: [
    ...['team', 'team_name', 'project', 'project_name', 'workspace', 'project_id', 'team_id', 'workspace_id'],
    ...['group', 'groupid', 'group_id', 'app_name'],
  ],
  userName: ['user', 'user_name', 'username', 'user_email', 'user_id', 'userid', 'end_user'],
  keyName: ['key_name', 'key_alias', 'api_key_name', 'api_key_alias', 'api_key_id', 'key_id'],
  key: ['api_key', 'apikey', 'key'],
  status: ['status', 'status_code', 'http_status', 'response_status', 'predict_status', 'state'],
  cancelled: ['cancelled', 'canceled'],
  requests: ['num_model_requests', 'request_count', 'num_requests', 'n_requests'],
  input: [
    ...['prompt_tokens', 'input_tokens', 'tokens_prompt', 'prompttokens', 'inputtokens', 'inputusage', 'contexttokens'],
    ...['context_tokens', 'gen_ai_usage_input_tokens', 'gen_ai_usage_prompt_tokens', 'prompttokencount'],
    ...['request_tokens', 'num_prompt_tokens', 'input_length'],
  ],
  uncachedInput: ['uncached_input_tokens', 'usage_input_tokens_no_cache', 'input_uncached_tokens'],
  cached: [
    ...['cached_tokens', 'cached_input_tokens', 'input_cached_tokens', 'tokens_cached', 'cache_read_input_tokens'],
    ...['cache_read_tokens', 'usage_input_tokens_cache_read', 'gen_ai_usage_cache_read_input_tokens'],
    ...['cachedcontenttokencount', 'cachedtokens'],
  ],
  cacheWrite: [
    ...['cache_write_tokens', 'input_cache_write_tokens', 'cache_creation_input_tokens', 'cache_creation_tokens'],
    ...['cache_write_input_tokens', 'usage_input_tokens_cache_write_5m', 'gen_ai_usage_cache_creation_input_tokens'],
  ],
  longCacheWrite: ['usage_input_tokens_cache_write_1h'],
  output: [
    ...['completion_tokens', 'output_tokens', 'tokens_completion', 'completiontokens', 'outputtokens', 'outputusage'],
    ...['generatedtokens', 'generated_tokens', 'gen_ai_usage_output_tokens', 'gen_ai_usage_completion_tokens'],
    ...['usage_output_tokens', 'candidatestokencount', 'response_tokens', 'num_completion_tokens', 'output_length'],
  ],
  reasoning: [
    ...['reasoning_tokens', 'tokens_reasoning', 'reasoning_output_tokens', 'output_reasoning_tokens'],
    ...['gen_ai_usage_reasoning_output_tokens', 'thoughtstokencount', 'thoughts_tokens', 'thoughts_token_count'],
  ],
  costUsd: ['cost_usd', 'total_cost_usd', 'costusd', 'totalcostusd', 'spend_usd', 'usd'],
  cost: ['cost', 'total_cost', 'totalcost', 'cost_total', 'spend', 'amount'],
  currency: ['currency', 'cost_currency'],
  latencyMs: ['latency_ms', 'duration_ms', 'generation_time_ms', 'response_time_ms', 'exec_time_ms', 'elapsed_ms'],
  latencyS: ['exec_time_seconds', 'latency_seconds', 'duration_seconds', 'latency_s', 'elapsed_seconds'],
  firstMs: ['time_to_first_token_ms', 'ttft_ms', 'timetofirsttokenms'],
  firstS: ['time_to_first_token_seconds', 'ttft_seconds', 'ttft_s'],
} as const satisfies Record<string, readonly string[]>

type Column = keyof typeof REQUEST_COLUMNS

/** Where each column stands, what the file calls it, and how its counts overlap. */
export type Named = {
  at: { readonly [C in Column]?: number }
  shown: { readonly [C in Column]?: string }
  dialect: TokenDialect
  /** It has columns that only another kind of file has: a bill, jobs of a scheduler, LiteLLM's own logs. */
  isOther: boolean
}

const OF_OTHERS = [
  ...['gpu_type', 'job_id', 'jobid', 'jobidraw', 'alloctres', 'billedcost', 'chargecategory', 'gpu_count'],
  ...['lineitem/unblendedcost', 'line_item_unblended_cost', 'gpu_hours', 'skuid', 'metercategory'],
]
const OF_LITELLM = ['request_id', 'starttime', 'spend', 'prompt_tokens', 'completion_tokens']
/** Counts under these names stand beside the input. */
const BESIDE_INPUT = ['cache_read_input_tokens', 'cache_creation_input_tokens']
const BESIDE_OUTPUT = ['thoughtstokencount', 'thoughts_tokens', 'thoughts_token_count']

export function namesIn(header: readonly string[]): Named {
  const keys = header.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s.]+/g, '_'),
  )
  const first = new Map<string, number>()
  keys.forEach((key, index) => {
    if (!first.has(key)) first.set(key, index)
  })
  const at: Partial<Record<Column, number>> = {}
  const shown: Partial<Record<Column, string>> = {}
  for (const [column, names] of Object.entries(REQUEST_COLUMNS) as [Column, readonly string[]][]) {
    const index = names.map((name) => first.get(name)).find((found) => found !== undefined)
    if (index === undefined) continue
    at[column] = index
    shown[column] = header[index]?.trim() ?? ''
  }
  const isIn = (names: readonly string[]) => (column: Column) =>
    at[column] !== undefined && names.includes(keys[at[column]] ?? '')
  const isBeside =
    at.uncachedInput !== undefined ||
    (isPlainInput(keys, at.input) && (['cached', 'cacheWrite'] as const).some(isIn(BESIDE_INPUT)))
  return {
    ...{ at, shown, dialect: isBeside ? 'anthropic' : isIn(BESIDE_OUTPUT)('reasoning') ? 'gemini' : 'openai' },
    isOther: OF_OTHERS.some((name) => first.has(name)) || OF_LITELLM.every((name) => first.has(name)),
  }
}

/** `cache_read_input_tokens` beside `prompt_tokens` is a gateway's, which counts as OpenAI does. */
function isPlainInput(keys: readonly string[], input: number | undefined): boolean {
  return input !== undefined && keys[input] === 'input_tokens'
}
