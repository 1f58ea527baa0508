import { type Sample, table } from './sample.ts'

const focusRow = (billed: string, currency: string, start = '2024-10-01 00:00:00') =>
  `${billed},"100200300",${currency},"2024-10-01 00:00:00","2024-11-01 00:00:00","Usage",NULL,"a, b","${start}",,NULL,,,${billed},x,Standard,,,AWS,,,Compute,EC2,S,S.1,NULL,"5",NULL`
export const focusCsv: Sample = {
  ...{ file: 'focus.csv', records: 9, skipped: 0 },
  // 2359.296 + 1179.648 + 0.0000008 + 0.00000352 − 150 + 123.45678901234 + 7200 + 0 + 0
  fileUsd: '10712.40079333234',
  // 2359.296 + 1179.648 + 0.0000008 (NULL: as billed) + 0.00000352 − 150 + 123.45678901234 + 0 + 5040 + 2160
  effectiveUsd: '10712.40079333234',
  roundingUsd: '0.00000000034', // of the tax: eleven digits to nine
  gpuHours: '456', // 24 h × 8 + 12 h × 8 + 168
  withoutRows: '',
  bad: [
    { text: focusRow('+1', 'USD'), column: 'BilledCost', code: 'ingest.bad_amount', costUsd: null },
    { text: focusRow('"1,5"', 'USD'), column: 'BilledCost', code: 'ingest.bad_amount', costUsd: null },
    { text: focusRow('NULL', 'USD'), column: 'BilledCost', code: 'ingest.bad_amount', costUsd: null },
    { text: focusRow('35.2E+7', 'USD'), column: 'BilledCost', code: 'ingest.bad_amount', costUsd: null },
    { text: focusRow('4.40', 'EUR'), column: 'BillingCurrency', code: 'ingest.no_rate', costUsd: '4.40' },
    { text: focusRow('5.50', 'NULL'), column: 'BillingCurrency', code: 'ingest.no_currency', costUsd: '5.50' },
    {
      text: focusRow('-6.60', 'USD', '13/1/25'),
      ...{ column: 'ChargePeriodStart', code: 'ingest.bad_time', costUsd: '-6.60' },
    },
    { text: 'NULL,x', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
