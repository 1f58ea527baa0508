import { exactText, readUsd } from '../../../db/units/money.ts'
import { type BucketResult, bucketRows, textOf } from './bucket-rows.ts'
import { chargeOf, tagsText } from './charge.ts'
import type { ReadOptions, Row, TextImporter } from './importer.ts'
import { readCallTime } from './token-row.ts'

const EXPECTED =
  'expected answers of the Anthropic cost report: {"data": [{"starting_at", "ending_at", "results": [{"amount", "currency", …}]}]}'

/**
 * Answers of GET /v1/organizations/cost_report (platform.claude.com/docs/en/api/admin/cost_report, read 2026-11): what
 * Anthropic charges by day, which is a bill. `amount` is decimal text in the currency's lowest unit: "123.45" in USD is
 * $1.2345. Each day is a period of its own. The workspace is the account. Priority Tier is not in the report.
 */
export const anthropicCostsJson: TextImporter = {
  id: 'anthropic-costs-json',
  label: 'Anthropic cost report: the bill by day and workspace (JSON)',
  kind: 'costs',
  accept: '.json,.jsonl,.ndjson,.gz',
  defaultSource: 'anthropic',
  isBill: true,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"starting_at"\s*:/.test(head) && /"amount"\s*:\s*"/.test(head)
      ? 'its results have an amount from starting_at on'
      : null,
  open: (options) =>
    bucketRows({
      ...{ expected: EXPECTED, needed: ['starting_at'], isOurs },
      read: (result) => read(result, options),
    }),
}

function isOurs(field: (name: string) => unknown): boolean | null {
  if (field('object') !== undefined || field('uncached_input_tokens') !== undefined) return false
  const amount = field('amount')
  return amount === undefined ? null : amount === null || typeof amount !== 'object'
}

function read({ line, field, bucket }: BucketResult, options: ReadOptions): Row {
  const text = (name: string) => textOf(field(name))
  const start = readCallTime(bucket('starting_at'))
  const end = readCallTime(bucket('ending_at'))
  const parts = ['model', 'token_type', 'context_window', 'service_tier', 'inference_geo', 'speed', 'cost_type']
  const said = parts.map((name) => [name, text(name)] as const).filter(([, part]) => part !== '')
  const sku = said.map(([, part]) => part).join('/') || text('description')
  return chargeOf(
    line,
    {
      ...{ billed: ['amount', dollarsOf(text('amount'))], currency: ['currency', text('currency')] },
      start: ['starting_at', start === null ? bucket('starting_at') : new Date(start).toISOString()],
      end: ['ending_at', end === null ? '' : new Date(end).toISOString()],
      ...{ provider: 'anthropic', billingAccount: 'anthropic', account: text('workspace_id') },
      ...{ region: '', service: 'Claude API', sku, item: text('description') || sku, instanceType: '' },
      ...{ chargeCategory: 'Usage', pricingCategory: '', gpu: null, quantity: '', unit: '', isUsage: false },
      tags: tagsText(Object.fromEntries(said)),
      columns: { account: 'workspace_id', sku: 'description' },
    },
    options,
  )
}

/** Cents as dollars, to the last digit; what is no amount stays as it is. */
function dollarsOf(cents: string): string {
  const exact = readUsd(cents)
  return exact ? exactText({ digits: exact.digits, scale: exact.scale + 2 }) : cents
}
