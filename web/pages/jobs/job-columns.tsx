import type { JSX } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import type { DataColumn } from '../../components/data-table/column.ts'
import { formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { teamName } from '../../format/row-name.ts'
import { formatUsdInTable } from '../../format/usd.ts'
import { isServing } from './is-serving.ts'
import { JobStatus } from './job-status.tsx'

export type JobRow = Answers['jobs']['list']['jobs'][number]

const LARGEST_FIRST = { isNumber: true, isLargestFirst: true } as const

/** Amounts and hours are those of the days asked for. */
export const JOB_COLUMNS: readonly DataColumn<JobRow>[] = [
  {
    ...{ id: 'job', title: 'Job', width: 10, grows: true, text: ({ jobId }) => jobId },
    cell: (row) => (isServing(row) ? `Serving ${row.modelName}` : row.jobId),
  },
  {
    ...{ id: 'cost', title: 'Cost', width: 8, ...LARGEST_FIRST },
    text: (row) => row.allocationCostUsd ?? '',
    cell: (row) => amount(row.allocationCostUsd),
  },
  {
    ...{ id: 'usage_cost', title: 'Cost by usage', width: 9.5, ...LARGEST_FIRST, isExtra: true },
    text: (row) => row.usageCostUsd ?? '',
    cell: (row) => amount(row.usageCostUsd),
  },
  {
    ...{ id: 'gpu_hours', title: 'GPU-hours', width: 6, ...LARGEST_FIRST },
    text: (row) => row.gpuHours,
    cell: (row) => formatHours(row.gpuHours),
  },
  { id: 'team', title: 'Team', width: 7, grows: true, text: (row) => teamName(row.teamName) },
  words('model', 'Model', 7, (row) => row.modelName),
  {
    id: 'status',
    title: 'Status',
    width: 7,
    text: (row) => row.status,
    cell: ({ status }) => <JobStatus status={status} />,
  },
  { id: 'gpu_type', title: 'GPU type', width: 5.25, text: (row) => row.gpuType },
  { id: 'gpus', title: 'GPUs', width: 4, ...LARGEST_FIRST, text: (row) => String(row.gpuCount) },
  { id: 'provider', title: 'Provider', width: 6.25, text: (row) => row.provider },
  time('start', 'Start', (row) => row.startedAt),
  { ...time('end', 'End', (row) => row.endedAt), isExtra: true },
  { ...words('name', 'Name', 9, (row) => row.jobName), isExtra: true },
  { ...words('user', 'User', 7, (row) => row.userName), isExtra: true },
  { ...words('source', 'Source', 7, (row) => row.source), isExtra: true },
]

function words(id: string, title: string, width: number, text: (row: JobRow) => string): DataColumn<JobRow> {
  return { id, title, width, grows: true, text, cell: (row) => text(row) || <span class="muted">–</span> }
}

function time(id: string, title: string, instant: (row: JobRow) => string | null): DataColumn<JobRow> {
  const cell = (row: JobRow) => {
    const iso = instant(row)
    return iso === null ? <span class="muted">–</span> : formatInstant(iso)
  }
  return { id, title, width: 12, isLargestFirst: true, text: (row) => instant(row) ?? '', cell }
}

function amount(usd: UsdText | null): JSX.Element {
  return usd === null ? <span class="muted">not known</span> : formatUsdInTable(usd)
}
