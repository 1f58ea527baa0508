import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { exactOfText, exactText, subtractExact } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import { addressOf } from '../../choice/doors.ts'
import { daysOfMonth } from '../../choice/range.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { formatCount, formatCountOf } from '../../format/count.ts'
import { isZeroUsd } from '../../format/usd.ts'
import { sumOf } from './removal-words.ts'

type Bill = Answers['imports']['bills'][number]

/** Rows on screen at first: an export may hold thousands of accounts. */
const AT_FIRST = 100

/** What the import made of each account's bill: rows and dollars before and after, and who replaced whom. */
export function Restatements(props: { bills: readonly Bill[] }) {
  const [isAll, setAll] = createSignal(false)
  const shown = () => (isAll() ? props.bills : props.bills.slice(0, AT_FIRST))
  return (
    <>
      <section class="table-scroll is-tall" tabindex="0" aria-label="Bills of this import">
        <table class="restatements is-cards">
          <caption class="visually-hidden">Rows and dollars before and after, by account and period</caption>
          <thead>
            <tr>
              <th scope="col">Account</th>
              <th scope="col">Period</th>
              <For each={['Rows before', 'Rows after', 'Before', 'After', 'Difference']}>
                {(title) => (
                  <th scope="col" class="number">
                    {title}
                  </th>
                )}
              </For>
              <th scope="col">Exports</th>
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>{(bill) => <Row bill={bill} />}</For>
          </tbody>
        </table>
      </section>
      <Show when={shown().length < props.bills.length}>
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {formatCountOf(props.bills.length, 'bill')}
        </button>
      </Show>
    </>
  )
}

function Row(props: { bill: Bill }) {
  const before = () => props.bill.replaced.reduce((sum, { lineCount }) => sum + lineCount, 0)
  const cost = () => sumOf(props.bill.replaced)
  const difference = () => exactText(subtractExact(exactOfText(props.bill.billedUsd), exactOfText(cost())))
  const costOfPeriod = () => {
    const days = daysOfMonth(props.bill.billingPeriod)
    return days && addressOf('/explore', { range: days }, { by: 'account', cost: 'billed' })
  }
  const isNew = () => props.bill.replaced.length === 0
  return (
    <tr>
      <th scope="row" class="file-name">
        {props.bill.billingAccount || 'no account'}
        <Show when={props.bill.part.replace(/\+.*/, '')}>{(part) => <span class="note">part {part()}</span>}</Show>
      </th>
      <td data-label="Period" class="nowrap">
        <Show when={costOfPeriod()} fallback={props.bill.billingPeriod || '–'}>
          {(href) => (
            <A class="explain-link" href={href()} data-hint="What was billed in this month, by account">
              {props.bill.billingPeriod}
            </A>
          )}
        </Show>
      </td>
      <td data-label="Rows before" class="number">
        {isNew() ? '–' : formatCount(before())}
      </td>
      <td data-label="Rows after" class="number">
        {formatCount(props.bill.lineCount)}
      </td>
      <td data-label="Before" class="number">
        <Show when={!isNew()} fallback="–">
          <TableUsd amount={cost()} />
        </Show>
      </td>
      <td data-label="After" class="number">
        <TableUsd amount={props.bill.billedUsd} />
      </td>
      <td data-label="Difference" class="number">
        <Show when={!isNew()} fallback="–">
          {isZeroUsd(difference()) || difference().startsWith('-') ? '' : '+'}
          <TableUsd amount={difference()} />
        </Show>
      </td>
      <td data-label="Exports">
        <div class="stacked">
          <For
            each={props.bill.replaced}
            fallback={
              <Show when={props.bill.status !== 'removed'}>
                <span class="note">{props.bill.part.includes('+') ? 'added to the bill' : 'first export'}</span>
              </Show>
            }
          >
            {(old) => (
              <span class="nowrap">
                replaced{' '}
                <Show when={old.importId} fallback="an older one">
                  {(id) => <A href={`/imports/${id()}`}>{id()}</A>}
                </Show>
              </span>
            )}
          </For>
          <Show when={props.bill.supersededByImport}>
            {(id) => (
              <span class="nowrap">
                replaced by <A href={`/imports/${id()}`}>{id()}</A>
              </span>
            )}
          </Show>
          <Show when={props.bill.status === 'removed'}>
            <span class="note">removed</span>
          </Show>
        </div>
      </td>
    </tr>
  )
}
