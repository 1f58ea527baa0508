import { document, type Sample } from './sample.ts'

const call = (fields: string) =>
  `{"request_id": "b", "startTime": "2026-02-01T08:00:00Z", "spend": 0.5, "prompt_tokens": 1, "completion_tokens": 1, ${fields}}`

export const litellmSpendJson: Sample = {
  ...{ file: 'litellm-spend.json', records: 4, skipped: 0, gpuHours: '0' },
  fileUsd: '0.003462345', // 0.00345 + 0.000012345; one is unpriced, one failed
  roundingUsd: '0.00',
  withoutRows: '{"data": [], "total": 0}',
  bad: [
    { text: '[1, 2]', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: '{}', column: 'request_id', code: 'ingest.missing', costUsd: null },
    { text: call('"spend": "much"'), column: 'spend', code: 'ingest.bad_amount', costUsd: null },
    { text: call('"spend": -1'), column: 'spend', code: 'ingest.negative', costUsd: '-1.00' },
    { text: call('"startTime": "4/1/25"'), column: 'startTime', code: 'ingest.bad_time', costUsd: '0.50' },
    { text: call('"status": "odd"'), column: 'status', code: 'ingest.bad_status', costUsd: '0.50' },
    { text: call('"prompt_tokens": 1.5'), column: 'prompt_tokens', code: 'ingest.bad_tokens', costUsd: '0.50' },
    {
      text: call('"endTime": "2026-02-01T07:59:59Z"'),
      ...{ column: 'endTime', code: 'ingest.end_before_start', costUsd: '0.50' },
    },
  ],
  ...document('data'),
}
