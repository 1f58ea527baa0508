import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { formatUsd, formatUsdTick } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { createWidth } from './element-width.ts'
import type { ColourName } from './palette.ts'
import { tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const ROW_HEIGHT = 34
/** Below this width of a chart its axis has room for two amounts. */
const NARROW = 480

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
      ...frame(props.bridge.parts.length, 'rangeBar', width() < NARROW, props.onPick),
      series: [
        {
          name: 'Cost',
          data: spans().map(({ part, span }, index) => ({ x: part.name, y: span, fillColor: colours[index]! })),
        },
      ],
      tooltip: tip((_series, index) => {
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
      ...frame(props.bridges.length, 'bar', width() < NARROW, props.onPick),
      colors: colours,
      series: parts.map(({ name }, at) => ({
        name,
        data: props.bridges.map((bridge) => ({ x: bridge.name, y: Number(bridge.parts[at]!.amount) })),
      })),
      tooltip: tip((_series, index) => {
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

function heightOf(rows: number): number {
  return Math.max(4, rows) * ROW_HEIGHT + 44
}

function frame(rows: number, type: 'bar' | 'rangeBar', isNarrow: boolean, onPick: (row: number) => void): ApexOptions {
  const [line, muted, text] = resolveColours(['line', 'muted', 'text'])
  return {
    chart: {
      ...{ type, stacked: type === 'bar', height: heightOf(rows), toolbar: { show: false }, zoom: { enabled: false } },
      ...{ animations: { enabled: false }, fontFamily: 'inherit', parentHeightOffset: 0 },
      events: {
        dataPointSelection: (event, _chart, at: { dataPointIndex: number }) =>
          whenClicked(event, () => onPick(at.dataPointIndex)),
      },
    },
    plotOptions: { bar: { horizontal: true, barHeight: '62%', borderRadius: 2 } },
    states: { active: { filter: { type: 'none' } }, hover: { filter: { type: 'none' } } },
    grid: {
      borderColor: line!,
      strokeDashArray: 3,
      xaxis: { lines: { show: true } },
      yaxis: { lines: { show: false } },
      padding: { top: -18, right: 20, bottom: 0, left: 4 },
    },
    fill: { opacity: 1 },
    legend: { show: false },
    dataLabels: { enabled: false },
    xaxis: {
      tickAmount: isNarrow ? 2 : 4,
      axisBorder: { show: false },
      axisTicks: { show: false },
      labels: {
        formatter: (value: string) => formatUsdTick(Number(value)),
        style: { colors: muted!, fontSize: '12px' },
      },
    },
    yaxis: {
      labels: {
        maxWidth: isNarrow ? 150 : 190,
        offsetY: 3,
        style: { colors: text!, fontSize: isNarrow ? '12px' : '13px' },
      },
    },
  }
}

type Lines = Parameters<typeof tooltipHtml>

function tip(linesOf: (series: number, index: number) => Lines): NonNullable<ApexOptions['tooltip']> {
  return {
    intersect: false,
    shared: false,
    custom: ({ seriesIndex, dataPointIndex }: { seriesIndex: number; dataPointIndex: number }) =>
      tooltipHtml(...linesOf(seriesIndex, dataPointIndex)),
  }
}
