import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { type CostRow, isUnmeasured } from '../charts/cost-row.ts'
import { formatShare } from '../format/change.ts'
import { formatCount, formatHours } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { ExactUsd } from './exact-usd.tsx'
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
}) {
  return (
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
                    <Explained href={props.explain?.(row)} of={rowName(row)} amount={row.totalCostUsd} />
                  </Show>
                </td>
                <td class="number muted">
                  {(props.isAdditive && formatShare(row.totalCostUsd, props.totalCostUsd)) || '–'}
                </td>
                <td class="number">{row.kind === 'owner' ? formatCount(row.jobCount) : '–'}</td>
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
                <Explained href={props.explain?.(null)} of="the total" amount={props.totalCostUsd} />
              </td>
              <td colspan="3" />
            </tr>
          </tfoot>
        </Show>
      </table>
    </section>
  )
}

/** An amount that leads to what it is made of. */
function Explained(props: { href: string | undefined; of: string; amount: UsdText }) {
  return (
    <Show when={props.href} fallback={<ExactUsd amount={props.amount} />}>
      {(href) => (
        <A class="explain-link" href={href()} title="How is this made?">
          <ExactUsd amount={props.amount} />
          <span class="visually-hidden">: how is this made, of {props.of}?</span>
        </A>
      )}
    </Show>
  )
}
