import { document, type Sample } from './sample.ts'

export const jobsJson: Sample = {
  ...{ file: 'jobs.json', records: 5, skipped: 0, fileUsd: '0.00', roundingUsd: '0.00' },
  gpuHours: '1354.5', // 8 × 9 h + 6 h + 2 × 638 h (still running) + 0.5 h
  withoutRows: '{"teams": [], "jobs": []}',
  bad: [
    { text: '{}', column: 'job_id', code: 'ingest.missing', costUsd: null },
    { text: '"job"', column: null, code: 'ingest.not_an_object', costUsd: null },
    {
      text: '{"job_id": "b", "team_name": {"a": 1}, "provider": "aws", "gpu_type": "h100", "status": "pending"}',
      ...{ column: 'team_name', code: 'ingest.missing', costUsd: null },
    },
    {
      text: '{"job_id": "b", "team_name": "t", "provider": "aws", "gpu_type": "h100", "start_time": 1767225600, "status": "running"}',
      ...{ column: 'start_time', code: 'ingest.bad_time', costUsd: null },
    },
  ],
  ...document('jobs'),
}
