import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import type { Days } from '../choice/range.ts'
import { formatCount } from '../format/count.ts'
import { formatDay, formatFullDay } from '../format/day.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColour, resolveColours } from './colours.ts'
import { labelStep } from './day-labels.ts'
import { DragOver } from './drag-over.tsx'
import { createWidth } from './element-width.ts'
import type { ColourName } from './palette.ts'
import { summariseHours } from './summary.ts'
import { type TooltipLine, tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const HEIGHT = 300
const AXIS_WIDTH = 60

/** One part of a day's GPU-hours, for every day. */
export type HoursSeries = { readonly name: string; readonly colour: ColourName; readonly hours: readonly number[] }

/** GPU-hours per day as stacked columns. `linesOf` writes the tooltip of a day, with the colours of the series. */
export function HoursChart(props: {
  label: string
  days: readonly Day[]
  series: readonly HoursSeries[]
  linesOf: (day: number, colours: readonly string[]) => readonly TooltipLine[]
  onPick: (series: HoursSeries, day: Day) => void
  /** Hears which days were dragged over, where that is asked. */
  onZoom?: ((days: Days) => void) | undefined
}) {
  let frame!: HTMLDivElement
  const width = createWidth(() => frame)
  const step = createMemo(() => labelStep(props.days.length, width() - AXIS_WIDTH))
  const colours = createMemo(() => resolveColours(props.series.map(({ colour }) => colour)))
  const options = createMemo((): ApexOptions => {
    const [line, muted] = resolveColours(['line', 'muted'])
    const isDense = props.days.length > 45
    return {
      chart: {
        ...{ type: 'bar', stacked: true, height: HEIGHT },
        ...{ animations: { enabled: false }, fontFamily: 'inherit', parentHeightOffset: 0 },
        toolbar: { show: false },
        zoom: { enabled: false },
        events: {
          dataPointSelection: (event, _chart, at: { seriesIndex: number; dataPointIndex: number }) => {
            const [picked, day] = [props.series[at.seriesIndex], props.days[at.dataPointIndex]]
            if (picked && day) whenClicked(event, () => props.onPick(picked, day))
          },
        },
      },
      series: props.series.map(({ name, hours }) => ({ name, data: [...hours] })),
      colors: colours(),
      plotOptions: { bar: { columnWidth: isDense ? '86%' : '66%', borderRadius: 2, borderRadiusApplication: 'end' } },
      stroke: { width: isDense ? 0 : 1, colors: [resolveColour('surface')] },
      fill: { opacity: 1 },
      states: { active: { filter: { type: 'none' } }, hover: { filter: { type: 'none' } } },
      grid: { borderColor: line!, strokeDashArray: 3, padding: { left: 8, right: 4, top: -12, bottom: 0 } },
      legend: { show: false },
      dataLabels: { enabled: false },
      xaxis: {
        categories: props.days.map((day, index) => (index % step() === 0 ? formatDay(day) : '')),
        axisBorder: { color: line! },
        axisTicks: { show: false },
        labels: { rotate: 0, hideOverlappingLabels: false, style: { colors: muted!, fontSize: '12px' } },
        crosshairs: { show: false },
        tooltip: { enabled: false },
      },
      yaxis: {
        labels: {
          formatter: (hours: number) => `${formatCount(Math.round(hours))} h`,
          style: { colors: muted!, fontSize: '12px' },
        },
      },
      tooltip: {
        shared: true,
        intersect: false,
        custom: ({ dataPointIndex: at }: { dataPointIndex: number }) =>
          tooltipHtml(formatFullDay(props.days[at]!), props.linesOf(at, colours())),
      },
    }
  })
  const label = () => `${props.label}. ${summariseHours(props.days, props.series, formatFullDay)}`
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
        class={props.onZoom ? 'is-pickable is-draggable' : 'is-pickable'}
      />
    </DragOver>
  )
}
