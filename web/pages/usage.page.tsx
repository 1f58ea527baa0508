import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { type Answers, api } from '../api.ts'
import { type LineFilters as Filters, lineQuestion, readLineFilters } from '../choice/line-filters.ts'
import { CompanyOnly } from '../components/company-only.tsx'
import { focusHeadingLater, useLook } from '../components/entry-dialogs.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { LineFilters } from '../components/line-filters.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { SaveListButton } from '../components/save-list-button.tsx'
import { formatCountOf, formatHours } from '../format/count.ts'
import type { FirstQueries } from '../page.tsx'
import type { User } from '../user.ts'
import { type Opened, UsageDialogs } from './usage/usage-dialogs.tsx'
import { type UsageRow, UsageTable } from './usage/usage-table.tsx'

const LIMIT = 50

type Asked = Filters & { skip: number }

/** Measurements have no source of their own: one in the address is not asked for. */
const narrowing = (filters: Filters) => lineQuestion({ ...filters, source: '' })

const rowsFrom = (asked: Asked) => ({
  queryKey: ['usage.list', narrowing(asked), asked.skip],
  queryFn: () => api.usage.list.query({ ...narrowing(asked), skip: asked.skip, limit: LIMIT }),
})
const totalOf = (asked: Asked) => ({
  queryKey: ['usage.total', narrowing(asked)],
  queryFn: () => api.usage.total.query(narrowing(asked)),
})
/** Pages of all that matches now, also if the filters change while they are on their way. */
const everyFrom = (asked: Asked) => async (skip: number, limit: number) => {
  const { usage, total } = await api.usage.list.query({ ...narrowing(asked), skip, limit })
  return { rows: usage, total }
}

export const firstQueries: FirstQueries = ({ query }) => {
  const asked = readLineFilters(query)
  return [rowsFrom(asked), totalOf(asked)]
}

/** What GPUs were measured to have done, or derived to; administrators enter, derive, change and remove it. */
export default function UsagePage() {
  return (
    <CompanyOnly title="Measured usage" why="Measurements are of whole pools, which teams share.">
      {(user) => <Usage user={user()} />}
    </CompanyOnly>
  )
}

function Usage(props: { user: User }) {
  const [params, setParams] = useSearchParams()
  const [opened, open] = createSignal<Opened | null>(null)
  const mayEdit = () => props.user.role === 'admin'
  const asked = () => ({ ...readLineFilters(params), source: '' })
  const rows = useQuery(() => rowsFrom(asked()))
  const total = useQuery(() => totalOf(asked()))
  const sum = () => (total.isPending ? undefined : total.data)
  const isNarrowed = () => Object.keys(narrowing(asked())).length > 0
  const look = useLook<UsageRow['id']>({
    open: async (dialog, id) => void open({ dialog, usage: await api.usage.get.query({ id }) }),
    close: () => open(null),
    list: rows,
  })
  let heading!: HTMLDivElement
  const afterRemoval = () => {
    focusHeadingLater(heading)
    const { skip } = asked()
    if (skip > 0 && rows.data?.usage.length === 1) setParams({ skip: Math.max(0, skip - LIMIT) || null })
  }
  return (
    <div class="page">
      <div class="page-head">
        <div ref={heading}>
          <PageHeading title="Measured usage" />
          <p class="note">
            How long GPUs worked, per UTC day and pool. <A href="/utilization">Utilisation</A> sets it against what was
            paid for.
          </p>
        </div>
        <Show when={mayEdit()}>
          <div class="toolbar">
            <button type="button" class="button" onClick={() => open({ dialog: 'from-jobs' })}>
              Take it from jobs
            </button>
            <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
              New measurement
            </button>
          </div>
        </Show>
      </div>
      <LineFilters filters={asked()} onChange={(change) => setParams({ ...change, skip: null })} />
      <Show when={look.error}>{(error) => <FailureNote title="Could not open the measurement" error={error()} />}</Show>
      <Panel
        title="Measurements"
        query={rows}
        minHeight={420}
        isEmpty={(data) => data.total === 0}
        empty={
          <Show
            when={isNarrowed()}
            fallback={
              <p>
                Nothing is measured yet. It comes with a usage-csv file on <A href="/imports">Imports</A> or from a
                source{mayEdit() ? '; where nothing measures, take it from jobs' : ''}.
              </p>
            }
          >
            <p>Nothing matches. Widen the days or clear a filter.</p>
          </Show>
        }
        actions={
          <SaveListButton
            ask={everyFrom(asked())}
            fileName="heliox-usage.csv"
            label="Download all measurements that match as CSV"
          />
        }
      >
        {(data) => (
          <>
            <LastFigures queries={[total]} />
            <Sum total={sum()} error={total.isError ? total.error : null} />
            <UsageTable rows={data().usage} mayEdit={mayEdit()} onOpen={(dialog, id) => look.mutate({ dialog, id })} />
            <Pager of="the measurements" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <UsageDialogs
        opened={opened()}
        onReload={(dialog, id) => look.mutate({ dialog, id })}
        onRemoved={afterRemoval}
        onClose={() => open(null)}
      />
    </div>
  )
}

/** What all measurements that match come to, on every page. */
function Sum(props: { total: Answers['usage']['total'] | undefined; error: unknown }) {
  return (
    <Show
      when={!props.error || props.total}
      fallback={<FailureNote title="Could not add them up" error={props.error} />}
    >
      <p class="total-line" aria-live="polite">
        <Show when={props.total} fallback={<span class="note">Adding up…</span>}>
          {(total) => (
            <>
              <span>{formatCountOf(total().count, 'measurement')}</span>
              <b>{formatHours(total().gpuHours)} GPU-hours</b>
            </>
          )}
        </Show>
      </p>
    </Show>
  )
}
