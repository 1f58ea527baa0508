import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import type { UsdText } from '../../db/units/money.ts'
import { formatShare } from '../format/change.ts'
import { formatCountOf } from '../format/count.ts'
import { rowName } from '../format/row-name.ts'
import { formatUsd } from '../format/usd.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColour, resolveColours } from './colours.ts'
import type { CostRow } from './cost-row.ts'
import type { ColourName } from './palette.ts'
import { summariseRows } from './summary.ts'
import { escapeHtml, tooltipHtml } from './tooltip.ts'
import { whenClicked } from './when-clicked.ts'

const HEIGHT = 200

/** Shares of one total. A credit has no slice, since a slice cannot be negative; lists and tables show it. */
export function ShareDonut(props: {
  label: string
  rows: readonly CostRow[]
  totalCostUsd: UsdText
  /** False: the slices are no parts of the total. */
  isAdditive: boolean
  colourOf: (row: CostRow) => ColourName
  onPick: (row: CostRow) => void
}) {
  const slices = createMemo(() => props.rows.filter(({ totalCostUsd }) => Number(totalCostUsd) > 0))
  const colours = createMemo(() => resolveColours(slices().map(props.colourOf)))
  const tooltip = (index: number) => {
    const row = slices()[index]!
    const share = props.isAdditive ? formatShare(row.totalCostUsd, props.totalCostUsd) : null
    return tooltipHtml(rowName(row), [
      { colour: colours()[index]!, label: 'Cost', value: formatUsd(row.totalCostUsd) },
      { label: formatCountOf(row.jobCount, 'job'), value: share ?? '' },
    ])
  }
  const options = createMemo(
    (): ApexOptions => ({
      chart: {
        type: 'donut',
        height: HEIGHT,
        animations: { enabled: false },
        fontFamily: 'inherit',
        events: {
          dataPointSelection: (event, _chart, at: { dataPointIndex: number }) => {
            const picked = slices()[at.dataPointIndex]
            if (picked) whenClicked(event, () => props.onPick(picked))
          },
        },
      },
      series: slices().map(({ totalCostUsd }) => Number(totalCostUsd)),
      labels: slices().map((row) => escapeHtml(rowName(row))),
      colors: colours(),
      stroke: { width: slices().length > 1 ? 2 : 0, colors: [resolveColour('surface')] },
      states: { active: { filter: { type: 'none' } }, hover: { filter: { type: 'none' } } },
      plotOptions: { pie: { expandOnClick: false, donut: { size: '72%' } } },
      legend: { show: false },
      dataLabels: { enabled: false },
      tooltip: { custom: ({ seriesIndex }: { seriesIndex: number }) => tooltip(seriesIndex) },
    }),
  )
  const amounts = () =>
    slices().map((row) => {
      const share = props.isAdditive ? formatShare(row.totalCostUsd, props.totalCostUsd) : null
      return [formatUsd(row.totalCostUsd), share].filter(Boolean).join(', ')
    })
  const label = () => `${props.label}. ${summariseRows(props.rows, props.totalCostUsd, props.isAdditive)}`
  return (
    <div class="donut">
      <ApexChart options={options()} height={HEIGHT} label={label()} class="is-pickable" amounts={amounts()} />
      <p class="donut-total" aria-hidden="true">
        <span>{props.isAdditive ? 'Total' : 'Bill'}</span>
        <b>{formatUsd(props.totalCostUsd)}</b>
      </p>
    </div>
  )
}
