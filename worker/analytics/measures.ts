import { JOB_STATUSES } from '../../db/schema/jobs.ts'

/** What cells and rollups add up (`measures` of db/schema/ledger.ts), as columns. */
export const MEASURES = [
  ...['gpu_ms', 'unmeasured_gpu_ms', 'uncosted_gpu_ms', 'job_count', 'first_job_count'],
  ...['allocation_nano_usd', 'usage_nano_usd', 'allocation_billed_nano_usd', 'usage_billed_nano_usd'],
  ...['allocation_list_nano_usd', 'usage_list_nano_usd'],
  ...['useful_nano_usd', 'idle_held_nano_usd', 'lost_nano_usd', 'not_measured_nano_usd'],
] as const
export type Measure = (typeof MEASURES)[number]

/** Every measure in a pattern, `$` standing for its column: `eachMeasure('sum($)')` → "sum(gpu_ms), sum(…), …". */
export function eachMeasure(pattern: string): string {
  return MEASURES.map((measure) => pattern.replaceAll('$', measure)).join(', ')
}

/** The number of a job's status in `owners` and rollups; 0 is cost that a rule gave to a team without a job. */
export function statusCode(column: string): string {
  const cases = JOB_STATUSES.map((status, index) => `when '${status}' then ${index + 1}`)
  return `case ${column} ${cases.join(' ')} end`
}

/** The status of such a number; null: no job's. */
export function statusOfCode(code: number | bigint): (typeof JOB_STATUSES)[number] | null {
  return JOB_STATUSES[Number(code) - 1] ?? null
}

/** Numbers of the statuses whose work came to nothing. */
export const LOST_STATUSES = (['failed', 'cancelled'] as const).map((status) => JOB_STATUSES.indexOf(status) + 1)
