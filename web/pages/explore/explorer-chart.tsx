import { createMemo, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { RankedBars } from '../../charts/cost-bars.tsx'
import type { CostRow } from '../../charts/cost-row.ts'
import { paletteOf } from '../../charts/palette.ts'
import { type DrawnSeries, drawnSeries, type Series } from '../../charts/series.ts'
import { TrendChart } from '../../charts/trend-chart.tsx'
import type { Zoom } from '../../charts/zoom.ts'
import { ZoomStrip } from '../../charts/zoom-strip.tsx'
import type { Days } from '../../choice/range.ts'
import { Legend } from '../../components/legend.tsx'
import { formatDay, formatFullDay, formatMonth } from '../../format/day.ts'
import type { Explored, ExploredRow } from './explorer-table.tsx'

const MOST_SERIES = 10

/** Columns over time, stacked by group; without a time, bars from the dearest down. */
export function ExplorerChart(props: {
  answer: Explored
  time: string | undefined
  /** What it is grouped by besides time: it says which palette. */
  names: readonly string[]
  zoom: Zoom
  shown: Days
  /** What each day of the whole range cost. */
  amounts: readonly number[] | undefined
  /** A row, a period of it, or a period of all rows (null). */
  onPick: (row: ExploredRow | null, period?: string) => void
}) {
  const palette = () => paletteOf(props.names.join('+'))
  const titled = createMemo(() => props.answer.rows.map((row) => ({ row, name: titleOf(row), kind: row.kind })))
  const rows = createMemo<(CostRow & { row: ExploredRow })[]>(() => {
    if (props.names.length === 1 && props.names[0] === 'team')
      palette().learnTeams(titled().map(({ row, name }) => ({ name, teamId: row.teamId })))
    palette().learn(titled().flatMap(({ name, kind }) => (kind === 'owner' ? [name] : [])))
    return titled().map(({ row, name }) => ({ ...row, row, name }))
  })
  return (
    <Show
      when={props.answer.periods}
      fallback={
        <RankedBars
          rows={rows()}
          totalCostUsd={props.answer.totalCostUsd}
          isAdditive={props.answer.isAdditive}
          colourOf={(row) => palette().colourOf(row)}
          onPick={(row) => props.onPick((row as CostRow & { row: ExploredRow }).row)}
        />
      }
    >
      {(periods) => {
        const series = createMemo(() =>
          drawnSeries(
            rows().map(({ name, kind, row }): Series => ({ name, kind, costUsd: row.costUsd ?? [] })),
            MOST_SERIES,
          ),
        )
        const isDaily = () => props.time === 'day'
        const days = () => periods().map((period) => (period.length === 7 ? `${period}-01` : period) as Day)
        const colourOf = (one: DrawnSeries) => (one.members > 1 ? 'others' : palette().colourOf(one))
        const pick = (one: DrawnSeries, day?: Day) => {
          const found = rows().find(({ name, kind }) => name === one.name && kind === one.kind)
          const period = day && periods()[days().indexOf(day)]
          if (found && one.members === 1) props.onPick(found.row, period)
          else if (period) props.onPick(null, period)
        }
        return (
          <>
            <TrendChart
              label="Cost over time by group"
              days={days()}
              written={writtenAs(props.time)}
              series={series()}
              isAdditive={props.answer.isAdditive}
              colourOf={colourOf}
              onPick={pick}
              onZoom={isDaily() && props.zoom.whole() ? props.zoom.zoomTo : undefined}
            />
            <Legend series={series()} colourOf={colourOf} onPick={pick} />
            <Show when={isDaily()}>
              <ZoomStrip zoom={props.zoom} shown={props.shown} amounts={props.amounts} />
            </Show>
          </>
        )
      }}
    </Show>
  )
}

/** How a period is written: a day, "Week of Nov 2", a month. */
export function writtenAs(time: string | undefined) {
  if (time === 'month') return { short: formatMonth, full: formatMonth }
  if (time === 'week') return { short: formatDay, full: (day: Day) => `Week of ${formatFullDay(day)}` }
  return { short: formatDay, full: formatFullDay }
}

/** One line for a group of one or two names. */
export function titleOf({ names, kind }: ExploredRow): string {
  if (kind !== 'owner') return names.filter((name) => !name.startsWith('__')).join(' · ')
  return names.map((name) => name || '(none)').join(' · ')
}
