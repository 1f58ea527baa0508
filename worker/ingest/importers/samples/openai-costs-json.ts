import { buckets, type Sample } from './sample.ts'

const result = (value: string, currency = '"usd"') =>
  `{"object": "organization.costs.result", "amount": {"value": ${value}, "currency": ${currency}}, "line_item": "x"}`

export const openaiCostsJson: Sample = {
  ...{ file: 'openai-costs.json', records: 6, skipped: 0, gpuHours: '0' },
  // 0.06 + 12.345678901 + 0.000025 + 0.00000015 + 0 − 2.5
  fileUsd: '9.905704051',
  roundingUsd: '0.00',
  withoutRows: '{"object": "page", "data": [{"object": "bucket", "start_time": 1, "end_time": 2, "results": []}]}',
  bad: [
    { text: '[1, 2]', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: result('"many"'), column: 'amount', code: 'ingest.bad_amount', costUsd: null },
    { text: result('null'), column: 'amount', code: 'ingest.bad_amount', costUsd: null },
    { text: result('4.40', '"eur"'), column: 'currency', code: 'ingest.no_rate', costUsd: '4.40' },
    { text: result('5.5', 'null'), column: 'currency', code: 'ingest.no_currency', costUsd: '5.50' },
  ],
  ...buckets,
}
