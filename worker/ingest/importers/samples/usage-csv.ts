import { type Sample, table } from './sample.ts'

export const usageCsv: Sample = {
  ...{ file: 'usage.csv', records: 5, skipped: 0, fileUsd: '0.00', roundingUsd: '0.00' },
  // 172.5 + 0 + 168.25 + one second + 192 = 1,917,901 GPU-seconds
  gpuHours: '532.750278',
  withoutRows: 'date,provider,gpu_type,gpu_hours\n',
  bad: [
    { text: '2026-02-30,aws,h100,1,,', column: 'date', code: 'ingest.bad_date', costUsd: null },
    { text: '2026-02-04,,h100,1,,', column: 'provider', code: 'ingest.missing', costUsd: null },
    { text: '2026-02-04,aws,,1,,', column: 'gpu_type', code: 'ingest.missing', costUsd: null },
    { text: '2026-02-04,aws,h100,-1,,', column: 'gpu_hours', code: 'ingest.bad_gpu_hours', costUsd: null },
    { text: '2026-02-04,aws,h100,,,', column: 'gpu_hours', code: 'ingest.bad_gpu_hours', costUsd: null },
    { text: '2026-02-04,aws,h100,1,all,', column: 'measured_gpu_hours', code: 'ingest.bad_gpu_hours', costUsd: null },
    { text: '2026-02-04,aws,h100,1', column: null, code: 'ingest.field_count', costUsd: null },
    { text: '2026-02-01,AWS ,H100,5,,', column: 'date', code: 'ingest.repeated', costUsd: null },
  ],
  ...table,
}
