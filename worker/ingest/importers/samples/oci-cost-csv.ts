import { type Sample, table } from './sample.ts'

const row = (cost: string, currency = 'USD', start = '2026-02-01T10:00Z') =>
  `x,t,${start},,COMPUTE,,,us-ashburn-1,,,1,,sub-1,B1,d,1,,${cost},,${currency},,,false,false,,,,,`
export const ociCostCsv: Sample = {
  ...{ file: 'oci-cost.csv', records: 7, skipped: 1 },
  // 80 + 80 (16 of them overage) + 0.012264277499950943 + 0.00000000232376 − 80 + 5.5 + 0
  fileUsd: '85.512264279823710943',
  // 0.012264277499950943 is stored as 0.012264277, 0.00000000232376 as 0.000000002: half to even
  roundingUsd: '0.000000000823710943',
  gpuHours: '16', // 8 + 8; a correction takes no hours back
  withoutRows: '',
  bad: [
    { text: row(''), column: 'cost/myCost', code: 'ingest.bad_amount', costUsd: null },
    { text: row('"1,5"'), column: 'cost/myCost', code: 'ingest.bad_amount', costUsd: null },
    { text: row('4.40', 'EUR'), column: 'cost/currencyCode', code: 'ingest.no_rate', costUsd: '4.40' },
    { text: row('5.50', ''), column: 'cost/currencyCode', code: 'ingest.no_currency', costUsd: '5.50' },
    {
      text: row('-6.60', 'USD', '10:00Z'),
      ...{ column: 'lineItem/intervalUsageStart', code: 'ingest.bad_time', costUsd: '-6.60' },
    },
    { text: 'x,t', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
