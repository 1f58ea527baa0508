import { type Sample, table } from './sample.ts'

export const costCsv: Sample = {
  ...{ file: 'cost.csv', records: 8, skipped: 0, roundingUsd: '0.00' },
  // 13248 + 4822.56 + 1516.80 + 13248 + 4711.2049 + 216.123456789 + 12900.5 + 0.0000025
  fileUsd: '50663.188359289',
  gpuHours: '8395.5', // 1920 + 1152 + 384 + 1920 + 1152 + 1867.5
  withoutRows: 'date,provider,gpu_type,cost_usd,gpu_hours\n',
  bad: [
    { text: '2026-02-30,aws,h100,12.25,1', column: 'date', code: 'ingest.bad_date', costUsd: '12.25' },
    { text: '4/1/25,aws,h100,0.75,1', column: 'date', code: 'ingest.bad_date', costUsd: '0.75' },
    { text: '2026-02-04,,h100,3,1', column: 'provider', code: 'ingest.missing', costUsd: '3.00' },
    { text: '2026-02-04,aws,,3,1', column: 'gpu_type', code: 'ingest.missing', costUsd: '3.00' },
    { text: '2026-02-04,aws,h100,-1,1', column: 'cost_usd', code: 'ingest.not_positive', costUsd: '-1.00' },
    { text: '2026-02-04,aws,h100,0.00,1', column: 'cost_usd', code: 'ingest.not_positive', costUsd: '0.00' },
    { text: '2026-02-04,aws,h100,"$10,100.00 ",1', column: 'cost_usd', code: 'ingest.bad_amount', costUsd: null },
    { text: '2026-02-04,aws,h100,1e3,1', column: 'cost_usd', code: 'ingest.bad_amount', costUsd: null },
    { text: '2026-02-04,aws,h100,8.5,many', column: 'gpu_hours', code: 'ingest.bad_gpu_hours', costUsd: '8.50' },
    { text: '2026-02-04,aws,h100,8.5', column: null, code: 'ingest.field_count', costUsd: null },
    { text: '2026-02-04,aws,"h100"x,8.5,', column: null, code: 'ingest.broken_quotes', costUsd: null },
  ],
  ...table,
}
