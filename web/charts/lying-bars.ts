import type { ApexOptions } from 'apexcharts'
import { resolveColours } from './colours.ts'
import { tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const ROW_HEIGHT = 34
/** Below this width of a chart its axis has room for two figures. */
const NARROW = 480

/** The height of a chart of so many rows, its axis included. */
export function heightOf(rows: number): number {
  return Math.max(4, rows) * ROW_HEIGHT + 44
}

/** What charts of lying bars share: a row each, figures below, names at the left. Colours, series and tip are the chart's own. */
export function lyingBars(of: {
  type: 'bar' | 'rangeBar'
  rows: number
  /** Of the chart, in pixels. */
  width: number
  /** A position on the axis in words. */
  tick: (value: number) => string
  /** Room for the names in pixels: in a narrow chart, and in a wide one. */
  longestName: readonly [number, number]
  onPick: ((row: number) => void) | undefined
}): ApexOptions {
  const { type, rows, onPick } = of
  const [line, muted, text] = resolveColours(['line', 'muted', 'text'])
  const isNarrow = of.width < NARROW
  return {
    chart: {
      ...{ type, stacked: type === 'bar', height: heightOf(rows), toolbar: { show: false }, zoom: { enabled: false } },
      ...{ animations: { enabled: false }, fontFamily: 'inherit', parentHeightOffset: 0 },
      events: {
        dataPointSelection: (event, _chart, at: { dataPointIndex: number }) =>
          whenClicked(event, () => onPick?.(at.dataPointIndex)),
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
      labels: { formatter: (value: string) => of.tick(Number(value)), style: { colors: muted!, fontSize: '12px' } },
    },
    yaxis: {
      labels: {
        maxWidth: of.longestName[isNarrow ? 0 : 1],
        offsetY: 3,
        style: { colors: text!, fontSize: isNarrow ? '12px' : '13px' },
      },
    },
  }
}

/** The box at a pointed row: its title and lines. */
export function rowTip(linesOf: (row: number) => Parameters<typeof tooltipHtml>): NonNullable<ApexOptions['tooltip']> {
  return {
    intersect: false,
    shared: false,
    custom: ({ dataPointIndex }: { dataPointIndex: number }) => tooltipHtml(...linesOf(dataPointIndex)),
  }
}
