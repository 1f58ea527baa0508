import { type BucketResult, bucketRows, textOf } from './bucket-rows.ts'
import { chargeOf, tagsText } from './charge.ts'
import type { ReadOptions, Row, TextImporter } from './importer.ts'
import { readCallTime } from './token-row.ts'

const EXPECTED =
  'expected answers of the OpenAI costs API: {"object": "page", "data": [{"start_time", "end_time", "results": [{"amount": {"value", "currency"}, "line_item", …}]}]}'

/**
 * Answers of GET /v1/organization/costs (platform.openai.com/docs/api-reference/usage/costs, read 2026-11): what OpenAI
 * charges by day, which is a bill. Each day is a period of its own: a later export of a day replaces that day, however
 * it is grouped. The project is the account, the line item the SKU.
 */
export const openaiCostsJson: TextImporter = {
  id: 'openai-costs-json',
  label: 'OpenAI costs API: the bill by day and project (JSON)',
  kind: 'costs',
  accept: '.json,.jsonl,.ndjson,.gz',
  defaultSource: 'openai',
  isBill: true,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"organization\.costs\.result"/.test(head)
      ? 'its results are organization.costs'
      : null,
  open: (options) =>
    bucketRows({
      ...{ expected: EXPECTED, needed: ['start_time'], isOurs },
      read: (result) => read(result, options),
    }),
}

function isOurs(field: (name: string) => unknown): boolean | null {
  const object = textOf(field('object'))
  if (object !== '') return object === 'organization.costs.result'
  const amount = field('amount')
  if (amount === undefined) return field('num_model_requests') === undefined ? null : false
  return amount !== null && typeof amount === 'object'
}

function read({ line, field, bucket }: BucketResult, options: ReadOptions): Row {
  const text = (name: string) => textOf(field(name))
  const amount = field('amount')
  const { value, currency } = (amount ?? {}) as { value?: unknown; currency?: unknown }
  const start = readCallTime(bucket('start_time'))
  const end = readCallTime(bucket('end_time'))
  const tags = ['api_key_id', 'user_id', 'project_name'].map((name) => [name, text(name)] as const)
  return chargeOf(
    line,
    {
      ...{ billed: ['amount', shortAmount(textOf(value))], currency: ['currency', textOf(currency)] },
      start: ['start_time', start === null ? bucket('start_time') : new Date(start).toISOString()],
      end: ['end_time', end === null ? '' : new Date(end).toISOString()],
      ...{ provider: 'openai', billingAccount: text('organization_id') || 'openai', account: text('project_id') },
      ...{ region: '', service: 'OpenAI API', sku: text('line_item'), item: text('line_item'), instanceType: '' },
      ...{ chargeCategory: 'Usage', pricingCategory: '', gpu: null, quantity: '', unit: '', isUsage: false },
      tags: tagsText(Object.fromEntries(tags.filter(([, said]) => said !== ''))),
      columns: { account: 'project_id', sku: 'line_item', billingAccount: 'organization_id' },
    },
    options,
  )
}

/** Amounts come with all the zeros of a 128-bit decimal: "0.0600000000000000000000000000000000", "0E-6176". */
export function shortAmount(text: string): string {
  if (/^-?0(?:\.0*)?[eE][+-]?\d+$/.test(text)) return '0'
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/(\.\d*[1-9])0+$|\.0+$/, '$1') : text
}
