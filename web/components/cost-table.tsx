import { For, Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { type CostRow, isUnmeasured } from '../charts/cost-row.ts'
import { formatShare } from '../format/change.ts'
import { formatHours } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { CountDoor } from './count-door.tsx'
import { UsdDoor } from './exact-usd.tsx'
import { type How, HowComputed } from './how-computed.tsx'
import { RowLabel } from './row-label.tsx'

/** The rows behind a chart with exact money, job counts and GPU-hours: also what a screen reader is given. */
export function CostTable(props: {
  caption: string
  of: string
  rows: readonly CostRow[]
  totalCostUsd: UsdText
  isAdditive: boolean
  onPick?: (row: CostRow) => void
  /** Where a row's amount is explained; undefined: nowhere. Null: the total. */
  explain?: ((row: CostRow | null) => string | undefined) | undefined
  /** Where a row's jobs are listed; undefined: nowhere. */
  jobs?: ((row: CostRow) => string | undefined) | undefined
  /** How the figures were made: a button below the table opens it. */
  how?: How | undefined
}) {
  return (
    <>
      <section class="table-scroll" tabindex="0" aria-label={props.caption}>
        <table>
          <caption class="visually-hidden">{props.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{props.of}</th>
              <th scope="col" class="number">
                Cost
              </th>
              <th scope="col" class="number">
                Share
              </th>
              <th scope="col" class="number">
                Jobs
              </th>
              <th scope="col" class="number">
                GPU-hours
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row) => (
                <tr>
                  <th scope="row">
                    <RowLabel row={row} {...(props.onPick ? { onPick: props.onPick } : {})} />
                  </th>
                  <td class="number">
                    <Show when={!isUnmeasured(row)} fallback={<span class="muted">not measured</span>}>
                      <UsdDoor href={props.explain?.(row)} of={rowName(row)} amount={row.totalCostUsd} />
                    </Show>
                  </td>
                  <td class="number muted">
                    {(props.isAdditive && formatShare(row.totalCostUsd, props.totalCostUsd)) || '–'}
                  </td>
                  <td class="number">
                    <CountDoor
                      href={props.jobs?.(row)}
                      count={row.kind === 'owner' ? row.jobCount : null}
                      of={rowName(row)}
                    />
                  </td>
                  <td class="number">{row.kind === 'owner' ? formatHours(row.gpuHours) : '–'}</td>
                </tr>
              )}
            </For>
          </tbody>
          <Show when={props.isAdditive}>
            <tfoot>
              <tr>
                <th scope="row">Total</th>
                <td class="number">
                  <UsdDoor href={props.explain?.(null)} of="the total" amount={props.totalCostUsd} />
                </td>
                <td colspan="3" />
              </tr>
            </tfoot>
          </Show>
        </table>
      </section>
      <Show when={props.how}>{(how) => <HowComputed figure={props.caption.toLowerCase()} {...how()} />}</Show>
    </>
  )
}
