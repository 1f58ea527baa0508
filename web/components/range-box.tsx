import { createSignal, For, Show } from 'solid-js'
import { type Day, parseDay } from '../../db/units/time.ts'
import { readDays } from '../choice/calendar.ts'
import { type Days, PRESETS, type Preset, type Range } from '../choice/range.ts'
import { Calendar } from './calendar.tsx'
import { ZoneSelect } from './zone-select.tsx'

/** What the range picker opens: presets, which stay relative to today, and a calendar with two fields for exact days. */
export function RangeBox(props: {
  range: Range
  days: Days
  today: Day
  zone: string | undefined
  onZone: ((zone: string) => void) | undefined
  onPick: (range: Range) => void
}) {
  const isOn = (preset: Preset) => 'preset' in props.range && props.range.preset === preset
  return (
    <div class="range">
      <fieldset class="range-presets">
        <legend class="visually-hidden">Preset ranges</legend>
        <For each={Object.entries(PRESETS) as [Preset, string][]}>
          {([preset, label]) => (
            <button type="button" aria-pressed={isOn(preset)} onClick={() => props.onPick({ preset })}>
              {label}
            </button>
          )}
        </For>
      </fieldset>
      <div class="range-own">
        <OwnDays
          days={props.days}
          today={props.today}
          isZoned={props.onZone !== undefined}
          onPick={(days) => props.onPick(days)}
        />
        <Show when={props.onZone}>
          {(onZone) => <ZoneSelect zone={props.zone ?? 'UTC'} onPick={(zone) => onZone()(zone)} />}
        </Show>
      </div>
    </div>
  )
}

function OwnDays(props: { days: Days; today: Day; isZoned: boolean; onPick: (days: Days) => void }) {
  const [start, setStart] = createSignal<string>(props.days.start)
  const [end, setEnd] = createSignal<string>(props.days.end)
  const [problem, setProblem] = createSignal('')
  /** Of fields that say no range, the calendar shows the days as they are. */
  const typed = (): Days => {
    const days = readDays(start(), end())
    if (typeof days !== 'string') return days
    const one = parseDay(start()) ?? parseDay(end())
    return one ? { start: one, end: one } : props.days
  }
  const take = (days: Days) => {
    setStart(days.start)
    setEnd(days.end)
    setProblem('')
  }
  const apply = (event: SubmitEvent) => {
    event.preventDefault()
    const days = readDays(start(), end())
    if (typeof days === 'string') setProblem(days)
    else props.onPick(days)
  }
  return (
    <form class="range-custom" onSubmit={apply} novalidate>
      <Calendar days={typed()} today={props.today} onPick={take} />
      <div class="range-fields">
        <label>
          First day
          <input type="date" name="start" value={start()} onInput={(event) => setStart(event.currentTarget.value)} />
        </label>
        <label>
          Last day
          <input type="date" name="end" value={end()} onInput={(event) => setEnd(event.currentTarget.value)} />
        </label>
      </div>
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
