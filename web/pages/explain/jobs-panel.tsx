import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { nanoUsd, readUsd, toNanoUsd, type UsdText, usdText } from '../../../db/units/money.ts'
import { type Answers, api, type Questions } from '../../api.ts'
import type { Question } from '../../choice/choice.ts'
import { DownloadButton } from '../../components/download-button.tsx'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCount, formatCountOf, formatHours } from '../../format/count.ts'
import { isZeroUsd } from '../../format/usd.ts'
import { poolName } from './pool-days-panel.tsx'
import { SumsLine } from './sums-line.tsx'

const LIMIT = 20

type JobsCost = Answers['analytics']['byJob']
export type JobSort = NonNullable<Questions['analytics']['byJob']['sort']>
export const JOB_SORTS: Record<JobSort, string> = { cost: 'Cost', gpu_hours: 'GPU-hours', start: 'Start', end: 'End' }

/** What no job was charged, in the order in which it completes the list. */
const REST = [
  ['assignedCostUsd', 'Given by rule'],
  ['waitingCostUsd', 'Of jobs that changed a moment ago'],
  ['idleCostUsd', 'Idle'],
  ['unmeasuredCostUsd', 'Unmeasured'],
  ['unallocatedCostUsd', 'Unallocated'],
] as const

/** The jobs of a question with what each cost, and what no job was charged: together the total. */
export function JobsPanel(props: {
  title: string
  question: Question
  sort: JobSort
  skip: number
  csvPath: string
  addressOf: (jobId: string) => string
  onSort: (sort: JobSort) => void
  onSkip: (skip: number) => void
}) {
  const asked = () => ({ ...props.question, sort: props.sort, skip: props.skip, limit: LIMIT })
  const query = useQuery(() => ({
    queryKey: ['analytics.byJob', asked()],
    queryFn: () => api.analytics.byJob.query(asked()),
  }))
  return (
    <Panel
      title={props.title}
      query={query}
      minHeight={320}
      isEmpty={(data) => data.total === 0 && isZeroUsd(data.totalCostUsd)}
      empty={<p>No job held GPUs here.</p>}
      actions={
        <>
          <DownloadButton
            path={props.csvPath}
            fileName="heliox-by-job.csv"
            label="Download the hundred dearest jobs as CSV"
          />
          <label class="inline-field">
            <span>By</span>
            <select value={props.sort} onChange={(event) => props.onSort(event.currentTarget.value as JobSort)}>
              <For each={Object.entries(JOB_SORTS)}>{([sort, name]) => <option value={sort}>{name}</option>}</For>
            </select>
          </label>
        </>
      }
    >
      {(data) => (
        <>
          <section class="table-scroll" tabindex="0" aria-label={props.title}>
            <table class="is-cards explain-table">
              <thead>
                <tr>
                  <th scope="col">Job</th>
                  <th scope="col">Team</th>
                  <th scope="col">Model</th>
                  <th scope="col">Pool</th>
                  <th scope="col">Status</th>
                  <th scope="col" class="number">
                    GPU-hours
                  </th>
                  <th scope="col" class="number">
                    Cost
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={data().jobs}>{(job) => <JobRow job={job} href={props.addressOf(job.id)} />}</For>
              </tbody>
            </table>
          </section>
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
            page={data().total > data().limit ? data().pageCostUsd : undefined}
          />
          <Pager of="the jobs" page={data()} onSkip={props.onSkip} />
        </>
      )}
    </Panel>
  )
}

function JobRow(props: { job: JobsCost['jobs'][number]; href: string }) {
  return (
    <tr>
      <th scope="row">
        <A class="link" href={props.href}>
          {props.job.jobId}
        </A>
        <Show when={props.job.source}>
          <span class="note">{props.job.source}</span>
        </Show>
      </th>
      <td data-label="Team">{props.job.teamName}</td>
      <td data-label="Model">{props.job.modelName || '–'}</td>
      <td data-label="Pool">{poolName(props.job)}</td>
      <td data-label="Status">{props.job.status}</td>
      <td class="number" data-label="GPU-hours">
        {formatHours(props.job.gpuHours)}
      </td>
      <td class="number" data-label="Cost">
        <Show when={props.job.uncostedGpuHours !== props.job.gpuHours} fallback={<span class="muted">not known</span>}>
          <ExactUsd amount={props.job.totalCostUsd} />
        </Show>
      </td>
    </tr>
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
