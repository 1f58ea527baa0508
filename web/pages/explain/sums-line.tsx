import { Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { Icon } from '../../components/icon.tsx'
import { formatUsdExact, isZeroUsd } from '../../format/usd.ts'

/** The check below a table: what its rows add up to, and by how much that is not the figure above. `count`: how many they are. */
export function SumsLine(props: {
  what: string
  count: number
  sum: UsdText
  difference: UsdText
  page?: UsdText | undefined
}) {
  const holds = () => isZeroUsd(props.difference)
  return (
    <p class={`explain-sums ${holds() ? 'is-good' : 'is-bad'}`}>
      <Icon name={holds() ? 'check' : 'warning'} />
      <span>
        {props.what} {props.count === 1 ? 'adds' : 'add'} up to <b>{formatUsdExact(props.sum)}</b>: difference{' '}
        {holds() ? '0' : formatUsdExact(props.difference)}.
        <Show when={props.page}>{(page) => <> This page: {formatUsdExact(page())}.</>}</Show>
      </span>
    </p>
  )
}
