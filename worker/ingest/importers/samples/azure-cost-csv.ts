import { type Sample, table } from './sample.ts'

const row = (cost: string, currency: string, date = '02/03/2026') =>
  `G1,8611537:aa,BP1,02/28/2026,02/01/2026,${date},Compute,Microsoft.Compute,m-1,D4,Virtual Machines,,D4,sub-ml,ML,rg,r,eastus,1,1,1 Hour,Usage,${currency},GBP,${cost},,,,,,,OnDemand,Azure`
export const azureCostCsv: Sample = {
  ...{ file: 'azure-cost.csv', records: 7, skipped: 0 },
  // 652.8 + 100.123456789012345678901234 (92.50 EUR, which the row has in dollars) + 450 JPY ÷ 150 − 12.34 + 5 + 0.000000008 + 0.01
  fileUsd: '748.593456797012345678901234',
  roundingUsd: '0.000000000012345678901234', // of the 24 digits to nine
  gpuHours: '0', // the GPU machine's unit is "10 Hours", which may count hours or tens of them
  withoutRows: '',
  bad: [
    { text: row('"1,5"', 'USD'), column: 'costInBillingCurrency', code: 'ingest.bad_amount', costUsd: null },
    { text: row('', 'USD'), column: 'costInBillingCurrency', code: 'ingest.bad_amount', costUsd: null },
    { text: row('4.40', 'CAD'), column: 'billingCurrency', code: 'ingest.no_rate', costUsd: '4.40' },
    { text: row('5.50', ''), column: 'billingCurrency', code: 'ingest.no_currency', costUsd: '5.50' },
    { text: row('-6.60', 'USD', '13/13/2026'), column: 'date', code: 'ingest.bad_time', costUsd: '-6.60' },
    { text: 'G1,x', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
