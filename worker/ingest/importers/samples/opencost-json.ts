import type { Sample } from './sample.ts'

const FIRST = '"data": [\n{\n'
const window = '"start": "2026-02-01T00:00:00Z", "end": "2026-02-02T00:00:00Z"'

/** Each allocation is a row for its GPUs, one for the rest and a job, where it has them: 3 + 3 + 1 + 2 + 1 + 3. */
export const opencostJson: Sample = {
  ...{ file: 'opencost.json', records: 13, skipped: 0 },
  // 466.125 + 4.1500004 + 1.23456789012 + 135 + 2.5 + 250
  fileUsd: '859.00956829012',
  roundingUsd: '0.00000000012', // of the pod without a GPU: eleven digits to nine
  gpuHours: '289.5', // bought: 192 + 1.5 + 96; what is idle does not say
  withoutRows: '{"code": 200, "data": [{}]}',
  bad: [
    { text: '"b": 5', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: '"b": {"name": "b"}', column: null, code: 'ingest.not_an_object', costUsd: null },
    {
      text: '"b": {"properties": {}, "start": "2026-02-30T00:00:00Z", "totalCost": 3.25}',
      ...{ column: 'start', code: 'ingest.bad_time', costUsd: '3.25' },
    },
    {
      text: '"b": {"properties": {}, "start": "2026-02-02", "end": "2026-02-01", "totalCost": -1}',
      ...{ column: 'end', code: 'ingest.end_before_start', costUsd: '-1.00' },
    },
    {
      text: `"b": {"properties": {}, ${window}, "totalCost": "many"}`,
      ...{ column: 'totalCost', code: 'ingest.bad_amount', costUsd: null },
    },
    {
      text: `"b": {"properties": {}, ${window}, "totalCost": 2, "gpuCost": [1]}`,
      ...{ column: 'gpuCost', code: 'ingest.bad_amount', costUsd: '2.00' },
    },
    {
      text: `"b": {"properties": {}, ${window}}`,
      ...{ column: 'totalCost', code: 'ingest.bad_amount', costUsd: null },
    },
    {
      text: `"b": {"properties": {}, ${window}, "totalCost": 2.5, "gpuHours": -1}`,
      ...{ column: 'gpuHours', code: 'ingest.bad_gpu_hours', costUsd: '2.50' },
    },
    {
      text: '"b": {"properties": {}, "start": "2024-01-01", "end": "2026-02-01", "totalCost": 7.5}',
      ...{ column: 'end', code: 'ingest.too_long', costUsd: '7.50' },
    },
  ],
  reordered: (text) => {
    const answer = JSON.parse(text) as { data: (object | null)[] }
    const data = answer.data.map((map) => map && Object.fromEntries(Object.entries(map).reverse()))
    return JSON.stringify({ data: data.reverse(), code: 200 }, null, 1)
  },
  withRows: (text, rows) => {
    const at = text.indexOf('\n', text.indexOf(FIRST) + FIRST.length) + 1
    const added = rows.map((row) => `${/^"\w+": /.test(row) ? row : `"b": ${row}`},\n`).join('')
    return { text: text.slice(0, at) + added + text.slice(at), line: text.slice(0, at).split('\n').length }
  },
}
