import { type BucketResult, bucketRows, textOf } from './bucket-rows.ts'
import { type Row, refuse, type TextImporter } from './importer.ts'
import { bucketKey } from './openai-usage-json.ts'
import { tokenDraft } from './token-row.ts'

const EXPECTED =
  'expected answers of the Anthropic usage report: {"data": [{"starting_at", "ending_at", "results": [{"uncached_input_tokens", "output_tokens", …}]}]}'

/**
 * Answers of GET /v1/organizations/usage_report/messages (platform.claude.com, Usage & Cost API, read 2026-11). Cache reads
 * and writes stand beside the input. The report counts no requests. The workspace is the project.
 */
export const anthropicUsageJson: TextImporter = {
  id: 'anthropic-usage-json',
  label: 'Anthropic usage report: tokens by day, model and workspace (JSON)',
  kind: 'tokens',
  accept: '.json,.jsonl,.ndjson,.gz',
  defaultSource: 'anthropic',
  isBill: false,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"uncached_input_tokens"\s*:/.test(head)
      ? 'its results have uncached_input_tokens'
      : null,
  open: () => bucketRows({ expected: EXPECTED, needed: ['starting_at', 'ending_at'], isOurs, read }),
}

function isOurs(field: (name: string) => unknown): boolean | null {
  if (field('uncached_input_tokens') !== undefined) return true
  return field('object') === undefined && field('amount') === undefined ? null : false
}

const GROUPS = [
  ...(['workspace_id', 'api_key_id', 'account_id', 'service_account_id', 'model', 'service_tier'] as const),
  ...(['context_window', 'inference_geo', 'speed'] as const),
] as const

function read({ line, field, bucket }: BucketResult): Row {
  const text = (name: string) => textOf(field(name))
  const cell = (name: string) => [name, text(name)] as const
  if (text('uncached_input_tokens') === '')
    return refuse(line, 'uncached_input_tokens', 'missing', 'expected how many tokens there were')
  const writes = (field('cache_creation') ?? {}) as Record<string, unknown>
  const write = (name: string) => [`cache_creation.${name}`, textOf(writes[name])] as const
  return tokenDraft(line, {
    recordId: ['starting_at', bucketKey(bucket('starting_at'), bucket('ending_at'), ['messages', ...GROUPS.map(text)])],
    ...{ start: ['starting_at', bucket('starting_at')], end: ['ending_at', bucket('ending_at')] },
    ...{ provider: 'anthropic', model: cell('model'), project: cell('workspace_id'), keyName: cell('api_key_id') },
    userName: text('account_id') ? cell('account_id') : cell('service_account_id'),
    ...{ status: 'completed', requestCount: 0, dialect: 'anthropic', cost: null, costGrade: 'unpriced' },
    counts: {
      ...{
        input: cell('uncached_input_tokens'),
        cached: cell('cache_read_input_tokens'),
        output: cell('output_tokens'),
      },
      cacheWrite: write('ephemeral_5m_input_tokens'),
      longCacheWrite: write('ephemeral_1h_input_tokens'),
    },
  })
}
