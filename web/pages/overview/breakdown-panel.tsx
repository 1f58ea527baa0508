import type { UseQueryResult } from '@tanstack/solid-query'
import { type Accessor, createMemo, type JSX } from 'solid-js'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import type { CostRow } from '../../charts/cost-row.ts'
import type { ColourName } from '../../charts/palette.ts'
import type { Group } from '../../choice/choice.ts'
import type { Days } from '../../choice/range.ts'
import { CostTable } from '../../components/cost-table.tsx'
import { SplitBy } from '../../components/split-by.tsx'
import { formatDays } from '../../format/day.ts'
import { fileNameOf } from '../../format/file-name.ts'
import { rowName } from '../../format/row-name.ts'
import { NotAdditive } from './not-additive.tsx'
import type { Painter } from './painter.ts'
import type { Breakdown } from './spend-queries.ts'

export type Drawn = {
  rows: Accessor<readonly CostRow[]>
  totalCostUsd: Accessor<Breakdown['totalCostUsd']>
  colourOf: (row: CostRow) => ColourName
  /** False: shares of the total would mean nothing. */
  isAdditive: Accessor<boolean>
  onPick: (row: CostRow) => void
}

/** Cost by one dimension, as a drawing or as a table; a click on an owner shows only him. */
export function BreakdownPanel(props: {
  title: string
  of: string
  group: Group
  query: UseQueryResult<Breakdown>
  csvPath: string
  days: Days
  /** What a filter left as one row can be split by. */
  ways: readonly (readonly [label: string, href: string])[]
  painter: Painter
  minHeight: number
  class?: string
  /** Where a row's amount, or the total's (null), is explained. */
  explain?: (row: CostRow | null) => string | undefined
  onPick: (row: CostRow) => void
  children: (drawn: Drawn) => JSX.Element
}) {
  const onPick = (row: CostRow) => {
    if (row.kind === 'owner' && row.name) props.onPick(row)
  }
  const colourOf = (row: CostRow) => props.painter.colourOf(props.group, row)
  return (
    <ChartPanel
      id={props.group}
      title={props.title}
      about={formatDays(props.days.start, props.days.end)}
      query={props.query}
      minHeight={props.minHeight}
      class={props.class ?? ''}
      isEmpty={(data) => data.rows.length === 0}
      empty={<p>Nothing was billed on these days.</p>}
      csv={{ path: props.csvPath, fileName: fileNameOf('overview', [props.group], props.days) }}
      above={(data) => <NotAdditive isAdditive={data().isAdditive} />}
      below={(data) => {
        const only = () => (data().rows.length === 1 && data().rows[0]?.kind === 'owner' ? data().rows[0] : undefined)
        return <SplitBy isOne={only() !== undefined} name={rowName(only()!)} ways={props.ways} />
      }}
      chart={(data) => {
        const rows = createMemo<readonly CostRow[]>(() => {
          props.painter.learn(props.group, data().rows)
          return data().rows
        })
        const totalCostUsd = () => data().totalCostUsd
        return props.children({ rows, totalCostUsd, colourOf, onPick, isAdditive: () => data().isAdditive })
      }}
      table={(data) => (
        <CostTable
          caption={props.title}
          of={props.of}
          rows={data().rows}
          totalCostUsd={data().totalCostUsd}
          isAdditive={data().isAdditive}
          onPick={onPick}
          explain={props.explain}
        />
      )}
    />
  )
}
