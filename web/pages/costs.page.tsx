import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { type Answers, api } from '../api.ts'
import { type LineFilters as Filters, lineQuestion, readLineFilters } from '../choice/line-filters.ts'
import { CompanyOnly } from '../components/company-only.tsx'
import { focusHeadingLater, useLook } from '../components/entry-dialogs.ts'
import { TableUsd } from '../components/exact-usd.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { LineFilters } from '../components/line-filters.tsx'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { SaveListButton } from '../components/save-list-button.tsx'
import { formatCountOf } from '../format/count.ts'
import type { FirstQueries } from '../page.tsx'
import type { User } from '../user.ts'
import { CostDialogs, type Opened } from './costs/cost-dialogs.tsx'
import { CostTable, type Line } from './costs/cost-table.tsx'

const LIMIT = 50

const linesOf = ({ skip, ...filters }: Filters & { skip: number }) => ({
  queryKey: ['costs.list', lineQuestion(filters), skip],
  queryFn: () => api.costs.list.query({ ...lineQuestion(filters), skip, limit: LIMIT }),
})
const totalOf = (filters: Filters) => ({
  queryKey: ['costs.total', lineQuestion(filters)],
  queryFn: () => api.costs.total.query(lineQuestion(filters)),
})
/** Pages of all that matches now, also if the filters change while they are on their way. */
const rowsFor = (filters: Filters) => async (skip: number, limit: number) => {
  const { costs, total } = await api.costs.list.query({ ...lineQuestion(filters), skip, limit })
  return { rows: costs, total }
}

export const firstQueries: FirstQueries = ({ query }) => {
  const asked = readLineFilters(query)
  return [linesOf(asked), totalOf(asked)]
}

/** Every line of the bills with what brought it; administrators enter, change and remove them. */
export default function CostsPage() {
  return (
    <CompanyOnly title="Bill lines" why="Bills are the company’s.">
      {(user) => <Costs user={user()} />}
    </CompanyOnly>
  )
}

function Costs(props: { user: User }) {
  const [params, setParams] = useSearchParams()
  const [opened, open] = createSignal<Opened | null>(null)
  const mayEdit = () => props.user.role === 'admin'
  const asked = () => readLineFilters(params)
  const lines = useQuery(() => linesOf(asked()))
  const total = useQuery(() => totalOf(asked()))
  const sum = () => (total.isPending ? undefined : total.data)
  const isNarrowed = () => Object.keys(lineQuestion(asked())).length > 0
  const look = useLook<Line['id']>({
    open: async (dialog, id) => void open({ dialog, cost: await api.costs.get.query({ id }) }),
    close: () => open(null),
    list: lines,
  })
  let heading!: HTMLDivElement
  const afterRemoval = () => {
    focusHeadingLater(heading)
    const { skip } = asked()
    if (skip > 0 && lines.data?.costs.length === 1) setParams({ skip: Math.max(0, skip - LIMIT) || null })
  }
  return (
    <div class="page">
      <div class="page-head">
        <div ref={heading}>
          <PageHeading title="Bill lines" />
          <p class="note">
            What was billed, a line per day and thing. All of them as one file are under <A href="/imports">Export</A>.
          </p>
        </div>
        <Show when={mayEdit()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New entry
          </button>
        </Show>
      </div>
      <LineFilters filters={asked()} hasSource onChange={(change) => setParams({ ...change, skip: null })} />
      <Show when={look.error}>{(error) => <FailureNote title="Could not open the entry" error={error()} />}</Show>
      <Panel
        title="Lines"
        query={lines}
        minHeight={420}
        isEmpty={(data) => data.total === 0}
        empty={
          <Show
            when={isNarrowed()}
            fallback={
              <p>
                No bill yet. Lines come with the first bill on <A href="/imports">Imports</A>
                {mayEdit() ? ', or enter one with “New entry”' : ''}.
              </p>
            }
          >
            <p>Nothing matches. Widen the days or clear a filter.</p>
          </Show>
        }
        actions={
          <SaveListButton
            ask={rowsFor(asked())}
            fileName="heliox-bill-lines.csv"
            label="Download all lines that match as CSV"
          />
        }
      >
        {(data) => (
          <>
            <LastFigures queries={[total]} />
            <Sum total={sum()} error={total.isError ? total.error : null} />
            <CostTable lines={data().costs} mayEdit={mayEdit()} onOpen={(dialog, id) => look.mutate({ dialog, id })} />
            <Pager of="the bill lines" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <CostDialogs
        opened={opened()}
        onReload={(dialog, id) => look.mutate({ dialog, id })}
        onRemoved={afterRemoval}
        onClose={() => open(null)}
      />
    </div>
  )
}

/** What all lines that match come to, on every page. */
function Sum(props: { total: Answers['costs']['total'] | undefined; error: unknown }) {
  return (
    <Show
      when={!props.error || props.total}
      fallback={<FailureNote title="Could not add them up" error={props.error} />}
    >
      <p class="total-line" aria-live="polite">
        <Show when={props.total} fallback={<span class="note">Adding up…</span>}>
          {(total) => (
            <>
              <span>{formatCountOf(total().count, 'line')}</span>
              <b>
                <TableUsd amount={total().effectiveCostUsd} />
              </b>
              <span class="note">
                amortised; invoiced <TableUsd amount={total().totalCostUsd} />
              </span>
            </>
          )}
        </Show>
      </p>
    </Show>
  )
}
