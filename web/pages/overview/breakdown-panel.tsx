import type { UseQueryResult } from '@tanstack/solid-query'
import { type Accessor, createMemo, createSignal, type JSX, Show } from 'solid-js'
import type { CostRow } from '../../charts/cost-row.ts'
import type { ColourName } from '../../charts/palette.ts'
import type { Group } from '../../choice/choice.ts'
import { CostTable } from '../../components/cost-table.tsx'
import { DownloadButton } from '../../components/download-button.tsx'
import { Panel } from '../../components/panel.tsx'
import { type View, ViewSwitch } from '../../components/view-switch.tsx'
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
  painter: Painter
  minHeight: number
  class?: string
  /** Where a row's amount, or the total's (null), is explained. */
  explain?: (row: CostRow | null) => string | undefined
  onPick: (row: CostRow) => void
  children: (drawn: Drawn) => JSX.Element
}) {
  const [view, setView] = createSignal<View>('chart')
  const onPick = (row: CostRow) => {
    if (row.kind === 'owner' && row.name) props.onPick(row)
  }
  return (
    <Panel
      title={props.title}
      query={props.query}
      minHeight={props.minHeight}
      class={props.class ?? ''}
      isEmpty={(data) => data.rows.length === 0}
      empty={<p>Nothing was billed on these days.</p>}
      actions={
        <>
          <Show when={view() === 'table'}>
            <DownloadButton
              path={props.csvPath}
              fileName={`heliox-by-${props.group.replace('_', '-')}.csv`}
              label={`Download ${props.title.toLowerCase()} as CSV`}
            />
          </Show>
          <ViewSwitch of={props.title} view={view()} onChange={setView} />
        </>
      }
    >
      {(data) => {
        const rows = createMemo<readonly CostRow[]>(() => {
          props.painter.learn(props.group, data().rows)
          return data().rows
        })
        const totalCostUsd = () => data().totalCostUsd
        const colourOf = (row: CostRow) => props.painter.colourOf(props.group, row)
        return (
          <>
            <NotAdditive isAdditive={data().isAdditive} />
            <Show
              when={view() === 'chart'}
              fallback={
                <CostTable
                  caption={props.title}
                  of={props.of}
                  rows={rows()}
                  totalCostUsd={totalCostUsd()}
                  isAdditive={data().isAdditive}
                  onPick={onPick}
                  explain={props.explain}
                />
              }
            >
              {props.children({ rows, totalCostUsd, colourOf, onPick, isAdditive: () => data().isAdditive })}
            </Show>
          </>
        )
      }}
    </Panel>
  )
}
