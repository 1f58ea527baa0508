import { type Sample, table } from './sample.ts'

const call = (time: string, prompt: string, cached: string, cost: string, status: string) =>
  `b,${time},t,u,,openai,m,${prompt},${cached},10,,${cost},,,${status}`

export const requestsCsv: Sample = {
  ...{ file: 'requests.csv', records: 5, skipped: 0, gpuHours: '0' },
  fileUsd: '0.0027125', // 0.0027 + 0.0000125 + 0; two have no cost
  roundingUsd: '0.00',
  withoutRows: 'timestamp,prompt_tokens,completion_tokens\n',
  bad: [
    { text: call('4/1/25', '1', '', '2', 'ok'), column: 'timestamp', code: 'ingest.bad_time', costUsd: '2.00' },
    { text: call('45', '1', '', '2', 'ok'), column: 'timestamp', code: 'ingest.bad_time', costUsd: '2.00' },
    {
      text: call('2026-02-01', 'many', '', '2', 'ok'),
      ...{ column: 'prompt_tokens', code: 'ingest.bad_tokens', costUsd: '2.00' },
    },
    {
      text: call('2026-02-01', '5', '6', '2', 'ok'),
      ...{ column: 'cached_tokens', code: 'ingest.bad_tokens', costUsd: '2.00' },
    },
    {
      text: call('2026-02-01', '1', '', '1e3', 'ok'),
      ...{ column: 'cost_usd', code: 'ingest.bad_amount', costUsd: null },
    },
    {
      text: call('2026-02-01', '1', '', '-2', 'ok'),
      ...{ column: 'cost_usd', code: 'ingest.negative', costUsd: '-2.00' },
    },
    {
      text: call('2026-02-01', '1', '', '2', 'perhaps'),
      ...{ column: 'status', code: 'ingest.bad_status', costUsd: '2.00' },
    },
    { text: 'b,2026-02-01', column: null, code: 'ingest.field_count', costUsd: null },
    {
      text: 'b,2026-02-01,"t"x,u,,openai,m,1,,10,,2,,,ok',
      ...{ column: null, code: 'ingest.broken_quotes', costUsd: null },
    },
  ],
  ...table,
}
