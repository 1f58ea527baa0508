import { useNavigate } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createMemo, For } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { api } from '../../api.ts'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { type DrawnSeries, drawnSeries, type Series } from '../../charts/series.ts'
import { TrendChart } from '../../charts/trend-chart.tsx'
import { useZoom, type Zoom } from '../../charts/zoom.ts'
import { ZoomStrip } from '../../charts/zoom-strip.tsx'
import { type Filter, GROUPS, type Group } from '../../choice/choice.ts'
import { explainRow } from '../../choice/explain-address.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { Legend } from '../../components/legend.tsx'
import { TrendTable } from '../../components/trend-table.tsx'
import { aboutOf } from '../../format/about.ts'
import { fileNameOf } from '../../format/file-name.ts'
import { NotAdditive } from './not-additive.tsx'
import type { Painter } from './painter.ts'
import { type Spend, seriesOf } from './spend-queries.ts'

const MOST_SERIES = 8

/** Spend per day, stacked by what the reader chose. */
export function TrendPanel(props: {
  choice: ChoiceControl
  query: Spend['daily']
  group: Group
  csvPath: string
  painter: Painter
  onGroup: (group: Group) => void
  /** A series, a day of it, or a day of all (null). */
  onPick: (one: Series | null, day?: Day) => void
}) {
  const zoom = useZoom(props.choice)
  const whole = useWholeDaily(props.choice, zoom, () => props.group)
  const navigate = useNavigate()
  const explain = (one: Series | null, day: Day) =>
    explainRow(props.choice.choice(), { start: day, end: day }, one ?? { kind: 'total' }, filterOf(props.group, one))
  const isOwner = (one: Series) => one.kind === 'owner' && one.name !== ''
  const pick = (one: DrawnSeries, day?: Day) => {
    if (isOwner(one) && one.members === 1) return props.onPick(one, day)
    const isRemainder = one.kind !== 'owner' && one.kind !== 'total'
    const address = day && isRemainder ? explain(one, day) : undefined
    if (address) navigate(address)
    else if (day) props.onPick(null, day)
  }
  const colourOf = (one: DrawnSeries) => (one.members > 1 ? 'others' : props.painter.colourOf(props.group, one))
  return (
    <ChartPanel
      id="daily"
      title="Daily spend"
      about={aboutOf(
        `By ${GROUPS[props.group].toLowerCase()}`,
        props.choice.days(),
        props.choice.choice().basis,
        props.query.isPending ? undefined : props.query.data?.totalCostUsd,
      )}
      class="trend"
      query={props.query}
      minHeight={350}
      isEmpty={(data) => data.series.length === 0}
      empty={<p>Nothing was billed on these days.</p>}
      csv={{ path: props.csvPath, fileName: fileNameOf('overview', ['daily', props.group], props.choice.days()) }}
      controls={
        <label class="inline-field">
          <span>By</span>
          <select value={props.group} onChange={(event) => props.onGroup(event.currentTarget.value as Group)}>
            <For each={Object.entries(GROUPS)}>{([group, label]) => <option value={group}>{label}</option>}</For>
          </select>
        </label>
      }
      above={(data) => <NotAdditive isAdditive={data().isAdditive} />}
      chart={(data) => {
        const drawn = createMemo(() => {
          const all = drawnSeries(seriesOf(data()), MOST_SERIES)
          // The others together are a sum as well.
          const series = data().isAdditive ? all : all.filter(({ members }) => members === 1)
          props.painter.learn(
            props.group,
            series.filter(({ members }) => members === 1),
          )
          return series
        })
        return (
          <>
            <TrendChart
              label={`Daily spend by ${GROUPS[props.group].toLowerCase()}`}
              days={data().days as Day[]}
              series={drawn()}
              isAdditive={data().isAdditive}
              colourOf={colourOf}
              onPick={pick}
              onZoom={zoom.whole() ? zoom.zoomTo : undefined}
            />
            <Legend series={drawn()} colourOf={colourOf} onPick={pick} />
            <ZoomStrip zoom={zoom} shown={props.choice.days()} amounts={whole()} />
          </>
        )
      }}
      table={(data) => (
        <TrendTable
          days={data().days as Day[]}
          series={drawnSeries(seriesOf(data()), Number.POSITIVE_INFINITY)}
          totalCostUsd={data().totalCostUsd}
          onPick={(one) => pick(one)}
          explain={explain}
        />
      )}
    />
  )
}

/** The filter that shows only this series; null where its name alone does not say it. */
function filterOf(group: Group, one: Series | null): Filter | null {
  const name = ({ provider: 'provider', gpu_type: 'gpu_type', model: 'model_name' } as const)[group as string]
  if (group === 'team' && one?.teamId) return { name: 'team_id', value: one.teamId }
  return one && name ? { name, value: one.name } : null
}

/** What the whole of a long range cost per day. The answer is the one that the chart had before it looked closer. */
function useWholeDaily({ question }: ChoiceControl, zoom: Zoom, group: () => Group) {
  const asked = () => ({ ...question(), ...zoom.whole() })
  const daily = useQuery(() => ({
    queryKey: ['analytics.daily', asked(), group()],
    queryFn: () => api.analytics.daily.query({ ...asked(), groupBy: group() }),
    enabled: zoom.whole() !== null,
  }))
  return createMemo(() => {
    const data = daily.isPending || daily.isPlaceholderData ? undefined : daily.data
    return data?.days.map((_, at) => data.series.reduce((sum, { costUsd }) => sum + Number(costUsd[at] ?? 0), 0))
  })
}
