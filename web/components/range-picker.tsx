import { createSignal, For, Show } from 'solid-js'
import { type Day, parseDay } from '../../db/units/time.ts'
import { type Days, lengthOf, PRESETS, type Preset, type Range } from '../choice/range.ts'
import { formatCountOf } from '../format/count.ts'
import { formatDays } from '../format/day.ts'
import { Disclosure } from './disclosure.tsx'
import { Icon } from './icon.tsx'
import { cityOf, ZoneSelect } from './zone-select.tsx'

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
      {(close) => {
        const pick = (range: Range) => {
          props.onPick(range)
          close()
        }
        const isOn = (preset: Preset) => 'preset' in props.range && props.range.preset === preset
        return (
          <div class="range">
            <fieldset class="range-presets">
              <legend class="visually-hidden">Preset ranges</legend>
              <For each={Object.entries(PRESETS) as [Preset, string][]}>
                {([preset, label]) => (
                  <button type="button" aria-pressed={isOn(preset)} onClick={() => pick({ preset })}>
                    {label}
                  </button>
                )}
              </For>
            </fieldset>
            <div class="range-own">
              <CustomDays days={props.days} today={props.today} onPick={pick} isZoned={props.onZone !== undefined} />
              <Show when={props.onZone}>
                {(onZone) => <ZoneSelect zone={props.zone ?? 'UTC'} onPick={(zone) => onZone()(zone)} />}
              </Show>
            </div>
          </div>
        )
      }}
    </Disclosure>
  )
}

function CustomDays(props: { days: Days; today: Day; isZoned: boolean; onPick: (days: Days) => void }) {
  const [start, setStart] = createSignal<string>(props.days.start)
  const [end, setEnd] = createSignal<string>(props.days.end)
  const [problem, setProblem] = createSignal('')
  const apply = (event: SubmitEvent) => {
    event.preventDefault()
    const [from, to] = [parseDay(start()), parseDay(end())]
    if (!from || !to) setProblem('Enter both days.')
    else if (from > to) setProblem('The first day is after the last.')
    else props.onPick({ start: from, end: to })
  }
  return (
    <form class="range-custom" onSubmit={apply} novalidate>
      <label>
        First day
        <input
          type="date"
          name="start"
          value={start()}
          max={props.today}
          onInput={(e) => setStart(e.currentTarget.value)}
        />
      </label>
      <label>
        Last day
        <input type="date" name="end" value={end()} onInput={(e) => setEnd(e.currentTarget.value)} />
      </label>
      <Show when={problem()}>
        <p class="field-problem" role="alert">
          {problem()}
        </p>
      </Show>
      <p class="note">{props.isZoned ? 'Both days count.' : 'Both days count. Days are UTC, as bills are.'}</p>
      <button type="submit" class="button is-primary">
        Apply
      </button>
    </form>
  )
}
