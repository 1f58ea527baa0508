import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { type DrawnSeries, drawnSeries } from '../../charts/series.ts'
import { TrendChart } from '../../charts/trend-chart.tsx'
import { GROUPS, type Group } from '../../choice/choice.ts'
import { DownloadButton } from '../../components/download-button.tsx'
import { Legend } from '../../components/legend.tsx'
import { Panel } from '../../components/panel.tsx'
import { TrendTable } from '../../components/trend-table.tsx'
import { type View, ViewSwitch } from '../../components/view-switch.tsx'
import { NotAdditive } from './not-additive.tsx'
import type { Painter } from './painter.ts'
import { type Spend, seriesOf } from './spend-queries.ts'

const MOST_SERIES = 8

/** Spend per day, stacked by what the reader chose. */
export function TrendPanel(props: {
  query: Spend['daily']
  group: Group
  csvPath: string
  painter: Painter
  onGroup: (group: Group) => void
  onPick: (name: string) => void
}) {
  const [view, setView] = createSignal<View>('chart')
  return (
    <Panel
      title="Daily spend"
      class="trend"
      query={props.query}
      minHeight={350}
      isEmpty={(data) => data.series.length === 0}
      empty={<p>Nothing was billed on these days.</p>}
      actions={
        <>
          <label class="inline-field">
            <span>By</span>
            <select value={props.group} onChange={(event) => props.onGroup(event.currentTarget.value as Group)}>
              <For each={Object.entries(GROUPS)}>{([group, label]) => <option value={group}>{label}</option>}</For>
            </select>
          </label>
          <Show when={view() === 'table'}>
            <DownloadButton path={props.csvPath} fileName="heliox-daily.csv" label="Download daily spend as CSV" />
          </Show>
          <ViewSwitch of="Daily spend" view={view()} onChange={setView} />
        </>
      }
    >
      {(data) => {
        const series = createMemo(() => {
          props.painter.learn(props.group, data().series)
          return seriesOf(data())
        })
        const drawn = createMemo(() => drawnSeries(series(), MOST_SERIES))
        const days = () => data().days as Day[]
        const colourOf = (one: DrawnSeries) => (one.members > 1 ? 'others' : props.painter.colourOf(props.group, one))
        const pick = (one: DrawnSeries) => {
          if (one.kind === 'owner' && one.members === 1 && one.name) props.onPick(one.name)
        }
        return (
          <>
            <NotAdditive isAdditive={data().isAdditive} />
            <Show
              when={view() === 'chart'}
              fallback={
                <TrendTable
                  days={days()}
                  series={drawnSeries(series(), Number.POSITIVE_INFINITY)}
                  totalCostUsd={data().totalCostUsd}
                />
              }
            >
              <TrendChart
                label={`Daily spend by ${GROUPS[props.group].toLowerCase()}. The table has the exact figures.`}
                days={days()}
                series={drawn()}
                isAdditive={data().isAdditive}
                colourOf={colourOf}
                onPick={pick}
              />
              <Legend series={drawn()} colourOf={colourOf} onPick={pick} />
            </Show>
          </>
        )
      }}
    </Panel>
  )
}
