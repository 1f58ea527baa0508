import { lines, type Sample } from './sample.ts'

const row = (cost: string, rest: Record<string, unknown> = {}) =>
  JSON.stringify({
    ...{ billing_account_id: '0A', service: { description: 'Compute Engine' }, sku: { id: '2922' }, cost },
    ...{ usage_start_time: '2026-02-03 00:00:00 UTC', currency: 'USD', credits: [], ...rest },
  })
export const gcpBillingNdjson: Sample = {
  // Five lines, two of which have a credit each.
  ...{ file: 'gcp-billing.ndjson', records: 7, skipped: 0 },
  // (12 − 2) + 0.000015 + (8 − 0.8) EUR ÷ 0.8 + 1.23 − 0.5
  fileUsd: '19.730015',
  roundingUsd: '0.00',
  gpuHours: '4',
  withoutRows: '[]',
  bad: [
    { text: '{"billing_account_id": "0A"', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: row('1,5'), column: 'cost', code: 'ingest.bad_amount', costUsd: null },
    {
      text: row('5', { currency: 'GBP', credits: [{ name: 'Trial', amount: -1 }] }),
      ...{ column: 'currency', code: 'ingest.no_rate', costUsd: '4.00' },
    },
    { text: row('5.50', { currency: '' }), column: 'currency', code: 'ingest.no_currency', costUsd: '5.50' },
    {
      text: row('-6.60', { usage_start_time: 'soon' }),
      ...{ column: 'usage_start_time', code: 'ingest.bad_time', costUsd: '-6.60' },
    },
    { text: row('7', { credits: 'some' }), column: 'credits', code: 'ingest.bad_credits', costUsd: null },
    {
      text: row('7', { credits: [{ name: 'Trial', amount: 'some' }] }),
      ...{ column: 'credits.amount', code: 'ingest.bad_amount', costUsd: null },
    },
  ],
  reordered: (text) => `${lines(text).reverse().join('\n')}\n`,
  withRows: (text, rows) => {
    const [first, ...others] = lines(text)
    return { text: `${[first, ...rows, ...others].join('\n')}\n`, line: 2 }
  },
}
