import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Basis } from '../../choice/choice.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Icon } from '../../components/icon.tsx'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd, formatUsdExact, isZeroUsd } from '../../format/usd.ts'
import { type Bill, billOf, type Reconciliation } from './spend-queries.ts'

/**
 * The promise, checked before the reader's eyes: what was billed equals the sum of its parts. Exposure does not add
 * up, so for it the server answers with allocation, and a note says so. Who sees some teams only reads their part of it.
 */
export function ReconciliationLine(props: { query: UseQueryResult<Reconciliation>; asked: Basis }) {
  const data = () => (props.query.isPending ? undefined : props.query.data)
  return (
    <section class="sums" aria-label="Reconciliation" aria-busy={props.query.isFetching}>
      <Show when={data()} fallback={<Waiting isError={props.query.isError} />}>
        {(answer) => (
          <>
            <Show when={billOf(answer())} fallback={<OwnPart answer={answer()} />}>
              {(bill) => <Equation bill={bill()} />}
            </Show>
            <Notes notes={notesOf(answer(), props.asked)} />
          </>
        )}
      </Show>
    </section>
  )
}

function Waiting(props: { isError: boolean }) {
  return (
    <Show
      when={props.isError}
      fallback={
        <div class="skeleton is-line" aria-hidden="true">
          <i class="bone" />
        </div>
      }
    >
      <p class="note">The bill could not be checked just now.</p>
    </Show>
  )
}

/** The parts of the bill in the order they are added up; a part that only some bills have is left out at zero. */
function partsOf(bill: Bill): [name: string, amount: UsdText][] {
  const always: [string, UsdText][] = [
    [bill.basis === 'usage' ? 'used' : 'allocated', bill.allocatedCostUsd],
    ['idle', bill.idleCostUsd],
    ['unallocated', bill.unallocatedCostUsd],
  ]
  const sometimes: [string, UsdText][] = [
    ['serving', bill.servingCostUsd],
    ['unmeasured', bill.unmeasuredCostUsd],
    ['other owners', bill.otherOwnersCostUsd],
  ]
  return [...always, ...sometimes.filter(([, amount]) => !isZeroUsd(amount))]
}

function Equation(props: { bill: Bill }) {
  const ties = () => isZeroUsd(props.bill.differenceUsd)
  return (
    <div class="sums-line">
      <p>
        <Term name="Billed" amount={props.bill.billedCostUsd} />
        <For each={partsOf(props.bill)}>
          {([name, amount], index) => (
            <>
              <span class="sums-sign"> {index() === 0 ? '=' : '+'} </span>
              <Term name={name} amount={amount} />
            </>
          )}
        </For>
      </p>
      <p class="sums-check" classList={{ 'is-good': ties(), 'is-warning': !ties() }}>
        <Icon name={ties() ? 'check' : 'warning'} />
        {formatUsdExact(props.bill.differenceUsd)} difference
      </p>
    </div>
  )
}

function OwnPart(props: { answer: Reconciliation }) {
  return (
    <p>
      <Term
        name={props.answer.basis === 'usage' ? 'Used by your teams' : 'Allocated to your teams'}
        amount={props.answer.allocatedCostUsd}
      />
    </p>
  )
}

function Term(props: { name: string; amount: UsdText }) {
  return (
    <span class="sums-term">
      <span class="sums-name">{props.name} </span>
      <ExactUsd amount={props.amount} />
    </span>
  )
}

/** What the reader should know about the figures, one sentence each. */
function notesOf(answer: Reconciliation, asked: Basis): string[] {
  const bill = billOf(answer)
  const notes = [
    bill === null && 'The whole bill, what was idle and what nobody ran is for administrators and finance to see.',
    asked === 'exposure' && 'Exposure does not add up to the bill; this line is on the allocation basis.',
    answer.isProvisional && 'Provisional: jobs that are still running are counted up to now.',
    bill !== null &&
      bill.invoicedCostUsd !== bill.billedCostUsd &&
      `Billed here is the effective cost, with commitments spread over the days they cover. The invoices say ${formatUsd(bill.invoicedCostUsd)}.`,
    Number(answer.uncostedGpuHours) > 0 &&
      `${formatHours(answer.uncostedGpuHours)} GPU-hours have no bill yet and cost nothing here.`,
    bill !== null &&
      bill.overAllocatedPoolDays > 0 &&
      `${formatCountOf(bill.overAllocatedPoolDays, 'pool-day')} with more job hours than were billed: check the job times.`,
    bill !== null &&
      bill.stalePoolDays > 0 &&
      `${formatCountOf(bill.stalePoolDays, 'pool-day')} being shared out again: figures may still move.`,
  ]
  return notes.filter((note) => note !== false)
}

function Notes(props: { notes: readonly string[] }) {
  return (
    <Show when={props.notes.length > 0}>
      <ul class="sums-notes">
        <For each={props.notes}>{(note) => <li>{note}</li>}</For>
      </ul>
    </Show>
  )
}
