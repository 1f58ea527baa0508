import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import type { Basis } from '../../choice/choice.ts'
import type { FigureKind } from '../../choice/explain-address.ts'
import { UsdDoor } from '../../components/exact-usd.tsx'
import { Icon } from '../../components/icon.tsx'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { leftOverWords } from '../../format/left-over-words.ts'
import { formatUsd, formatUsdExact, isZeroUsd } from '../../format/usd.ts'
import { type Bill, billOf, type Reconciliation } from './spend-queries.ts'

/**
 * The promise, checked before the reader's eyes: what was billed equals the sum of its parts. Exposure does not add
 * up: a sentence takes the place of the sum, whose parts the server answers by allocation. Who sees some teams only reads
 * their part of it.
 */
export function ReconciliationLine(props: {
  query: UseQueryResult<Reconciliation>
  asked: Basis
  /** Where a part is explained; undefined: nowhere. */
  explain: (part: FigureKind) => string | undefined
}) {
  const data = () => (props.query.isPending ? undefined : props.query.data)
  return (
    <section class="sums" aria-label="Reconciliation" aria-busy={props.query.isFetching}>
      <Show when={data()} fallback={<Waiting isError={props.query.isError} />}>
        {(answer) => (
          <>
            <Show when={billOf(answer())} fallback={<OwnPart answer={answer()} />}>
              {(bill) => (
                <Show when={props.asked !== 'exposure'} fallback={<NoSum bill={bill()} />}>
                  <Equation bill={bill()} explain={props.explain} />
                </Show>
              )}
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
    ...(bill.basis === 'usage' ? [['idle', bill.idleCostUsd] as [string, UsdText]] : []),
    ['unallocated', bill.unallocatedCostUsd],
  ]
  const sometimes: [string, UsdText][] = [
    ...(bill.basis === 'usage' ? [] : [['idle', bill.idleCostUsd] as [string, UsdText]]),
    ['serving', bill.servingCostUsd],
    ['unmeasured', bill.unmeasuredCostUsd],
    ['other owners', bill.otherOwnersCostUsd],
  ]
  return [...always, ...sometimes.filter(([, amount]) => !isZeroUsd(amount))]
}

const KIND_OF: Record<string, FigureKind> = { idle: 'idle', unallocated: 'unallocated', unmeasured: 'unmeasured' }

function Equation(props: { bill: Bill; explain: (part: FigureKind) => string | undefined }) {
  const hrefOf = (name: string, amount: UsdText) => {
    // What owners were charged is explained together: serving and others are in it.
    const isAll = isZeroUsd(props.bill.servingCostUsd) && isZeroUsd(props.bill.otherOwnersCostUsd)
    const kind = name === 'allocated' || name === 'used' ? (isAll ? 'owner' : undefined) : KIND_OF[name]
    return kind && !isZeroUsd(amount) ? props.explain(kind) : undefined
  }
  const ties = () => isZeroUsd(props.bill.differenceUsd)
  return (
    <div class="sums-line">
      <p>
        <Term name="Billed" amount={props.bill.billedCostUsd} href={props.explain('total')} />
        <For each={partsOf(props.bill)}>
          {([name, amount], index) => (
            <>
              <span class="sums-sign"> {index() === 0 ? '=' : '+'} </span>
              <Term name={name} amount={amount} href={hrefOf(name, amount)} />
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

/** Why nothing is added up, instead of a sum that would be of another basis than the figures around it. */
function NoSum(props: { bill: Bill }) {
  return (
    <p>
      <Term name="Billed" amount={props.bill.billedCostUsd} />. By exposure a dollar of it counts once for each owner
      that touched its GPU type: amounts do not add up to the bill, and nothing is idle or unallocated.
    </p>
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

function Term(props: { name: string; amount: UsdText; href?: string | undefined }) {
  return (
    <span class="sums-term">
      <span class="sums-name">{props.name} </span>
      <UsdDoor href={props.href} amount={props.amount} />
    </span>
  )
}

/** What the reader should know about the figures, one sentence each. */
function notesOf(answer: Reconciliation, asked: Basis): string[] {
  const bill = billOf(answer)
  const notes = [
    bill === null && 'The whole bill, what was idle and what nobody ran is for administrators and finance to see.',
    bill !== null && asked !== 'exposure' && leftOverWords(answer.basis),
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
  return notes.filter((note) => typeof note === 'string')
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
