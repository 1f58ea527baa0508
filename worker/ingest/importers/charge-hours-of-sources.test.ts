import { expect, test } from 'vitest'
import type { Reader, TextImporter } from './importer.ts'
import { importerOf } from './index.ts'
import { NOTHING_SAID } from './testing.ts'

const CUR = 'line_item_unblended_cost,line_item_usage_start_date,line_item_usage_end_date,line_item_line_item_type'
const OCI = 'lineItem/intervalUsageStart,lineItem/intervalUsageEnd,cost/myCost,cost/currencyCode'
const gcp = (end: string) =>
  JSON.stringify({
    ...{ service: { description: 'Compute' }, sku: { id: 'S', description: 'A' }, billing_account_id: 'B' },
    ...{ usage_start_time: '2026-03-01 05:00:00 UTC', usage_end_time: end, cost: 1, currency: 'USD' },
    credits: [{ name: 'C', amount: -0.5 }],
  })
const opencost = (end: string) =>
  JSON.stringify({
    data: [
      {
        a: {
          ...{ name: 'a', properties: { cluster: 'c' }, totalCost: 1, gpuCost: 0 },
          ...{ start: '2026-03-01T05:00:00Z', end, window: { start: '2026-03-01T00:00:00Z', end } },
        },
      },
    ],
  })
const openai = (hours: number) => {
  const start = Date.UTC(2026, 2, 1, 5) / 1000
  const result = { object: 'organization.costs.result', amount: { value: 1, currency: 'usd' }, line_item: 'x' }
  return JSON.stringify({ data: [{ start_time: start, end_time: start + hours * 3600, results: [result] }] })
}
const anthropic = (end: string) =>
  JSON.stringify({
    data: [{ starting_at: '2026-03-01T05:00:00Z', ending_at: end, results: [{ amount: '100', currency: 'USD' }] }],
  })

/** Each source with a charge from 05:00 to 06:00, and with one that ends 24 hours later. */
const SOURCES: [format: string, hourly: string, daily: string][] = [
  [
    'aws-cur-csv',
    `${CUR}\n1,2026-03-01T05:00:00Z,2026-03-01T06:00:00Z,Usage\n`,
    `${CUR}\n1,2026-03-01T05:00:00Z,2026-03-02T05:00:00Z,Usage\n`,
  ],
  [
    'oci-cost-csv',
    `${OCI}\n2026-03-01T05:00:00Z,2026-03-01T06:00:00Z,1,USD\n`,
    `${OCI}\n2026-03-01T05:00:00Z,2026-03-02T05:00:00Z,1,USD\n`,
  ],
  ['gcp-billing-ndjson', `${gcp('2026-03-01 06:00:00 UTC')}\n`, `${gcp('2026-03-02 05:00:00 UTC')}\n`],
  ['opencost-json', opencost('2026-03-01T06:00:00Z'), opencost('2026-03-02T05:00:00Z')],
  ['openai-costs-json', openai(1), openai(24)],
  ['anthropic-costs-json', anthropic('2026-03-01T06:00:00Z'), anthropic('2026-03-02T05:00:00Z')],
]

function hoursIn(format: string, text: string): unknown[] {
  const reader: Reader = (importerOf(format) as TextImporter).open({ ...NOTHING_SAID, currency: 'USD' })
  return [...reader.push(text), ...reader.end()].map((row) => (row.kind === 'cost' ? row.hours : row))
}

test.each(SOURCES)('%s says the hour of a charge, and no hour of a longer one', (format, hourly, daily) => {
  const found = hoursIn(format, hourly)
  expect(found.length).toBeGreaterThan(0)
  for (const hours of found) expect(hours).toEqual({ first: 5, count: 1 })
  const first = hoursIn(format, daily)[0]
  // OpenCost's charges are cut at midnight: the first part fills the hours up to it.
  expect(first).toEqual(format === 'opencost-json' ? { first: 5, count: 19 } : null)
})
