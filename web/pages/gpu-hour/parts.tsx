import { For } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { formatShare } from '../../format/change.ts'
import { isZeroUsd } from '../../format/usd.ts'

/** The three parts of a node, and the colour of each. */
export const PARTS = [
  ['gpu', 'GPU', 'series-1'],
  ['cpu', 'CPU', 'series-2'],
  ['memory', 'Memory', 'series-3'],
] as const

export type Split = {
  costUsd: UsdText
  gpuUsd: UsdText | null
  cpuUsd: UsdText | null
  memoryUsd: UsdText | null
}

/** "70%": a credit's parts have the same shares as a cost's. Null: there is nothing to share. */
export function shareOf(part: UsdText | null, whole: UsdText): string | null {
  if (part === null) return null
  const positive = (amount: UsdText) => amount.replace('-', '') as UsdText
  return formatShare(positive(part), positive(whole))
}

/** How a cost falls into its parts, as a bar; the figures beside it say the same. */
export function PartsBar(props: { of: Split }) {
  const width = (part: UsdText | null) => {
    const share = Number(part ?? 0) / Number(props.of.costUsd)
    return `${Number.isFinite(share) ? share * 100 : 0}%`
  }
  return (
    <div class="parts-bar" aria-hidden="true">
      <For each={PARTS.filter(([name]) => !isZeroUsd(props.of[`${name}Usd`]))}>
        {([name, , colour]) => <i style={{ width: width(props.of[`${name}Usd`]), background: `var(--${colour})` }} />}
      </For>
    </div>
  )
}

/** Which colour is which part. */
export function PartsLegend() {
  return (
    <ul class="legend">
      <For each={PARTS}>
        {([, title, colour]) => (
          <li>
            <i class="swatch" style={{ background: `var(--${colour})` }} />
            {title}
          </li>
        )}
      </For>
    </ul>
  )
}
