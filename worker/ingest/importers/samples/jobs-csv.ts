import { type Sample, table } from './sample.ts'

export const jobsCsv: Sample = {
  ...{ file: 'jobs.csv', records: 7, skipped: 0, fileUsd: '0.00', roundingUsd: '0.00' },
  // 64 × 36.5 h + 8 × 12 h + 1:15:30 + 4 × 2 s + 16 × 636 h (still running) = 45,393,338 GPU-seconds
  gpuHours: '12609.260556',
  withoutRows: 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n',
  bad: [
    { text: ',t,m,aws,h100,1,,,pending', column: 'job_id', code: 'ingest.missing', costUsd: null },
    { text: 'b,,m,aws,h100,1,,,pending', column: 'team_name', code: 'ingest.missing', costUsd: null },
    { text: 'b,t,m,aws,h100,1,,,done', column: 'status', code: 'ingest.bad_status', costUsd: null },
    { text: 'b,t,m,aws,h100,1/2,,,pending', column: 'gpu_count', code: 'ingest.bad_gpu_count', costUsd: null },
    { text: 'b,t,m,aws,h100,-1,,,pending', column: 'gpu_count', code: 'ingest.bad_gpu_count', costUsd: null },
    { text: 'b,t,m,aws,h100,1,,,running', column: 'start_time', code: 'ingest.missing', costUsd: null },
    { text: 'b,t,m,aws,h100,1,4/1/25,,running', column: 'start_time', code: 'ingest.bad_time', costUsd: null },
    { text: 'b,t,m,aws,h100,1,2026-02-01,,failed', column: 'end_time', code: 'ingest.missing', costUsd: null },
    {
      text: 'b,t,m,aws,h100,1,2026-02-02,2026-02-01,failed',
      ...{ column: 'end_time', code: 'ingest.end_before_start', costUsd: null },
    },
    {
      text: 'b,t,m,aws,h100,1,2026-02-01,2026-02-02,running',
      ...{ column: 'end_time', code: 'ingest.running_ended', costUsd: null },
    },
    { text: 'b,t,m', column: null, code: 'ingest.field_count', costUsd: null },
  ],
  ...table,
}
