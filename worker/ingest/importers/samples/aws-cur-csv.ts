import { type Sample, table } from './sample.ts'

const row = (type: string, cost: string, currency = 'USD', start = '2026-02-02T00:00:00.000Z', reserved = '') =>
  `x,111122223333,2026-02-01T00:00:00.000Z,444455556666,${type},${start},AmazonEC2,t,1.0,${currency},${cost},,d,n,,,us-east-1,r,,,Hrs,${reserved},,,,,,,,,,,,`
export const awsCurCsv: Sample = {
  ...{ file: 'aws-cur.csv', records: 16, skipped: 2 },
  // 2359.296 + 2359.296 − 2359.296 + 1800 + 0 + 370.4 + 3650 + 4.024 + 0.0000004 + 0 + 3.5 + 12 − 23.59296 − 150 − 5 + 123.45678901234
  fileUsd: '8144.08382941234',
  // 2359.296 + 1415.5776 + 0 + (1800 − 1415.5776) + 470.4 + (49.6 + 100) + 0 + 4.024 + 0.0000004 + 0 + 3.5 + 12 − 23.59296 − 150 − 5 + 123.45678901234
  effectiveUsd: '4743.68382941234',
  roundingUsd: '0.00000000034', // of the tax: eleven digits to nine
  gpuHours: '586', // p5: 24 h × 8 twice, not a third time for what the plan takes back; p4d: 24 h × 8; g5: 10 h × 1
  withoutRows: '',
  bad: [
    { text: row('Usage', ''), column: 'lineItem/UnblendedCost', code: 'ingest.bad_amount', costUsd: null },
    { text: row('Usage', '"1,5"'), column: 'lineItem/UnblendedCost', code: 'ingest.bad_amount', costUsd: null },
    { text: row('Usage', '+1'), column: 'lineItem/UnblendedCost', code: 'ingest.bad_amount', costUsd: null },
    { text: row('Tax', '4.40', 'EUR'), column: 'lineItem/CurrencyCode', code: 'ingest.no_rate', costUsd: '4.40' },
    { text: row('Tax', '5.50', ''), column: 'lineItem/CurrencyCode', code: 'ingest.no_currency', costUsd: '5.50' },
    {
      text: row('Refund', '-6.60', 'USD', 'yesterday'),
      ...{ column: 'lineItem/UsageStartDate', code: 'ingest.bad_time', costUsd: '-6.60' },
    },
    {
      text: row('DiscountedUsage', '7', 'USD', '2026-02-02T00:00:00Z', 'free'),
      ...{ column: 'reservation/EffectiveCost', code: 'ingest.bad_amount', costUsd: '7.00' },
    },
    { text: 'x,111122223333', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
