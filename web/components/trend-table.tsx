import { For, Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Series } from '../charts/series.ts'
import { formatFullDay } from '../format/day.ts'
import { rowName } from '../format/row-name.ts'
import { isZeroUsd } from '../format/usd.ts'
import { ExactUsd, UsdDoor } from './exact-usd.tsx'
import { RowLabel } from './row-label.tsx'

/** Every day and every series in exact money, the newest day first. */
export function TrendTable(props: {
  days: readonly Day[]
  series: readonly Series[]
  totalCostUsd: UsdText
  /** Where a cost is explained, by the place of its series and of its day; undefined: nowhere. */
  explain?: (series: number, day: number) => string | undefined
  /** How a row's day is written, and what the column is called. */
  written?: { of: string; full: (day: Day) => string }
}) {
  const newestFirst = () => props.days.map((day, index) => ({ day, index })).reverse()
  return (
    <section class="table-scroll is-tall" tabindex="0" aria-label="Daily spend">
      <table>
        <caption class="visually-hidden">Daily spend</caption>
        <thead>
          <tr>
            <th scope="col">{props.written?.of ?? 'Day (UTC)'}</th>
            <For each={props.series}>
              {(one) => (
                <th scope="col" class="number">
                  <RowLabel row={one} />
                </th>
              )}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={newestFirst()}>
            {({ day, index }) => (
              <tr>
                <th scope="row" class="nowrap">
                  {(props.written?.full ?? formatFullDay)(day)}
                </th>
                <For each={props.series}>
                  {(one, at) => (
                    <td class="number">
                      <UsdDoor
                        href={isZeroUsd(one.costUsd[index] ?? null) ? undefined : props.explain?.(at(), index)}
                        of={`${rowName(one)}, ${(props.written?.full ?? formatFullDay)(day)}`}
                        amount={one.costUsd[index] ?? null}
                      />
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
        <Show when={props.series.length === 1}>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <td class="number">
                <ExactUsd amount={props.totalCostUsd} />
              </td>
            </tr>
          </tfoot>
        </Show>
      </table>
    </section>
  )
}
