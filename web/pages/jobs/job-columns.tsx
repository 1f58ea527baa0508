import type { JSX } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import type { DataColumn } from '../../components/data-table/column.ts'
import { formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsdExact } from '../../format/usd.ts'
import { JobStatus } from './job-status.tsx'

export type JobRow = Answers['jobs']['list']['jobs'][number]

/** Amounts and hours are those of the days asked for. */
export const JOB_COLUMNS: readonly DataColumn<JobRow>[] = [
  { id: 'job', title: 'Job', width: 13, text: ({ jobId }) => jobId },
  {
    id: 'name',
    title: 'Name',
    width: 12,
    isExtra: true,
    text: ({ jobName }) => jobName,
    cell: ({ jobName }) => orDash(jobName),
  },
  {
    id: 'user',
    title: 'User',
    width: 9,
    isExtra: true,
    text: ({ userName }) => userName,
    cell: ({ userName }) => orDash(userName),
  },
  { id: 'team', title: 'Team', width: 10, text: ({ teamName }) => teamName },
  {
    id: 'model',
    title: 'Model',
    width: 10,
    text: ({ modelName }) => modelName,
    cell: ({ modelName }) => orDash(modelName),
  },
  { id: 'provider', title: 'Provider', width: 7, text: ({ provider }) => provider },
  { id: 'gpu_type', title: 'GPU type', width: 8, text: ({ gpuType }) => gpuType },
  {
    id: 'gpus',
    title: 'GPUs',
    width: 5.5,
    isNumber: true,
    isLargestFirst: true,
    text: ({ gpuCount }) => String(gpuCount),
  },
  {
    id: 'status',
    title: 'Status',
    width: 8,
    text: ({ status }) => status,
    cell: ({ status }) => <JobStatus status={status} />,
  },
  {
    id: 'start',
    title: 'Start',
    width: 12.5,
    isLargestFirst: true,
    text: ({ startedAt }) => startedAt ?? '',
    cell: ({ startedAt }) => instant(startedAt),
  },
  {
    id: 'end',
    title: 'End',
    width: 12.5,
    isExtra: true,
    isLargestFirst: true,
    text: ({ endedAt }) => endedAt ?? '',
    cell: ({ endedAt }) => instant(endedAt),
  },
  {
    id: 'source',
    title: 'Source',
    width: 8,
    isExtra: true,
    text: ({ source }) => source,
    cell: ({ source }) => orDash(source),
  },
  {
    id: 'gpu_hours',
    title: 'GPU-hours',
    width: 7.5,
    isNumber: true,
    isLargestFirst: true,
    text: ({ gpuHours }) => gpuHours,
    cell: ({ gpuHours }) => formatHours(gpuHours),
  },
  {
    id: 'cost',
    title: 'Cost',
    width: 9,
    isNumber: true,
    isLargestFirst: true,
    text: ({ allocationCostUsd }) => allocationCostUsd ?? '',
    cell: ({ allocationCostUsd }) => amount(allocationCostUsd),
  },
  {
    id: 'usage_cost',
    title: 'Cost by usage',
    width: 9.5,
    isNumber: true,
    isExtra: true,
    isLargestFirst: true,
    text: ({ usageCostUsd }) => usageCostUsd ?? '',
    cell: ({ usageCostUsd }) => amount(usageCostUsd),
  },
]

function orDash(text: string): JSX.Element {
  return text || <span class="muted">–</span>
}

function instant(iso: string | null): JSX.Element {
  return iso === null ? <span class="muted">–</span> : formatInstant(iso)
}

function amount(usd: UsdText | null): JSX.Element {
  return usd === null ? <span class="muted">not known</span> : formatUsdExact(usd)
}
