import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { formatUsd, formatUsdTick } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { createWidth } from './element-width.ts'
import { heightOf, lyingBars, rowTip } from './lying-bars.ts'
import type { ColourName } from './palette.ts'

const FRAME = { tick: formatUsdTick, longestName: [150, 190] } as const

/** One part of a cost. */
export type BridgePart = { readonly name: string; readonly colour: ColourName; readonly amount: UsdText }
/** A cost and the parts that it is the sum of. */
export type Bridge = { readonly name: string; readonly total: UsdText; readonly parts: readonly BridgePart[] }

/** One cost as a waterfall: each part begins where the one before it ends, and the last ends at the cost. */
export function BridgeChart(props: { label: string; bridge: Bridge; onPick: (part: number) => void }) {
  let host!: HTMLDivElement
  const width = createWidth(() => host)
  const spans = createMemo(() => {
    let at = 0
    return props.bridge.parts.map((part) => {
      const from = at
      at += Number(part.amount)
      return { part, span: [Math.min(from, at), Math.max(from, at)] as [number, number] }
    })
  })
  const options = createMemo((): ApexOptions => {
    const colours = resolveColours(props.bridge.parts.map(({ colour }) => colour))
    return {
      ...lyingBars({
        type: 'rangeBar',
        rows: props.bridge.parts.length,
        width: width(),
        ...FRAME,
        onPick: props.onPick,
      }),
      series: [
        {
          name: 'Cost',
          data: spans().map(({ part, span }, index) => ({ x: part.name, y: span, fillColor: colours[index]! })),
        },
      ],
      tooltip: rowTip((index) => {
        const part = props.bridge.parts[index]!
        return [part.name, [{ colour: colours[index]!, label: 'Cost', value: formatUsd(part.amount) }]]
      }),
    }
  })
  const label = () => `${props.label}. ${wordsOf(props.bridge)} The table has every figure.`
  return (
    <div ref={host}>
      <ApexChart
        options={options()}
        height={heightOf(props.bridge.parts.length)}
        label={label()}
        class="is-pickable"
        amounts={props.bridge.parts.map(({ amount }) => formatUsd(amount))}
      />
    </div>
  )
}

/** Several costs, each as one bar of its parts. */
export function BridgeBars(props: { label: string; bridges: readonly Bridge[]; onPick: (bridge: number) => void }) {
  let host!: HTMLDivElement
  const width = createWidth(() => host)
  const options = createMemo((): ApexOptions => {
    const parts = props.bridges[0]?.parts ?? []
    const colours = resolveColours(parts.map(({ colour }) => colour))
    return {
      ...lyingBars({ type: 'bar', rows: props.bridges.length, width: width(), ...FRAME, onPick: props.onPick }),
      colors: colours,
      series: parts.map(({ name }, at) => ({
        name,
        data: props.bridges.map((bridge) => ({ x: bridge.name, y: Number(bridge.parts[at]!.amount) })),
      })),
      tooltip: rowTip((index) => {
        const { name, total, parts: own } = props.bridges[index]!
        const lines = own.map((part, at) => ({ colour: colours[at]!, label: part.name, value: formatUsd(part.amount) }))
        return [name, [...lines, { label: 'Total', value: formatUsd(total) }]]
      }),
    }
  })
  const label = () => `${props.label}. ${props.bridges.slice(0, 3).map(wordsOf).join(' ')} The table has every figure.`
  return (
    <div ref={host}>
      <ApexChart
        options={options()}
        height={heightOf(props.bridges.length)}
        label={label()}
        class="is-pickable"
        amounts={props.bridges.map(({ total }) => formatUsd(total))}
      />
    </div>
  )
}

function wordsOf({ name, total, parts }: Bridge): string {
  return `${name} ${formatUsd(total)}: ${parts.map((part) => `${part.name} ${formatUsd(part.amount)}`).join(', ')}.`
}
