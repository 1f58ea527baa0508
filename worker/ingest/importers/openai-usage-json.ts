import { type BucketResult, bucketRows, textOf } from './bucket-rows.ts'
import { type Row, refuse, type TextImporter } from './importer.ts'
import { badCall, readCallTime, readCount, tokenDraft } from './token-row.ts'

const EXPECTED =
  'expected answers of the OpenAI usage API: {"object": "page", "data": [{"start_time", "end_time", "results": [{"num_model_requests", "input_tokens", …}]}]}'

/**
 * Answers of GET /v1/organization/usage/… (platform.openai.com/docs/api-reference/usage, read 2026-11): completions and
 * embeddings with tokens; images, speech, moderations and tool calls with their number of requests. Pages may stand one
 * after the other or in a list. Cached and cache-written tokens are part of `input_tokens`. A result is known by the start
 * and width of its bucket and by what it is grouped by, so a later export of the same grouping replaces it.
 */
export const openaiUsageJson: TextImporter = {
  id: 'openai-usage-json',
  label: 'OpenAI usage API: tokens by day, model and project (JSON)',
  kind: 'tokens',
  accept: '.json,.jsonl,.ndjson,.gz',
  defaultSource: 'openai',
  isBill: false,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"organization\.usage\.[a-z_]{1,60}\.result"|"num_model_requests"\s*:/.test(head)
      ? 'its results are organization.usage'
      : null,
  open: () => bucketRows({ expected: EXPECTED, needed: ['start_time', 'end_time'], isOurs, read }),
}

function isOurs(field: (name: string) => unknown): boolean | null {
  const object = textOf(field('object'))
  if (/^organization\.usage\.\w+\.result$/.test(object)) return true
  if (object !== '' || field('amount') !== undefined || field('uncached_input_tokens') !== undefined) return false
  return field('num_model_requests') === undefined ? null : true
}

/** What one result counts that is no model request; without any of these it counts no calls at all. */
const REQUEST_COUNTS = ['num_model_requests', 'num_requests', 'num_sessions', 'sessions'] as const
const GROUPS = [
  ...(['object', 'project_id', 'user_id', 'api_key_id', 'model', 'batch', 'service_tier', 'size', 'source'] as const),
  ...(['api_source', 'context_level'] as const),
] as const

function read({ line, field, bucket }: BucketResult): Row {
  const text = (name: string) => textOf(field(name))
  const cell = (name: string) => [name, text(name)] as const
  const counted = REQUEST_COUNTS.find((name) => text(name) !== '')
  // Stored bytes are no calls, and nobody is waiting for them.
  if (!counted && text('usage_bytes') !== '') return { kind: 'skipped', line }
  const requestCount = readCount(counted ? text(counted) : '')
  if (requestCount === undefined || requestCount === null)
    return badCall(line, null, counted ?? 'num_model_requests', 'bad_count', 'expected how many requests there were')
  const hasTokens = text('input_tokens') !== '' || text('output_tokens') !== ''
  if (!hasTokens && /completions|embeddings/.test(text('object')))
    return refuse(line, 'input_tokens', 'missing', 'expected how many tokens there were')
  return tokenDraft(line, {
    recordId: ['start_time', bucketKey(bucket('start_time'), bucket('end_time'), GROUPS.map(text))],
    ...{ start: ['start_time', bucket('start_time')], end: ['end_time', bucket('end_time')] },
    ...{ provider: 'openai', model: cell('model'), project: projectOf(text), userName: userOf(text) },
    keyName: text('api_key_name') ? cell('api_key_name') : cell('api_key_id'),
    ...{ status: 'completed', requestCount, dialect: 'openai', cost: null, costGrade: 'unpriced' },
    counts: {
      ...{ input: cell('input_tokens'), cached: cell('input_cached_tokens'), output: cell('output_tokens') },
      cacheWrite: cell('input_cache_write_tokens'),
    },
  })
}

function projectOf(text: (name: string) => string) {
  return text('project_name')
    ? (['project_name', text('project_name')] as const)
    : (['project_id', text('project_id')] as const)
}

function userOf(text: (name: string) => string) {
  return text('user_email') ? (['user_email', text('user_email')] as const) : (['user_id', text('user_id')] as const)
}

/**
 * The key of a bucket's group: its start, the class of its width, its groups. The end alone would not do: that of today's
 * bucket may move until the day is over.
 */
export function bucketKey(start: string, end: string, groups: readonly string[]): string {
  const [from, to] = [readCallTime(start), readCallTime(end)]
  const seconds = from === null || to === null ? 0 : (to - from) / 1000
  const width = seconds <= 60 ? 'm' : seconds <= 3600 ? 'h' : 'd'
  return JSON.stringify([from === null ? start : new Date(from).toISOString(), width, ...groups])
}
