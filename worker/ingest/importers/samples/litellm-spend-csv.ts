import { type Sample, table } from './sample.ts'

const call = (id: string, spend: string, tokens: string, start: string, status: string) =>
  `${id},acompletion,ab,${spend},${tokens},1,${start},,,m,,,openai,,,{},False,,[],,,${status}`

export const litellmSpendCsv: Sample = {
  ...{ file: 'litellm-spend.csv', records: 3, skipped: 0, gpuHours: '0' },
  fileUsd: '0.0034502', // 0.00345 + 0.0000002 + 0, which is that model's price
  roundingUsd: '0.00',
  withoutRows: 'request_id,startTime,spend,prompt_tokens,completion_tokens\n',
  bad: [
    {
      text: call('', '1.5', '2,1', '2026-02-01 08:00:00', 'success'),
      ...{ column: 'request_id', code: 'ingest.missing', costUsd: '1.50' },
    },
    {
      text: call('b', 'x', '2,1', '2026-02-01 08:00:00', 'success'),
      ...{ column: 'spend', code: 'ingest.bad_amount', costUsd: null },
    },
    {
      text: call('b', '1.5', '2,x', '2026-02-01 08:00:00', 'success'),
      ...{ column: 'prompt_tokens', code: 'ingest.bad_tokens', costUsd: '1.50' },
    },
    {
      text: call('b', '1.5', '2,1', 'yesterday', 'success'),
      ...{ column: 'startTime', code: 'ingest.bad_time', costUsd: '1.50' },
    },
    { text: 'b,acompletion', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
