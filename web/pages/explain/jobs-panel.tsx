import { useSearchParams } from '@solidjs/router'
import { createMemo, For, Show } from 'solid-js'
import { nanoUsd, readUsd, toNanoUsd, type UsdText, usdText } from '../../../db/units/money.ts'
import { type Answers, api, type Questions } from '../../api.ts'
import type { CostQuestion } from '../../choice/explain-address.ts'
import type { DataColumn, TableView } from '../../components/data-table/column.ts'
import { DataTable } from '../../components/data-table/data-table.tsx'
import { TableTools } from '../../components/data-table/table-tools.tsx'
import { readView, writeView } from '../../components/data-table/table-view.ts'
import { useWindowedRows } from '../../components/data-table/windowed-rows.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCount, formatCountOf, formatHours } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { fileNameOf } from '../../format/file-name.ts'
import { isZeroUsd } from '../../format/usd.ts'
import { poolName } from './pool-days-panel.tsx'
import { SumsLine } from './sums-line.tsx'

type JobsCost = Answers['analytics']['byJob']
type JobCost = JobsCost['jobs'][number]
type Order = NonNullable<Questions['analytics']['byJob']['sort']>

const USUAL = { sort: 'cost', isDescending: true }
const isOf = { isUnsorted: true } // the answer by job knows no such order
const largest = { isNumber: true, isLargestFirst: true }

const COLUMNS: readonly DataColumn<JobCost>[] = [
  {
    ...{ id: 'job', title: 'Job', width: 10, grows: true, ...isOf },
    text: (job) => (job.source ? `${job.source} ${job.jobId}` : job.jobId),
  },
  { id: 'team', title: 'Team', width: 8, grows: true, ...isOf, text: (job) => job.teamName },
  {
    id: 'model',
    title: 'Model',
    width: 8,
    grows: true,
    ...isOf,
    text: (job) => job.modelName,
    cell: (job) => job.modelName || '–',
  },
  { id: 'pool', title: 'Pool', width: 8.5, grows: true, ...isOf, text: (job) => poolName(job) },
  { id: 'status', title: 'Status', width: 7, ...isOf, text: (job) => job.status },
  timeColumn('start', 'Start', (job) => job.startedAt),
  timeColumn('end', 'End', (job) => job.endedAt),
  {
    ...{ id: 'gpu_hours', title: 'GPU-hours', width: 8, ...largest },
    text: (job) => job.gpuHours,
    cell: (job) => formatHours(job.gpuHours),
  },
  {
    ...{ id: 'cost', title: 'Cost', width: 10, ...largest },
    text: (job) => (isKnown(job) ? job.totalCostUsd : ''),
    cell: (job) => (isKnown(job) ? <ExactUsd amount={job.totalCostUsd} /> : <span class="muted">not known</span>),
  },
]

function isKnown(job: JobCost): boolean {
  return job.uncostedGpuHours !== job.gpuHours
}

function timeColumn(id: string, title: string, instant: (job: JobCost) => string | null): DataColumn<JobCost> {
  const cell = (job: JobCost) => {
    const iso = instant(job)
    return iso === null ? '–' : formatInstant(iso)
  }
  return { id, title, width: 11.5, isExtra: true, isLargestFirst: true, text: (job) => instant(job) ?? '', cell }
}

/** What no job was charged, in the order in which it completes the list. */
const REST = [
  ['assignedCostUsd', 'Given by rule'],
  ['waitingCostUsd', 'Of jobs that changed a moment ago'],
  ['idleCostUsd', 'Idle'],
  ['unmeasuredCostUsd', 'Unmeasured'],
  ['unallocatedCostUsd', 'Unallocated'],
] as const

/** The jobs of a question with what each cost, and what no job was charged: together the total. */
export function JobsPanel(props: { title: string; question: CostQuestion; addressOf: (jobId: string) => string }) {
  const [params, setParams] = useSearchParams()
  const view = createMemo(() => readView(params, COLUMNS, USUAL))
  const asked = createMemo(() => ({
    ...props.question,
    ...{ sort: view().sort as Order, order: view().isDescending ? ('desc' as const) : ('asc' as const) },
  }))
  const rows = useWindowedRows<JobCost, JobsCost>({
    question: () => ['analytics.byJob', asked()],
    ask: async (skip, limit, signal) => {
      const page = await api.analytics.byJob.query({ ...asked(), skip, limit }, signal ? { signal } : {})
      return { ...page, rows: page.jobs }
    },
  })
  const linked = () => (typeof params.row === 'string' ? { id: params.row, index: null } : null)
  const onView = (next: TableView) => setParams(writeView(next, COLUMNS, USUAL), { scroll: false })
  return (
    <Panel
      title={props.title}
      query={rows.query}
      minHeight={320}
      isEmpty={({ total }) => total === 0 && isZeroUsd(rows.about()?.totalCostUsd ?? '0.00')}
      empty={<p>No job held GPUs here.</p>}
      actions={
        <TableTools
          columns={COLUMNS}
          rows={rows.source}
          view={view()}
          fileName={fileNameOf('explain', ['jobs'], props.question)}
          onView={onView}
        />
      }
    >
      {() => (
        <>
          <DataTable
            title={`Table of ${props.title.toLowerCase()}`}
            columns={COLUMNS}
            rows={rows.source}
            view={view()}
            onView={onView}
            idOf={({ id }) => id}
            hrefOf={({ id }) => props.addressOf(id)}
            linked={linked()}
            onLink={(row) => setParams({ row }, { replace: true, scroll: false })}
            question={JSON.stringify(asked())}
          />
          <Show when={rows.about()}>
            {(data) => (
              <>
                <dl class="explain-parts">
                  <div>
                    <dt>{formatCountOf(data().total, 'job')}</dt>
                    <dd>
                      <ExactUsd amount={data().jobsCostUsd} />
                    </dd>
                  </div>
                  <For each={partsOf(data())}>
                    {([name, words]) => (
                      <div>
                        <dt>{words}</dt>
                        <dd>
                          <ExactUsd amount={data()[name]} />
                        </dd>
                      </div>
                    )}
                  </For>
                </dl>
                <SumsLine
                  count={partsOf(data()).length > 0 ? 2 : data().total}
                  what={whatOf(data())}
                  sum={data().totalCostUsd}
                  difference={differenceOf(data())}
                />
              </>
            )}
          </Show>
        </>
      )}
    </Panel>
  )
}

/** What no job was charged, where it is something. */
function partsOf(data: JobsCost) {
  return REST.filter(([name]) => !isZeroUsd(data[name] ?? '0.00'))
}

function whatOf(data: JobsCost): string {
  const jobs = data.total === 1 ? 'This job' : `These ${formatCount(data.total)} jobs`
  return partsOf(data).length > 0 ? `${jobs} and what no job was charged` : jobs
}

/** What is missing between the parts of the list and its total: nothing. */
function differenceOf(data: JobsCost): UsdText {
  const parts = [data.jobsCostUsd, ...REST.map(([name]) => data[name] ?? '0.00')]
  return usdText(nanoUsd(parts.reduce((left, part) => left - nanoOf(part), nanoOf(data.totalCostUsd))))
}

function nanoOf(amount: UsdText): bigint {
  const exact = readUsd(amount)
  return exact ? toNanoUsd(exact) : 0n
}
