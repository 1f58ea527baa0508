import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { formatUsdExact, formatUsdInTable, splitUsdExact } from '../format/usd.ts'

/**
 * Every digit of an amount, as one number: dollars and cents set apart would read as another amount than the rounded one
 * of a card. What is below a cent is marked for columns, where the points stand below each other.
 */
export function ExactUsd(props: { amount: UsdText | null }) {
  const parts = () => splitUsdExact(props.amount)
  return (
    <span class="usd">
      {parts()[0]}
      <span class="usd-tail">{parts()[1]}</span>
    </span>
  )
}

/** An amount in a column; where its digits are too many to read, rounded, and exact for who points at it. */
export function TableUsd(props: { amount: UsdText | null }) {
  const shown = () => formatUsdInTable(props.amount)
  const exact = () => formatUsdExact(props.amount)
  return (
    <span class="usd" data-hint={shown() === exact() ? undefined : exact()}>
      {shown()}
    </span>
  )
}

/**
 * An amount that leads to what it is made of; the bare amount where there is nothing to lead to. `of`: whose it is, where
 * the sentence around it does not say so.
 */
export function UsdDoor(props: { href: string | undefined; of?: string; amount: UsdText | null }) {
  return (
    <Show when={props.href} fallback={<TableUsd amount={props.amount} />}>
      {(href) => (
        <A class="explain-link" href={href()} data-hint={doorHint(props.amount)}>
          <span class="usd">{formatUsdInTable(props.amount)}</span>
          <Show when={props.of}>
            {(whose) => <span class="visually-hidden">: how is this made, of {whose()}?</span>}
          </Show>
        </A>
      )}
    </Show>
  )
}

/** What is said of an amount that is a door: every digit where a column has fewer, and where the door leads. */
function doorHint(amount: UsdText | null): string {
  const [shown, exact] = [formatUsdInTable(amount), formatUsdExact(amount)]
  return shown === exact ? 'How is this made?' : `${exact}: how is this made?`
}
