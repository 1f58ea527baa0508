import { lines, type Sample } from './sample.ts'

/** Lines of invoice facts and the header. */
const HEAD = 9

const row = (cost: string, start = '2026-02-03') =>
  `Example GmbH,0A,ml,ml-0,,Compute Engine,6F81,A2 Instance Core,2922,Default,,Usage,${start},2026-02-28,1,hour,${cost},1`
export const gcpBillingCsv: Sample = {
  ...{ file: 'gcp-cost-table.csv', records: 6, skipped: 2 },
  // Euros ÷ 0.8: 1000.00001 − 100 + 50.0219575 + 500 − 0.5 + 5.5
  fileUsd: '1455.0219675',
  roundingUsd: '0.00',
  gpuHours: '240.5', // of the usage: the commitment's hours are the same ones
  withoutRows: [
    ...['Billing account ID,0A,', 'Currency,EUR,', 'Currency exchange rate,0.8,'],
    'Project ID,Service description,SKU description,Usage start date,Cost (€)\n',
  ].join('\n'),
  bad: [
    { text: row('x'), column: 'Unrounded Cost (€)', code: 'ingest.bad_amount', costUsd: null },
    { text: row('"1,5"'), column: 'Unrounded Cost (€)', code: 'ingest.bad_amount', costUsd: null },
    { text: row('-4.00', 'soon'), column: 'Usage start date', code: 'ingest.bad_time', costUsd: '-5.00' },
    { text: row('2.00', ''), column: 'Usage start date', code: 'ingest.bad_time', costUsd: '2.50' },
    { text: 'Total,x', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  reordered: (text) => `${[...lines(text).slice(0, HEAD), ...lines(text).slice(HEAD).reverse()].join('\n')}\n`,
  withRows: (text, rows) => {
    const at = HEAD + 1
    return { text: `${[...lines(text).slice(0, at), ...rows, ...lines(text).slice(at)].join('\n')}\n`, line: at + 1 }
  },
}
