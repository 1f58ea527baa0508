import { createEffect, createMemo, createSignal, createUniqueId, For, Index, on } from 'solid-js'
import { addMonths, type Day } from '../../db/units/time.ts'
import { inOrder, movedBy, WEEKDAYS, weeksOf } from '../choice/calendar.ts'
import type { Days } from '../choice/range.ts'
import { formatLongDay, formatLongMonth } from '../format/day.ts'
import { Icon } from './icon.tsx'

/**
 * A month's sheet to choose two days on, by mouse or by keyboard: arrows move by a day and a week, Home and End to the ends
 * of the week, Page Up and Page Down by a month, with Shift by a year; Enter takes the day. The first day that is taken is
 * a range of itself, the second one its other end, whichever comes first.
 */
export function Calendar(props: { days: Days; today: Day; onPick: (days: Days) => void }) {
  const id = createUniqueId()
  const [at, setAt] = createSignal<Day>(props.days.end)
  const [anchor, setAnchor] = createSignal<Day | null>(null)
  const shown = () => {
    const from = anchor()
    return from === null ? props.days : inOrder(from, at())
  }
  const month = createMemo(() => at().slice(0, 7))
  const weeks = createMemo(() => weeksOf(`${month()}-01` as Day))
  createEffect(on(() => props.days.end, setAt, { defer: true }))
  let sheet!: HTMLTableElement
  /** The sheet may turn under a day that is taken or moved to: the focus goes with it. */
  const goTo = (day: Day) => {
    setAt(day)
    sheet.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus()
  }
  const pick = (day: Day) => {
    const from = anchor()
    setAnchor(from === null ? day : null)
    props.onPick(from === null ? { start: day, end: day } : inOrder(from, day))
    goTo(day)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = movedBy(event.key, at(), event.shiftKey)
    if (to === null) return
    event.preventDefault()
    goTo(to)
  }
  /** A mouse shows the range to come; days of other months are left alone, or the sheet would turn under it. */
  const show = (day: Day, pointer: string) => {
    if (anchor() !== null && pointer === 'mouse' && day.startsWith(month())) setAt(day)
  }
  const turn = (months: number) => setAt(addMonths(at(), months))
  const isIn = (day: Day) => day >= shown().start && day <= shown().end
  const isEnd = (day: Day) => day === shown().start || day === shown().end
  const nameOf = (day: Day) => {
    const { start, end } = shown()
    if (!isEnd(day)) return formatLongDay(day)
    return `${formatLongDay(day)}, ${start === end ? 'the range' : day === start ? 'start of the range' : 'end of the range'}`
  }
  return (
    <div class="calendar">
      <div class="calendar-head">
        <button type="button" class="button is-quiet is-square" aria-label="Month before" onClick={() => turn(-1)}>
          <Icon name="back" />
        </button>
        <p id={id} aria-live="polite">
          {formatLongMonth(at())}
        </p>
        <button type="button" class="button is-quiet is-square" aria-label="Month after" onClick={() => turn(1)}>
          <Icon name="forward" />
        </button>
      </div>
      <table ref={sheet} aria-labelledby={id}>
        <thead>
          <tr>
            <For each={WEEKDAYS}>
              {(name) => (
                <th scope="col" abbr={name}>
                  {name.slice(0, 2)}
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <Index each={weeks()}>
            {(week) => (
              <tr>
                <Index each={week()}>
                  {(day) => (
                    <td>
                      <button
                        type="button"
                        class="calendar-day"
                        data-day={day()}
                        tabindex={day() === at() ? 0 : -1}
                        aria-label={nameOf(day())}
                        aria-pressed={isIn(day())}
                        aria-current={day() === props.today ? 'date' : undefined}
                        classList={{
                          'is-other': !day().startsWith(month()) || day() > props.today,
                          'is-end': isEnd(day()),
                        }}
                        onClick={() => pick(day())}
                        onKeyDown={onKey}
                        onPointerEnter={(event) => show(day(), event.pointerType)}
                      >
                        {Number(day().slice(8))}
                      </button>
                    </td>
                  )}
                </Index>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
      <p class="note" role="status">
        {anchor() === null ? 'Take the first day, then the last.' : 'Now take the other day.'}
      </p>
    </div>
  )
}
