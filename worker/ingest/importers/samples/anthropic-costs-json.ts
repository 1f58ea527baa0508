import { buckets, type Sample } from './sample.ts'

const result = (amount: string, currency = 'USD') =>
  `{"amount": ${amount}, "currency": "${currency}", "description": "x"}`

export const anthropicCostsJson: Sample = {
  ...{ file: 'anthropic-costs.json', records: 3, skipped: 0, gpuHours: '0' },
  fileUsd: '11.234875', // 123.45 + 0.0375 + 1000 cents
  roundingUsd: '0.00',
  withoutRows: '{"data": [{"starting_at": "2026-02-01T00:00:00Z", "results": []}], "has_more": false}',
  bad: [
    { text: '{"date": }', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: result('null'), column: 'amount', code: 'ingest.bad_amount', costUsd: null },
    { text: result('"1,5"'), column: 'amount', code: 'ingest.bad_amount', costUsd: null },
    { text: result('"440"', 'EUR'), column: 'currency', code: 'ingest.no_rate', costUsd: '4.40' },
  ],
  ...buckets,
}
