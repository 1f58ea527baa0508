import { A } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Series } from '../charts/series.ts'
import { formatFullDay } from '../format/day.ts'
import { rowName } from '../format/row-name.ts'
import { isZeroUsd } from '../format/usd.ts'
import { TableUsd, UsdDoor } from './exact-usd.tsx'
import { RowLabel } from './row-label.tsx'

/** Every day and every series in exact money, the newest day first. Names filter, days and amounts lead to what they are made of. */
export function TrendTable<T extends Series>(props: {
  days: readonly Day[]
  series: readonly T[]
  totalCostUsd: UsdText
  /** How a row's day is written, and what the column is called. */
  written?: { of: string; full: (day: Day) => string }
  /** What the table is of, for who cannot see the page around it. */
  caption?: string
  onPick?: (series: T) => void
  /** Where a day's amount is explained; undefined: nowhere. Null: that of all series. */
  explain?: (series: T | null, day: Day) => string | undefined
}) {
  const newestFirst = () => props.days.map((day, index) => ({ day, index })).reverse()
  return (
    <section class="table-scroll is-tall" tabindex="0" aria-label={props.caption ?? 'Daily spend'}>
      <table>
        <caption class="visually-hidden">{props.caption ?? 'Daily spend'}</caption>
        <thead>
          <tr>
            <th scope="col">{props.written?.of ?? 'Day (UTC)'}</th>
            <For each={props.series}>
              {(one) => (
                <th scope="col" class="number">
                  <RowLabel row={one} {...(props.onPick ? { onPick: props.onPick } : {})} />
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
                  <Door href={props.explain?.(null, day)}>{(props.written?.full ?? formatFullDay)(day)}</Door>
                </th>
                <For each={props.series}>
                  {(one) => (
                    <td class="number">
                      <UsdDoor
                        href={isZeroUsd(one.costUsd[index] ?? null) ? undefined : props.explain?.(one, day)}
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
                <TableUsd amount={props.totalCostUsd} />
              </td>
            </tr>
          </tfoot>
        </Show>
      </table>
    </section>
  )
}

function Door(props: { href: string | undefined; children: JSX.Element }) {
  return (
    <Show when={props.href} fallback={props.children}>
      {(href) => (
        <A class="explain-link" href={href()} data-hint="How is this made?">
          {props.children}
        </A>
      )}
    </Show>
  )
}
