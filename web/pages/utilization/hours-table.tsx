import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { formatRatio } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'
import type { GpuDay } from './gpu-days.ts'

/** The figures of every day, the newest first. What nobody knows is said in words. */
export function HoursTable(props: {
  days: readonly Day[]
  points: readonly GpuDay[]
  isWhole: boolean
  explain: (day: Day) => string | undefined
}) {
  const newestFirst = () => props.days.map((day, index) => ({ day, point: props.points[index]! })).reverse()
  return (
    <section class="table-scroll is-tall" tabindex="0" aria-label="GPU-hours per day">
      <table>
        <caption class="visually-hidden">GPU-hours per day</caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            <th scope="col" class="number">
              Held
            </th>
            <Show when={props.isWhole}>
              <th scope="col" class="number">
                Capacity
              </th>
              <th scope="col" class="number">
                Busy
              </th>
              <th scope="col" class="number">
                Nobody held
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={newestFirst()}>
            {({ day, point }) => (
              <tr>
                <th scope="row" class="nowrap">
                  <Show when={props.explain(day)} fallback={formatFullDay(day)}>
                    {(href) => (
                      <A class="link" href={href()} data-hint="What this day’s cost is made of">
                        {formatFullDay(day)}
                      </A>
                    )}
                  </Show>
                </th>
                <td class="number">{text(point.held)}</td>
                <Show when={props.isWhole}>
                  <td class="number">
                    <Show when={point.capacity !== null} fallback={<span class="muted">not known</span>}>
                      {text(point.capacity!)}
                      <Show when={point.isEstimated}>
                        <span class="muted"> estimated</span>
                      </Show>
                    </Show>
                  </td>
                  <td class="number">
                    <Show when={point.busy !== null} fallback={<span class="muted">not measured</span>}>
                      {text(point.busy!)}
                    </Show>
                  </td>
                  <td class="number">
                    {point.capacity === null ? '–' : text(point.unheld)}
                    <Show when={point.capacity}>
                      {(capacity) => <span class="muted"> {formatRatio(point.unheld / capacity())}</span>}
                    </Show>
                  </td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  )
}

function text(hours: number): string {
  return formatHours(`${hours}`)
}
