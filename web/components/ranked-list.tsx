import { For, Show } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { type CostRow, isUnmeasured } from '../charts/cost-row.ts'
import type { ColourName } from '../charts/palette.ts'
import { changeOf, formatShare } from '../format/change.ts'
import { formatCountOf, formatHours } from '../format/count.ts'
import { formatUsd, isZeroUsd } from '../format/usd.ts'
import { RowLabel } from './row-label.tsx'

/** Names, amounts and a bar each: a chart that needs no chart. Bars are relative to the dearest row. */
export function RankedList(props: {
  rows: readonly CostRow[]
  totalCostUsd: UsdText
  isAdditive: boolean
  colourOf: (row: CostRow) => ColourName
  onPick: (row: CostRow) => void
  /** Without bars and details it serves as the legend of a donut. */
  compact?: boolean
}) {
  const dearest = () => Math.max(...props.rows.map(({ totalCostUsd }) => Number(totalCostUsd)), 0)
  const widthOf = (row: CostRow) => (dearest() > 0 ? Math.max(0, (Number(row.totalCostUsd) / dearest()) * 100) : 0)
  return (
    <ul class="ranked" classList={{ 'is-compact': props.compact ?? false }}>
      <For each={props.rows}>
        {(row) => (
          <li>
            <div class="ranked-line">
              <i class="swatch" style={{ background: `var(--${props.colourOf(row)})` }} />
              <span class="ranked-name">
                <RowLabel row={row} onPick={props.onPick} />
              </span>
              <span class="ranked-share">{props.isAdditive && formatShare(row.totalCostUsd, props.totalCostUsd)}</span>
              <span class="ranked-cost">{isUnmeasured(row) ? 'not measured' : formatUsd(row.totalCostUsd)}</span>
            </div>
            <Show when={!props.compact}>
              <div class="ranked-track" aria-hidden="true">
                <div style={{ width: `${widthOf(row)}%`, background: `var(--${props.colourOf(row)})` }} />
              </div>
              <Show when={row.kind === 'owner'}>
                <p class="ranked-note">
                  {formatCountOf(row.jobCount, 'job')} · {formatHours(row.gpuHours)} GPU-hours
                </p>
              </Show>
              <Show when={row.previousTotalCostUsd}>
                {(before) => <p class="ranked-note">{changeWords(row.totalCostUsd, before())}</p>}
              </Show>
            </Show>
          </li>
        )}
      </For>
    </ul>
  )
}

/** "Up 12.5% from $80.00", or that there was nothing before. */
function changeWords(now: UsdText, before: UsdText): string {
  const change = changeOf(now, before)
  if (change === null) return isZeroUsd(before) ? 'New: there was nothing before' : `Before: ${formatUsd(before)}`
  if (change.direction === 'same') return `Same as before: ${formatUsd(before)}`
  return `${change.direction === 'up' ? 'Up' : 'Down'} ${change.percent} from ${formatUsd(before)}`
}
