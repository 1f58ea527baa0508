import { columnsNamed, csvRows } from './csv-rows.ts'
import type { TextImporter } from './importer.ts'
import { readJobRow } from './job-row.ts'

const NEEDED = ['job_id', 'team_name', 'provider', 'gpu_type', 'start_time', 'end_time', 'status'] as const
const EXPECTED = `a CSV whose first line names the columns ${NEEDED.join(', ')} (and, if you like, model_name, gpu_count)`

/** Jobs of any scheduler: one row per job, times in ISO 8601, an empty end while a job runs. */
export const jobsCsv: TextImporter = {
  id: 'jobs-csv',
  label: 'Jobs as CSV: job_id, team_name, model_name, provider, gpu_type, gpu_count, start_time, end_time, status',
  kind: 'jobs',
  accept: '.csv,.gz',
  defaultSource: '',
  isBill: false,
  recognises: (head) => columnsNamed(head, NEEDED),
  open: () =>
    csvRows(EXPECTED, NEEDED, (line, field) =>
      readJobRow(line, {
        job_id: field('job_id'),
        team_name: field('team_name'),
        model_name: field('model_name'),
        provider: field('provider'),
        gpu_type: field('gpu_type'),
        gpu_count: field('gpu_count'),
        start_time: field('start_time'),
        end_time: field('end_time'),
        status: field('status'),
      }),
    ),
}
