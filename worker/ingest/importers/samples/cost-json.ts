import { document, type Sample } from './sample.ts'

export const costJson: Sample = {
  ...{ file: 'cost.json', records: 5, skipped: 0 },
  // 13248 + 4822.56 + 9007.1992547409931 + 4711 + 0.1000000005
  fileUsd: '31788.8592547414931',
  // …7409931 is stored as …741 (0.0000000000069 too much), 0.1000000005 as 0.1: half to even
  roundingUsd: '0.0000000004931',
  gpuHours: '1152.5',
  withoutRows: '{"cost_data": []}',
  bad: [
    {
      text: '{"date": "2026-02-04", "provider": "aws", "gpu_type": "h100", "cost_usd": -1}',
      ...{ column: 'cost_usd', code: 'ingest.not_positive', costUsd: '-1.00' },
    },
    {
      text: '{"date": 20260204, "provider": "aws", "gpu_type": "h100", "cost_usd": 7.5}',
      ...{ column: 'date', code: 'ingest.bad_date', costUsd: '7.50' },
    },
    {
      text: '{"date": "2026-02-04", "provider": {"name": "aws"}, "gpu_type": "h100", "cost_usd": 2}',
      ...{ column: 'provider', code: 'ingest.missing', costUsd: '2.00' },
    },
    {
      text: '{"date": "2026-02-04", "provider": "aws", "gpu_type": "h100", "cost_usd": null}',
      ...{ column: 'cost_usd', code: 'ingest.bad_amount', costUsd: null },
    },
    { text: '[1, 2]', column: null, code: 'ingest.not_an_object', costUsd: null },
    { text: '{"date": }', column: null, code: 'ingest.not_an_object', costUsd: null },
  ],
  ...document('cost_data'),
}
