import { lazy, Suspense } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import { type Days, lengthOf, PRESETS, type Range } from '../choice/range.ts'
import { formatCountOf } from '../format/count.ts'
import { formatDays } from '../format/day.ts'
import { Disclosure } from './disclosure.tsx'
import { Icon } from './icon.tsx'
import { cityOf } from './zone-name.ts'

/** Presets, calendar and zones are wanted when the box is opened, not for the first paint. */
const RangeBox = lazy(() => import('./range-box.tsx').then((room) => ({ default: room.RangeBox })))

/** Shows the chosen days and lets the reader take a preset or two days of his own; and in which zone, where that is asked. */
export function RangePicker(props: {
  range: Range
  days: Days
  today: Day
  onPick: (range: Range) => void
  zone?: string
  onZone?: (zone: string) => void
}) {
  const title = () =>
    'preset' in props.range ? PRESETS[props.range.preset] : formatCountOf(lengthOf(props.days), 'day')
  const button = (
    <>
      <Icon name="calendar" />
      <span>{title()}</span>
      <span class="range-days">
        {formatDays(props.days.start, props.days.end)}
        {props.zone && props.zone !== 'UTC' ? ` · ${cityOf(props.zone)}` : ''}
      </span>
      <Icon name="chevron" />
    </>
  )
  return (
    <Disclosure button={button} class="button range-button">
      {(close) => (
        <Suspense fallback={<div class="range is-waiting" />}>
          <RangeBox
            range={props.range}
            days={props.days}
            today={props.today}
            zone={props.zone}
            onZone={props.onZone}
            onPick={(range) => {
              props.onPick(range)
              close()
            }}
          />
        </Suspense>
      )}
    </Disclosure>
  )
}
