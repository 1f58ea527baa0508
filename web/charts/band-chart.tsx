import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { Day } from '../../db/units/time.ts'
import { formatDay, formatFullDay } from '../format/day.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { labelStep } from './day-labels.ts'
import { createWidth } from './element-width.ts'
import { tooltipHtml } from './tooltip.ts'

const HEIGHT = 300
const AXIS_WIDTH = 60

/** A day that was, with its amount, or one to come, with its limits. Amounts are decimal text; positions go through Number(). */
export type BandDay = {
  readonly day: Day
  readonly actual?: string
  readonly point?: string
  readonly limits?: { readonly low80: string; readonly high80: string; readonly low95: string; readonly high95: string }
}

/** What was as a line, what is to come as another, in the bands in which it will lie four times and nineteen times in five and twenty. */
export function BandChart(props: {
  label: string
  days: readonly BandDay[]
  format: (amount: string) => string
  formatTick: (position: number) => string
}) {
  let frame!: HTMLDivElement
  const width = createWidth(() => frame)
  const step = createMemo(() => labelStep(props.days.length, width() - AXIS_WIDTH))
  const tooltip = (at: number) => {
    const one = props.days[at]!
    const [now, soon] = resolveColours(['text', 'series-1'])
    const range = (low: string, high: string) => `${props.format(low)} – ${props.format(high)}`
    return tooltipHtml(formatFullDay(one.day), [
      ...(one.actual === undefined ? [] : [{ colour: now!, label: 'Actual', value: props.format(one.actual) }]),
      ...(one.point === undefined ? [] : [{ colour: soon!, label: 'Forecast', value: props.format(one.point) }]),
      ...(one.limits
        ? [
            { label: '80 % of days within', value: range(one.limits.low80, one.limits.high80) },
            { label: '95 % of days within', value: range(one.limits.low95, one.limits.high95) },
          ]
        : []),
    ])
  }
  const options = createMemo((): ApexOptions => {
    const [line, muted, now, soon] = resolveColours(['line', 'muted', 'text', 'series-1'])
    const { days } = props
    const band = (low: 'low80' | 'low95', high: 'high80' | 'high95') =>
      days.map(({ limits }, x) => ({ x, y: limits ? [Number(limits[low]), Number(limits[high])] : [null, null] }))
    const points = (of: (day: BandDay) => string | undefined) =>
      days.map((day, x) => ({ x, y: of(day) === undefined ? null : Number(of(day)) }))
    const every = step()
    return {
      chart: {
        ...{ type: 'rangeArea', height: HEIGHT, fontFamily: 'inherit', parentHeightOffset: 0 },
        ...{ animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false } },
      },
      series: [
        { type: 'rangeArea', name: '95 %', data: band('low95', 'high95') },
        { type: 'rangeArea', name: '80 %', data: band('low80', 'high80') },
        { type: 'line', name: 'Actual', data: points(({ actual }) => actual) },
        { type: 'line', name: 'Forecast', data: points(({ point }) => point) },
      ] as NonNullable<ApexOptions['series']>,
      colors: [soon!, soon!, now!, soon!],
      fill: { type: 'solid', opacity: [0.14, 0.24, 1, 1] },
      stroke: { curve: 'straight', width: [0, 0, 2, 2], dashArray: [0, 0, 0, 5] },
      markers: { size: 0, hover: { sizeOffset: 3 } },
      grid: { borderColor: line!, strokeDashArray: 3, padding: { left: 8, right: 8, top: -12, bottom: 0 } },
      legend: { show: false },
      dataLabels: { enabled: false },
      xaxis: {
        type: 'numeric',
        min: 0,
        max: Math.max(1, days.length - 1),
        tickAmount: Math.max(1, Math.floor(days.length / every)),
        axisBorder: { color: line! },
        axisTicks: { show: false },
        labels: {
          rotate: 0,
          formatter: (value: string) => {
            const one = days[Math.round(Number(value))]
            return one ? formatDay(one.day) : ''
          },
          style: { colors: muted!, fontSize: '12px' },
        },
        crosshairs: { show: false },
        tooltip: { enabled: false },
      },
      yaxis: { labels: { formatter: props.formatTick, style: { colors: muted!, fontSize: '12px' } } },
      tooltip: {
        ...{ shared: true, intersect: false },
        custom: ({ dataPointIndex }: { dataPointIndex: number }) => tooltip(dataPointIndex),
      },
    }
  })
  return (
    <div
      ref={(element) => {
        frame = element
      }}
    >
      <ApexChart options={options()} height={HEIGHT} label={props.label} />
    </div>
  )
}
