import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Days } from '../choice/range.ts'
import { formatDay, formatFullDay } from '../format/day.ts'
import { rowName } from '../format/row-name.ts'
import { formatUsd, formatUsdTick, isZeroUsd } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColour, resolveColours } from './colours.ts'
import { labelStep } from './day-labels.ts'
import { DragOver } from './drag-over.tsx'
import { createWidth } from './element-width.ts'
import type { ColourName } from './palette.ts'
import { type DrawnSeries, sumUsd } from './series.ts'
import { summariseTrend } from './summary.ts'
import { tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const HEIGHT = 300
const AXIS_WIDTH = 60

/**
 * Daily cost as stacked columns, one per day, zero days included. Heights go through Number(); the tooltip is
 * formatted from the exact text. `onPick` hears which series was clicked, and on which day.
 */
export function TrendChart(props: {
  label: string
  days: readonly Day[]
  /** How a column's day is written, short and in full; days where nothing is said. */
  written?: { short: (day: Day) => string; full: (day: Day) => string }
  series: readonly DrawnSeries[]
  isAdditive: boolean
  colourOf: (series: DrawnSeries) => ColourName
  onPick: (series: DrawnSeries, day: Day) => void
  /** Hears which days were dragged over, where that is asked. */
  onZoom?: ((days: Days) => void) | undefined
}) {
  let frame!: HTMLDivElement
  const width = createWidth(() => frame)
  // Every day keeps its column, but only as many days are written as have room side by side.
  const step = createMemo(() => labelStep(props.days.length, width() - AXIS_WIDTH))
  const colours = createMemo(() => resolveColours(props.series.map(props.colourOf)))
  const tooltip = (day: number) => {
    const lines = props.series.map((one, index) => ({
      colour: colours()[index]!,
      label: rowName(one),
      cost: one.costUsd[day],
    }))
    const shown = lines.filter(({ cost }) => cost !== undefined && !isZeroUsd(cost))
    const total = sumUsd(shown.map(({ cost }) => cost!))
    const sum = props.series.length > 1 && props.isAdditive ? [{ label: 'Total', value: formatUsd(total) }] : []
    const items = shown.reverse().map(({ colour, label, cost }) => ({ colour, label, value: formatUsd(cost!) }))
    const nothing = items.length === 0 ? [{ label: 'No cost', value: formatUsd('0.00' as UsdText) }] : []
    return tooltipHtml((props.written?.full ?? formatFullDay)(props.days[day]!), [
      ...items,
      ...nothing,
      ...(items.length > 0 ? sum : []),
    ])
  }
  const options = createMemo((): ApexOptions => {
    const [line, muted] = resolveColours(['line', 'muted'])
    return {
      chart: {
        type: 'bar',
        stacked: props.isAdditive, // a stack would be read as a sum
        height: HEIGHT,
        animations: { enabled: false },
        fontFamily: 'inherit',
        parentHeightOffset: 0,
        toolbar: { show: false },
        zoom: { enabled: false },
        events: {
          dataPointSelection: (event, _chart, at: { seriesIndex: number; dataPointIndex: number }) => {
            const [picked, day] = [props.series[at.seriesIndex], props.days[at.dataPointIndex]]
            if (picked && day) whenClicked(event, () => props.onPick(picked, day))
          },
        },
      },
      series: props.series.map((one) => ({ name: rowName(one), data: one.costUsd.map(Number) })),
      colors: colours(),
      plotOptions: {
        bar: { columnWidth: props.days.length > 45 ? '86%' : '66%', borderRadius: 2, borderRadiusApplication: 'end' },
      },
      stroke: { width: props.days.length > 45 ? 0 : 1, colors: [resolveColour('surface')] },
      fill: { opacity: 1 },
      states: { active: { filter: { type: 'none' } }, hover: { filter: { type: 'none' } } },
      grid: { borderColor: line!, strokeDashArray: 3, padding: { left: 8, right: 4, top: -12, bottom: 0 } },
      legend: { show: false },
      dataLabels: { enabled: false },
      xaxis: {
        categories: props.days.map((day, index) =>
          index % step() === 0 ? (props.written?.short ?? formatDay)(day) : '',
        ),
        axisBorder: { color: line! },
        axisTicks: { show: false },
        labels: { rotate: 0, hideOverlappingLabels: false, style: { colors: muted!, fontSize: '12px' } },
        crosshairs: { show: false },
        tooltip: { enabled: false },
      },
      yaxis: { labels: { formatter: formatUsdTick, style: { colors: muted!, fontSize: '12px' } } },
      tooltip: {
        shared: true,
        intersect: false,
        custom: ({ dataPointIndex }: { dataPointIndex: number }) => tooltip(dataPointIndex),
      },
    }
  })
  const label = () => {
    const { days, series, isAdditive } = props
    return `${props.label}. ${summariseTrend({ days, series, isAdditive, full: props.written?.full ?? formatFullDay })}`
  }
  return (
    <DragOver
      ref={(element) => {
        frame = element
      }}
      days={props.days}
      onZoom={props.onZoom}
    >
      <ApexChart
        options={options()}
        height={HEIGHT}
        label={label()}
        amounts={props.series.map((one) => formatUsd(sumUsd(one.costUsd)))}
        class={props.onZoom ? 'is-pickable is-draggable' : 'is-pickable'}
      />
    </DragOver>
  )
}
