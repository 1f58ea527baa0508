import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { type Days, wholeMonthOf } from '../../choice/range.ts'
import { formatMonth } from '../../format/month.ts'
import { useMonths } from './statement-queries.ts'

/**
 * For days that are one whole month: whether it is closed, and the way to its statement, which is what teams are charged.
 * Nothing for other days, and for months without anything.
 */
export function MonthHint(props: { days: Days; zone: string }) {
  const name = () => (props.zone === 'UTC' ? wholeMonthOf(props.days) : null)
  return <Show when={name()}>{(month) => <Hint month={month()} />}</Show>
}

function Hint(props: { month: string }) {
  const months = useMonths()
  const state = () =>
    months.isPending ? undefined : months.data?.months.find(({ month }) => month === props.month)?.state
  return (
    <Show when={state()}>
      {(known) => (
        <p class="note">
          {known() === 'closed'
            ? `${formatMonth(props.month)} is closed: its statement stays as it was handed out, and these figures follow the bills as they are now. `
            : `${formatMonth(props.month)} is open: its bills and jobs may still change. `}
          <A href={`/statements?month=${props.month}`}>Statement of {formatMonth(props.month)}</A>
        </p>
      )}
    </Show>
  )
}
