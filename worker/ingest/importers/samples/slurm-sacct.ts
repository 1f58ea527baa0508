import { type Sample, table } from './sample.ts'

const sacctRow = (id: string, state: string, start: string, tres: string) =>
  `${id}|${id}|atlas|vision|ada|gpu|normal|${state}|2026-02-01T00:00:00|${start}|2026-02-01T02:00:00|1|1|n|${tres}||bad`

export const slurmSacct: Sample = {
  ...{ file: 'sacct.psv', records: 9, skipped: 2, fileUsd: '0.00', roundingUsd: '0.00' },
  // 2 × 5400 + 4 × 86400 + 4 × 10 + 2 runs × 4 × 3600 + 3 × 2,343,600 (still running) = 7,416,040 GPU-seconds
  gpuHours: '2060.011111',
  withoutRows: 'JobID|State|Start|End|AllocTRES\n',
  bad: [
    {
      text: sacctRow('8001', 'WHATEVER', '2026-02-01T01:00:00', 'gres/gpu=1'),
      ...{ column: 'State', code: 'ingest.bad_status', costUsd: null },
    },
    {
      text: sacctRow('8002', 'COMPLETED', '2026-02-31T01:00:00', 'gres/gpu=1'),
      ...{ column: 'Start', code: 'ingest.bad_time', costUsd: null },
    },
    {
      text: sacctRow('8003', 'COMPLETED', '2026-02-01T01:00:00', 'gres/gpu=two'),
      ...{ column: 'AllocTRES', code: 'ingest.bad_gpu_count', costUsd: null },
    },
    {
      text: sacctRow('', 'COMPLETED', '2026-02-01T01:00:00', 'gres/gpu=1'),
      ...{ column: 'JobID', code: 'ingest.missing', costUsd: null },
    },
    { text: '8004|COMPLETED', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
