import { columnsNamed, csvRows } from './csv-rows.ts'
import type { TextImporter } from './importer.ts'
import { readJobRow } from './job-row.ts'
import { bareText } from './spreadsheet-cell.ts'

const NEEDED = ['job_id', 'team_name', 'provider', 'gpu_type', 'start_time', 'end_time', 'status'] as const
const EXPECTED = `a CSV whose first line names the columns ${NEEDED.join(', ')} (and, if you like, model_name, gpu_count, gpu_milli, mig_profile, gpu_replicas, run)`

/**
 * Jobs of any scheduler: one row per job, times in ISO 8601, an empty end while a job runs. `run` tells the runs of one
 * job id apart.
 */
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
        job_id: bareText(field('job_id').trim()),
        team_name: bareText(field('team_name').trim()),
        model_name: bareText(field('model_name').trim()),
        provider: bareText(field('provider').trim()),
        gpu_type: bareText(field('gpu_type').trim()),
        gpu_count: field('gpu_count'),
        gpu_milli: field('gpu_milli'),
        mig_profile: field('mig_profile'),
        gpu_replicas: field('gpu_replicas'),
        user_name: field('user_name'),
        job_name: field('job_name'),
        start_time: field('start_time'),
        end_time: field('end_time'),
        status: field('status'),
        run: bareText(field('run').trim()),
      }),
    ),
}
