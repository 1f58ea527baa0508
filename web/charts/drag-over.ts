import type { ApexOptions } from 'apexcharts'
import type { Day } from '../../db/units/time.ts'
import type { Days } from '../choice/range.ts'

type Chart = NonNullable<ApexOptions['chart']>

/**
 * The part of a chart's options that lets the reader drag over columns; `onZoom` hears the days under them. Without it
 * the chart only has its other events. What was dragged is read from the screen, since columns have names and no numbers.
 */
export function dragOver(
  days: readonly Day[],
  onZoom: ((days: Days) => void) | undefined,
  events: NonNullable<Chart['events']>,
): Pick<Chart, 'toolbar' | 'zoom' | 'selection' | 'events'> {
  if (!onZoom) return { toolbar: { show: false }, zoom: { enabled: false }, events }
  return {
    toolbar: { show: false, autoSelected: 'selection' },
    zoom: { enabled: false },
    selection: { enabled: true, type: 'x' },
    events: {
      ...events,
      selection: (chart: { el?: HTMLElement }) => {
        const picked = chart.el && columnsUnder(chart.el, days.length)
        if (picked) onZoom({ start: days[picked[0]]!, end: days[picked[1]]! })
      },
    },
  }
}

/** First and last of the columns below what was dragged. */
function columnsUnder(chart: HTMLElement, columns: number): [number, number] | null {
  const dragged = chart.querySelector('.apexcharts-selection-rect')?.getBoundingClientRect()
  const grid = chart.querySelector('.apexcharts-grid-borders')?.parentElement?.getBoundingClientRect()
  if (!dragged || !grid || grid.width === 0 || columns === 0) return null
  const at = (x: number) => Math.min(columns - 1, Math.max(0, Math.floor(((x - grid.left) / grid.width) * columns)))
  return [at(dragged.left), at(dragged.right - 1)]
}
