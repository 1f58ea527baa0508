import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createMemo, Show } from 'solid-js'
import { api } from '../api.ts'
import { BASES } from '../choice/choice.ts'
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
import type { User } from '../user.ts'
import { RefusedCalls } from './requests/refused-calls.tsx'
import { RequestCards } from './requests/request-cards.tsx'
import { REQUEST_COLUMNS } from './requests/request-columns.tsx'
import { RequestFilters } from './requests/request-filters.tsx'
import type { RequestRow } from './requests/request-words.ts'
import { readRequests, requestsQuestion } from './requests/requests-question.ts'

const USUAL = { sort: 'time', isDescending: true }

/** Every call of the gateway as it comes in; the address holds the days and filters that the reader chose. */
export default function RequestsPage() {
  return (
    <InTeam title="Requests" why="Requests are shown to the teams that they are of.">
      {(user) => <Requests user={user()} />}
    </InTeam>
  )
}

function Requests(props: { user: User }) {
  const choice = useChoice(() => BASES)
  const [params, setParams] = useSearchParams()
  const chosen = createMemo(() => readRequests(params))
  const view = createMemo(() => readView(params, REQUEST_COLUMNS, USUAL))
  const question = createMemo(() => requestsQuestion(chosen(), choice.days()))
  const isNarrowed = () => Object.values(chosen()).some((value) => value !== '')
  const row = () => [params.row].flat()[0] ?? ''
  const rows = useWindowedRows<RequestRow>({
    question: () => ['requests.list', question()],
    ask: async (skip, limit, signal) => {
      const page = await api.requests.list.query({ ...question(), skip, limit }, signal ? { signal } : {})
      return { rows: page.requests, total: page.total }
    },
  })
  const total = useQuery(() => ({
    queryKey: ['requests.total', question()],
    queryFn: () => api.requests.total.query(question()),
  }))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Requests" />
          <p class="note">Calls of models through the gateway, as they come in.</p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user} />
      <RequestCards total={total.isPending ? undefined : total.data} isFailed={total.isError} days={choice.days()} />
      <section class="panel" aria-label="Filters">
        <RequestFilters
          user={props.user}
          days={choice.days()}
          chosen={chosen()}
          onChange={(change) => setParams({ ...change, row: null })}
        />
      </section>
      <RefusedCalls chosen={chosen()} days={choice.days()} />
      <Panel
        title={rows.query.data ? formatCountOf(rows.source.total, 'request') : 'Requests'}
        query={rows.query}
        minHeight={560}
        isEmpty={(data) => data.total === 0}
        empty={<NoRequests user={props.user} isNarrowed={isNarrowed()} />}
        actions={
          <TableTools
            columns={REQUEST_COLUMNS}
            rows={rows.source}
            view={view()}
            fileName="heliox-requests.csv"
            onView={(next) => setParams(writeView(next, REQUEST_COLUMNS, USUAL))}
          />
        }
      >
        {() => (
          <DataTable
            title="Requests"
            columns={REQUEST_COLUMNS}
            rows={rows.source}
            view={view()}
            onView={(next) => setParams(writeView(next, REQUEST_COLUMNS, USUAL))}
            idOf={({ id }) => id}
            hrefOf={({ id }) => `/requests/${id}`}
            linked={row() ? { id: row(), index: null } : null}
            onLink={(id) => setParams({ row: id }, { replace: true, scroll: false })}
            question={JSON.stringify(question())}
          />
        )}
      </Panel>
    </div>
  )
}

/** What to do where no call is: loosen the filters, or make the first one. */
function NoRequests(props: { user: User; isNarrowed: boolean }) {
  const mayCall = () => props.user.role === 'admin' || props.user.role === 'developer'
  return (
    <Show when={!props.isNarrowed} fallback={<p>No request of these days passes the filters.</p>}>
      <p>No request came in on these days.</p>
      <Show when={mayCall()} fallback={<p>Developers and administrators call models with an API key.</p>}>
        <p>
          Try a model in the{' '}
          <A class="link" href="/playground">
            playground
          </A>
          , or make an{' '}
          <A class="link" href="/keys">
            API key
          </A>{' '}
          and point any OpenAI client at <code>{`${window.location.origin}/v1`}</code>.
        </p>
      </Show>
    </Show>
  )
}
