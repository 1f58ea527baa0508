import { Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { type Comparison, wordsOfComparison } from '../choice/compare.ts'
import type { Days } from '../choice/range.ts'
import { changeOf } from '../format/change.ts'
import { formatDays } from '../format/day.ts'
import { Icon } from './icon.tsx'

/**
 * How an amount compares with the one before, and of which days that is. `before` null: the days before cannot be told.
 * Nothing where nothing is compared.
 */
export function ChangeLine(props: {
  now: UsdText
  before: UsdText | null
  comparison: Comparison
  /** The days compared with, as the answer says them. */
  days: { start: string; end: string } | null
}) {
  const of = () => wordsOfComparison(props.comparison)
  const change = () => (props.before === null ? null : changeOf(props.now, props.before, of()))
  const days = () => props.days as Days | null
  const none = () =>
    props.before === null
      ? `${of().replace(/^t/, 'T')} has no hours`
      : `No spend in ${of()}${days() ? `, ${formatDays(days()!.start, days()!.end)}` : ''}`
  return (
    <Show when={props.comparison !== 'none'}>
      <Show when={change()} fallback={none()}>
        {(known) => (
          <>
            <span class="visually-hidden">{known().words}</span>
            <span class={`change is-${known().direction}`} aria-hidden="true">
              <Show when={known().direction !== 'same'}>
                <Icon name={known().direction === 'up' ? 'up' : 'down'} />
              </Show>
              {known().percent}
            </span>
            <span aria-hidden="true">
              {known().direction === 'same' ? ' same as before' : ` ${known().amount} vs ${of().replace('the ', '')}`}
            </span>
            <Show when={days()}>{(two) => <span class="nowrap"> ({formatDays(two().start, two().end)})</span>}</Show>
          </>
        )}
      </Show>
    </Show>
  )
}
