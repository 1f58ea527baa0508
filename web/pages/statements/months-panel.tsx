import { A, useSearchParams } from '@solidjs/router'
import { createSignal, Index, Show } from 'solid-js'
import { readSkip } from '../../choice/skip.ts'
import { TableUsd, UsdDoor } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatMonth } from '../../format/month.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import type { User } from '../../user.ts'
import { CloseMonth } from './close-month.tsx'
import { explainMonth } from './statement-doors.ts'
import { type Month, useMonths } from './statement-queries.ts'

/** Every month in a row: open or closed, what it cost, and what has changed since it was closed. */
export function MonthsPanel(props: { user: User }) {
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const months = useMonths(() => readSkip(params.skip))
  const [closing, setClosing] = createSignal<string | null>(null)
  return (
    <Panel
      title="Months"
      query={months}
      minHeight={280}
      isEmpty={(data) => data.total === 0}
      empty={
        <>
          <p>Nothing was billed yet, so there is nothing to state.</p>
          <p>
            A bill or a file of jobs on <A href="/imports">Imports</A> brings the first month.
          </p>
        </>
      }
    >
      {(data) => (
        <>
          <section class="table-scroll" tabindex="0" aria-label="Months">
            <table class="months is-cards">
              <thead>
                <tr>
                  <th scope="col">Month</th>
                  <th scope="col">State</th>
                  <th scope="col" class="number">
                    {props.user.seesWholeCompany ? 'Bill' : 'Charged'}
                  </th>
                  <th scope="col" class="number">
                    Adjustments
                  </th>
                  <th scope="col" class="number">
                    Total
                  </th>
                  <th scope="col" class="no-print">
                    <span class="visually-hidden">What to do</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                <Index each={data().months}>
                  {(month) => (
                    <Row
                      month={month()}
                      href={props.user.seesWholeCompany ? explainMonth(month().month, 'total') : undefined}
                      onClose={setClosing}
                    />
                  )}
                </Index>
              </tbody>
            </table>
          </section>
          <Pager of="months" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          <Show when={closing()}>{(month) => <CloseMonth month={month()} onClose={() => setClosing(null)} />}</Show>
        </>
      )}
    </Panel>
  )
}

function Row(props: { month: Month; href: string | undefined; onClose: (month: string) => void }) {
  const name = () => formatMonth(props.month.month)
  return (
    <tr>
      <th scope="row">
        <A href={`/statements?month=${props.month.month}`}>{name()}</A>
      </th>
      <td data-label="State">
        <span>
          <MonthBadge state={props.month.state} /> <span class="note months-since">{sinceOf(props.month)}</span>
        </span>
      </td>
      <td class="number" data-label="Cost">
        <UsdDoor href={props.href} of={name()} amount={props.month.costUsd} />
      </td>
      <td class="number" data-label="Adjustments">
        <Show when={!isZeroUsd(props.month.adjustmentsUsd)} fallback={<span class="muted">none</span>}>
          <TableUsd amount={props.month.adjustmentsUsd} />
        </Show>
      </td>
      <td class="number months-total" data-label="Total">
        <TableUsd amount={props.month.totalUsd} />
      </td>
      <td class="row-actions no-print">
        <Show
          when={props.month.isClosable}
          fallback={<span class="note">{props.month.state === 'open' ? props.month.whyNot : ''}</span>}
        >
          <button
            type="button"
            class="button"
            aria-label={`Close month ${name()}`}
            onClick={() => props.onClose(props.month.month)}
          >
            Close month
          </button>
        </Show>
      </td>
    </tr>
  )
}

/** Whether a month is as it was handed out. */
export function MonthBadge(props: { state: Month['state'] }) {
  return (
    <span class="badge" classList={{ 'is-good': props.state === 'closed' }}>
      {props.state === 'closed' ? 'Closed' : 'Open'}
    </span>
  )
}

/** When and by whom it was closed, and what is not as it was. */
function sinceOf({ state, closedAt, closedBy, pendingCount, pendingUsd }: Month): string {
  if (state === 'open' || closedAt === null) return ''
  const when = `${formatInstant(closedAt)}${closedBy === null ? '' : `, ${closedBy}`}`
  if (pendingCount === 0) return when
  const moved = isZeroUsd(pendingUsd) ? 'moved between teams' : formatUsd(pendingUsd)
  return `${when}. ${formatCountOf(pendingCount, 'part')} restated since: ${moved}`
}
