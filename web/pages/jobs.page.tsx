import { useLocation, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createMemo, createSignal, Show } from 'solid-js'
import { parseDay } from '../../db/units/time.ts'
import { api } from '../api.ts'
import { BASES, TEAM_BASES, writeChoice } from '../choice/choice.ts'
import { explainFigure } from '../choice/doors.ts'
import { endingOn } from '../choice/range.ts'
import { useChoice } from '../choice/use-choice.ts'
import { DataTable } from '../components/data-table/data-table.tsx'
import { TableTools } from '../components/data-table/table-tools.tsx'
import { readView, writeView } from '../components/data-table/table-view.ts'
import { useWindowedRows } from '../components/data-table/windowed-rows.ts'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { formatCountOf } from '../format/count.ts'
import { formatDays } from '../format/day.ts'
import { fileNameOf } from '../format/file-name.ts'
import { mayEditJobs, type User } from '../user.ts'
import { ImportLink } from './imports/import-link.tsx'
import { JOB_COLUMNS, type JobRow } from './jobs/job-columns.tsx'
import { NewJob } from './jobs/job-dialogs.tsx'
import { JobFilters } from './jobs/job-filters.tsx'
import { isJobFilter, jobsQuestion, listParams, readJobs } from './jobs/jobs-question.ts'
import { JobsTotal } from './jobs/jobs-total.tsx'

const USUAL = { sort: 'cost', isDescending: true }
const NEAR = 200

/** Every job with what it held and what it cost in the days chosen; the address holds all that the reader chose. */
export default function JobsPage() {
  return (
    <InTeam title="Jobs" why="Jobs are shown to the teams that they are of.">
      {(user) => (
        <div class="page">
          <Jobs user={user()} />
        </div>
      )}
    </InTeam>
  )
}

function Jobs(props: { user: User }) {
  const [isNew, setNew] = createSignal(false)
  const choice = useChoice(() => (props.user.seesWholeCompany ? BASES : TEAM_BASES))
  const [params, setParams] = useSearchParams()
  const asked = createMemo(() => readJobs(params))
  const view = createMemo(() => readView(params, JOB_COLUMNS, USUAL))
  const location = useLocation()
  const chosen = createMemo(() => listParams(location.search))
  const filters = () => choice.choice().filters.filter(({ name }) => isJobFilter(name))
  const question = createMemo(() => jobsQuestion(asked(), choice.days(), filters(), view()))
  const rows = useWindowedRows<JobRow>({
    question: () => ['jobs.list', question()],
    ask: async (skip, limit, signal) => {
      const page = await api.jobs.list.query({ ...question(), skip, limit }, signal ? { signal } : {})
      return { rows: page.jobs, total: page.total }
    },
  })
  const linked = useLinkedRow(question(), asked().row)
  const isNarrowed = () => filters().length > 0 || asked().words !== '' || asked().importId !== ''
  // By words, by import and of any time nothing is explained: pool-days know none of them.
  const explained = () =>
    asked().isAnyTime || asked().words || asked().importId
      ? undefined
      : explainFigure({ ...choice.choice(), basis: 'allocation', filters: filters() }, choice.days(), 'total')
  const clear = () => setParams({ ...writeChoice({ filters: [] }), q: null, import: null })
  return (
    <>
      <div class="page-head">
        <div>
          <PageHeading title="Jobs" />
          <p class="note">What each job held and cost {asked().isAnyTime ? 'in its whole life' : 'in these days'}.</p>
        </div>
        <div class="toolbar">
          <button
            type="button"
            class="button"
            aria-pressed={asked().isAnyTime}
            data-hint="Jobs of all days, and those that have not started"
            onClick={() => setParams({ time: asked().isAnyTime ? null : 'any' })}
          >
            Any time
          </button>
          <Show when={!asked().isAnyTime}>
            <RangePicker
              range={choice.choice().range}
              days={choice.days()}
              today={choice.today()}
              onPick={(range) => choice.change({ range })}
            />
          </Show>
          <Show when={mayEditJobs(props.user)}>
            <button type="button" class="button is-primary" onClick={() => setNew(true)}>
              New job
            </button>
          </Show>
        </div>
      </div>
      <PartialNote user={props.user} />
      <section class="panel" aria-label="Filters">
        <JobFilters
          user={props.user}
          choice={choice}
          words={asked().words}
          isNarrowed={isNarrowed()}
          onWords={(words) => setParams({ q: words || null }, { replace: true })}
          onClear={clear}
        />
        <Show when={asked().importId}>
          {(id) => (
            <p class="note">
              Only jobs that <ImportLink id={id() as `imp_${number}`} /> brought or was the last to change.
            </p>
          )}
        </Show>
      </section>
      <Panel
        title={rows.query.data ? formatCountOf(rows.source.total, 'job') : 'Jobs'}
        query={rows.query}
        minHeight={560}
        isEmpty={(data) => data.total === 0}
        empty={<NoJobs choice={choice} isNarrowed={isNarrowed()} isAnyTime={asked().isAnyTime} onClear={clear} />}
        actions={
          <TableTools
            columns={JOB_COLUMNS}
            rows={rows.source}
            view={view()}
            fileName={asked().isAnyTime ? 'heliox-jobs.csv' : fileNameOf('jobs', [], choice.days())}
            onView={(next) => setParams(writeView(next, JOB_COLUMNS, USUAL))}
          />
        }
      >
        {() => (
          <>
            <DataTable
              title="Jobs"
              columns={JOB_COLUMNS}
              rows={rows.source}
              view={view()}
              onView={(next) => setParams(writeView(next, JOB_COLUMNS, USUAL))}
              idOf={({ id }) => id}
              hrefOf={({ id }) => `/jobs/${id}${chosen()}`}
              linked={asked().row ? { id: asked().row, index: linked(asked().row) } : null}
              onLink={(row) => setParams({ row }, { replace: true, scroll: false })}
              question={JSON.stringify(question())}
            />
            <JobsTotal question={question()} explained={explained()} />
          </>
        )}
      </Panel>
      <Show when={isNew()}>
        <NewJob onClose={() => setNew(false)} />
      </Show>
    </>
  )
}

/** Where the row stands that the address named when the page was opened; null for any other. */
function useLinkedRow(question: ReturnType<typeof jobsQuestion>, id: string) {
  const query = useQuery(() => ({
    queryKey: ['jobs.list', question, 'around', id],
    queryFn: () => api.jobs.list.query({ ...question, around: id, limit: NEAR }),
    enabled: id !== '',
    ...{ staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
  }))
  return (row: string): number | null => {
    const page = row !== id || query.isPending || query.isError ? undefined : query.data
    const at = page?.jobs.findIndex((job) => job.id === id) ?? -1
    return page && at >= 0 ? page.skip + at : null
  }
}

/** What to do where no job is: loosen the filters, or go to where the data are. */
function NoJobs(props: {
  choice: ReturnType<typeof useChoice>
  isNarrowed: boolean
  isAnyTime: boolean
  onClear: () => void
}) {
  const extent = useQuery(() => ({ queryKey: ['analytics.extent'], queryFn: () => api.analytics.extent.query() }))
  const last = () => parseDay((extent.isPending || extent.isError ? undefined : extent.data?.lastDay) ?? '')
  const days = () => props.choice.days()
  const isElsewhere = () => {
    const day = last()
    return day !== null && (day < days().start || day > days().end) ? day : null
  }
  return (
    <>
      <p>
        {props.isNarrowed
          ? 'No job passes these filters, of those that held GPUs on these days.'
          : props.isAnyTime
            ? 'No job is there.'
            : `No job held GPUs ${days().start === days().end ? `on ${days().start}` : `in ${formatDays(days().start, days().end)}`}.`}
      </p>
      <Show when={props.isNarrowed}>
        <button type="button" class="button" onClick={() => props.onClear()}>
          Clear filters
        </button>
      </Show>
      <Show when={!props.isAnyTime && isElsewhere()}>
        {(day) => (
          <button type="button" class="button" onClick={() => props.choice.change({ range: endingOn(days(), day()) })}>
            Jump to the latest data
          </button>
        )}
      </Show>
    </>
  )
}
