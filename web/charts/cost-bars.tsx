import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { RankedList } from '../components/ranked-list.tsx'
import { formatCountOf, formatHours } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { formatUsd, formatUsdTick } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { type CostRow, isUnmeasured } from './cost-row.ts'
import { offerDrawing } from './drawing.ts'
import type { ColourName } from './palette.ts'
import { summariseRows } from './summary.ts'
import { tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const ROW_HEIGHT = 30

type Bars = {
  readonly rows: readonly CostRow[]
  readonly totalCostUsd: UsdText
  readonly isAdditive: boolean
  readonly colourOf: (row: CostRow) => ColourName
  readonly onPick: (row: CostRow) => void
}

/** One horizontal bar per row, dearest first as they come. `onPick` hears which bar was clicked. */
export function CostBars(props: Bars & { label: string }) {
  const options = createMemo(() => optionsOf(props))
  const label = () => `${props.label}. ${summariseRows(props.rows, props.totalCostUsd, props.isAdditive)}`
  return (
    <ApexChart
      options={options()}
      height={heightOf(props.rows)}
      label={label()}
      class="is-pickable"
      amounts={amountsOf(props.rows)}
    />
  )
}

/** Names, amounts and a bar each, which need no chart library on screen; a file of it has the bars of `CostBars`. */
export function RankedBars(props: Bars) {
  offerDrawing(() => ({ options: optionsOf(props), height: heightOf(props.rows), amounts: amountsOf(props.rows) }))
  return <RankedList {...props} />
}

function amountsOf(rows: readonly CostRow[]): string[] {
  return rows.map((row) => (isUnmeasured(row) ? 'not measured' : formatUsd(row.totalCostUsd)))
}

function heightOf(rows: readonly CostRow[]): number {
  return Math.max(4, rows.length) * ROW_HEIGHT + 44
}

function optionsOf({ rows, colourOf, onPick }: Bars): ApexOptions {
  const colours = resolveColours(rows.map(colourOf))
  const [line, muted, text] = resolveColours(['line', 'muted', 'text'])
  const tooltip = (index: number) => {
    const row = rows[index]!
    return tooltipHtml(rowName(row), [
      { colour: colours[index]!, label: 'Cost', value: formatUsd(row.totalCostUsd) },
      { label: formatCountOf(row.jobCount, 'job'), value: `${formatHours(row.gpuHours)} GPU-h` },
    ])
  }
  return {
    chart: {
      type: 'bar',
      height: heightOf(rows),
      toolbar: { show: false },
      animations: { enabled: false },
      fontFamily: 'inherit',
      parentHeightOffset: 0,
      events: {
        dataPointSelection: (event, _chart, at: { dataPointIndex: number }) => {
          const picked = rows[at.dataPointIndex]
          if (picked) whenClicked(event, () => onPick(picked))
        },
      },
    },
    series: [{ name: 'Cost', data: rows.map(({ totalCostUsd }) => Number(totalCostUsd)) }],
    colors: colours,
    plotOptions: {
      bar: { horizontal: true, distributed: true, barHeight: '62%', borderRadius: 3, borderRadiusApplication: 'end' },
    },
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
      categories: rows.map(rowName),
      tickAmount: 4,
      axisBorder: { show: false },
      axisTicks: { show: false },
      labels: {
        formatter: (value: string) => formatUsdTick(Number(value)),
        style: { colors: muted!, fontSize: '12px' },
      },
    },
    yaxis: { labels: { maxWidth: 150, offsetY: 3, style: { colors: text!, fontSize: '13px' } } },
    tooltip: {
      intersect: false,
      shared: false,
      custom: ({ dataPointIndex }: { dataPointIndex: number }) => tooltip(dataPointIndex),
    },
  }
}
