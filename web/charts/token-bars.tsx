import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import { formatCountOf, formatTokens } from '../format/count.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { createWidth } from './element-width.ts'
import type { ColourName } from './palette.ts'
import { tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const ROW_HEIGHT = 34
const NARROW = 480

/** One bucket of tokens, for every row. Buckets share no token, so that a bar is their sum. */
export type TokenSeries = { readonly name: string; readonly colour: ColourName; readonly tokens: readonly number[] }

/** Tokens of each row as one bar of its buckets. `more` says below the buckets what else is known of a row. */
export function TokenBars(props: {
  label: string
  names: readonly string[]
  series: readonly TokenSeries[]
  more: (row: number) => readonly { label: string; value: string }[]
  onPick?: ((row: number) => void) | undefined
}) {
  let host!: HTMLDivElement
  const width = createWidth(() => host)
  const height = () => Math.max(4, props.names.length) * ROW_HEIGHT + 44
  const label = () => {
    const sums = props.series.map(({ name, tokens }) => `${name} ${formatTokens(tokens.reduce((a, b) => a + b, 0))}`)
    return `${props.label}. ${formatCountOf(props.names.length, 'row')}. ${sums.join(', ')}. The table has every figure.`
  }
  const options = createMemo((): ApexOptions => {
    const colours = resolveColours(props.series.map(({ colour }) => colour))
    const [line, muted, text, surface] = resolveColours(['line', 'muted', 'text', 'surface'])
    const isNarrow = width() < NARROW
    return {
      chart: {
        ...{ type: 'bar', stacked: true, height: height(), toolbar: { show: false }, zoom: { enabled: false } },
        ...{ animations: { enabled: false }, fontFamily: 'inherit', parentHeightOffset: 0 },
        events: {
          dataPointSelection: (event, _chart, at: { dataPointIndex: number }) =>
            whenClicked(event, () => props.onPick?.(at.dataPointIndex)),
        },
      },
      colors: colours,
      series: props.series.map(({ name, tokens }) => ({
        name,
        data: tokens.map((y, at) => ({ x: props.names[at]!, y })),
      })),
      plotOptions: { bar: { horizontal: true, barHeight: '62%', borderRadius: 2 } },
      stroke: { width: 1, colors: [surface!] },
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
          formatter: (value: string) => short.format(Number(value)),
          style: { colors: muted!, fontSize: '12px' },
        },
      },
      yaxis: { labels: { maxWidth: isNarrow ? 130 : 220, offsetY: 3, style: { colors: text!, fontSize: '13px' } } },
      tooltip: {
        intersect: false,
        shared: false,
        custom: ({ dataPointIndex: row }: { dataPointIndex: number }) =>
          tooltipHtml(props.names[row]!, [
            ...props.series.map(({ name, tokens }, at) => ({
              ...{ colour: colours[at]!, label: name, value: formatTokens(tokens[row]!) },
            })),
            ...props.more(row),
          ]),
      },
    }
  })
  return (
    <div ref={host}>
      <ApexChart options={options()} height={height()} label={label()} class={props.onPick ? 'is-pickable' : ''} />
    </div>
  )
}

/** "1.2M": a position on the axis, not a count. */
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
