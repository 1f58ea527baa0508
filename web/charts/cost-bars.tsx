import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import { formatCountOf, formatHours } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { formatUsd, formatUsdTick } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import type { CostRow } from './cost-row.ts'
import type { ColourName } from './palette.ts'
import { escapeHtml, tooltipHtml } from './tooltip.ts'

const ROW_HEIGHT = 30

/** One horizontal bar per row, dearest first as they come. `onPick` hears which bar was clicked. */
export function CostBars(props: {
  label: string
  rows: readonly CostRow[]
  colourOf: (row: CostRow) => ColourName
  onPick: (row: CostRow) => void
}) {
  const height = () => Math.max(4, props.rows.length) * ROW_HEIGHT + 44
  const colours = createMemo(() => resolveColours(props.rows.map(props.colourOf)))
  const tooltip = (index: number) => {
    const row = props.rows[index]!
    return tooltipHtml(rowName(row), [
      { colour: colours()[index]!, label: 'Cost', value: formatUsd(row.totalCostUsd) },
      { label: formatCountOf(row.jobCount, 'job'), value: `${formatHours(row.gpuHours)} GPU-h` },
    ])
  }
  const options = createMemo((): ApexOptions => {
    const [line, muted, text] = resolveColours(['line', 'muted', 'text'])
    return {
      chart: {
        type: 'bar',
        height: height(),
        toolbar: { show: false },
        animations: { enabled: false },
        fontFamily: 'inherit',
        parentHeightOffset: 0,
        events: {
          dataPointSelection: (_event, _chart, at: { dataPointIndex: number }) => {
            const picked = props.rows[at.dataPointIndex]
            if (picked) props.onPick(picked)
          },
        },
      },
      series: [{ name: 'Cost', data: props.rows.map(({ totalCostUsd }) => Number(totalCostUsd)) }],
      colors: colours(),
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
        categories: props.rows.map((row) => escapeHtml(rowName(row))),
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
  })
  return <ApexChart options={options()} height={height()} label={props.label} class="is-pickable" />
}
