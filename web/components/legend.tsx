import { For } from 'solid-js'
import type { ColourName } from '../charts/palette.ts'
import type { DrawnSeries } from '../charts/series.ts'
import { RowLabel } from './row-label.tsx'

/** Which colour is whom. The names of owners filter by them. */
export function Legend(props: {
  series: readonly DrawnSeries[]
  colourOf: (series: DrawnSeries) => ColourName
  onPick?: (series: DrawnSeries) => void
}) {
  return (
    <ul class="legend">
      <For each={props.series}>
        {(one) => (
          <li>
            <i class="swatch" style={{ background: `var(--${props.colourOf(one)})` }} />
            <RowLabel row={one} {...(props.onPick && one.members === 1 ? { onPick: props.onPick } : {})} />
          </li>
        )}
      </For>
    </ul>
  )
}
