import { useNavigate } from '@solidjs/router'
import type { UseQueryResult } from '@tanstack/solid-query'
import { createMemo, For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { ChartPanel } from '../../charts/chart-panel.tsx'
import { HoursChart, type HoursSeries } from '../../charts/hours-chart.tsx'
import { useZoom } from '../../charts/zoom.ts'
import { ZoomStrip } from '../../charts/zoom-strip.tsx'
import type { Filter } from '../../choice/choice.ts'
import { explainAddress } from '../../choice/explain-address.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { formatHours } from '../../format/count.ts'
import { formatDays } from '../../format/day.ts'
import { fileNameOf } from '../../format/file-name.ts'
import { type GpuDay, gpuDays } from './gpu-days.ts'
import { HoursTable } from './hours-table.tsx'
import { type Utilization, useUtilization } from './queries.ts'

const PARTS = [
  { key: 'busyHeld', name: 'Busy', colour: 'series-3' },
  { key: 'idleHeld', name: 'Held, not busy', colour: 'series-2' },
  { key: 'notMeasured', name: 'Held, not measured', colour: 'assigned' },
  { key: 'unheld', name: 'Nobody held', colour: 'idle' },
] as const

/** GPU-hours per day against what was bought, of all GPUs or of one type. */
export function HoursPanel(props: {
  choice: ChoiceControl
  query: UseQueryResult<Utilization>
  isWhole: boolean
  gpu: string
  csvPath: string
  onGpu: (gpu: string) => void
}) {
  const navigate = useNavigate()
  const types = () =>
    [...new Set((props.query.isPending ? [] : (props.query.data?.pools ?? [])).map((one) => one.gpuType))]
      .filter((type) => type !== '')
      .sort()
  const zoom = useZoom(props.choice)
  const whole = useUtilization({ question: () => ({ ...props.choice.question(), ...zoom.whole() }) })
  const pointsOf = ({ days, pools }: Utilization) =>
    gpuDays(
      pools.filter(({ gpuType }) => props.gpu === '' || gpuType === props.gpu),
      days.length,
    )
  const wholeHours = createMemo(() => {
    const data = whole.isPending || whole.isPlaceholderData ? undefined : whole.data
    return data && pointsOf(data).map(({ held, unheld }) => held + unheld)
  })
  /** What a day cost, and how that is made. Busy and idle are told apart on the usage basis alone. */
  const explain = (day: Day) => {
    const others = props.choice.choice().filters.filter(({ name }) => props.gpu === '' || name !== 'gpu_type')
    const filters: readonly Filter[] = props.gpu === '' ? others : [...others, { name: 'gpu_type', value: props.gpu }]
    return explainAddress({ basis: 'usage', filters }, { start: day, end: day })
  }
  return (
    <ChartPanel
      id="hours"
      title="GPU-hours per day"
      about={`${props.gpu || 'All GPUs'}, ${formatDays(props.choice.days().start, props.choice.days().end)}`}
      query={props.query}
      minHeight={384}
      isEmpty={({ pools }) => pools.length === 0}
      empty={<p>Nothing was billed, held or measured on these days.</p>}
      csv={{ path: props.csvPath, fileName: fileNameOf('utilisation', ['gpu-hours'], props.choice.days()) }}
      controls={
        <label class="inline-field">
          <span>Of</span>
          <select onChange={(event) => props.onGpu(event.currentTarget.value)}>
            <option value="">All GPUs</option>
            <For each={types()}>
              {(type) => (
                <option value={type} selected={type === props.gpu}>
                  {type}
                </option>
              )}
            </For>
          </select>
        </label>
      }
      chart={(data) => {
        const points = createMemo(() => pointsOf(data()))
        const series = createMemo(() => seriesOf(points(), props.isWhole))
        return (
          <>
            <HoursChart
              label="GPU-hours per day: busy, held and held by nobody"
              days={data().days as Day[]}
              series={series()}
              linesOf={(day, colours) => linesOf(points()[day]!, series(), day, colours)}
              onPick={(_series, day) => navigate(explain(day))}
              onZoom={zoom.whole() ? zoom.zoomTo : undefined}
            />
            <ul class="legend">
              <For each={series()}>
                {({ name, colour }) => (
                  <li>
                    <i class="swatch" style={{ background: `var(--${colour})` }} />
                    {name}
                  </li>
                )}
              </For>
            </ul>
            <ZoomStrip zoom={zoom} shown={props.choice.days()} amounts={wholeHours()} />
            <Show when={props.isWhole}>
              <p class="note">{wordsOf(points())}</p>
            </Show>
          </>
        )
      }}
      table={(data) => (
        <HoursTable days={data().days as Day[]} points={pointsOf(data())} isWhole={props.isWhole} explain={explain} />
      )}
    />
  )
}

/** Parts that are there on some day; of a part of the owners what was held and nothing else. */
function seriesOf(points: readonly GpuDay[], isWhole: boolean): HoursSeries[] {
  if (!isWhole) return [{ name: 'Held', colour: 'series-1', hours: points.map(({ held }) => held) }]
  const parts = PARTS.map(({ key, ...part }) => ({ ...part, hours: points.map((one) => one[key]) }))
  return parts.filter(({ hours }) => hours.some((one) => one > 0))
}

function linesOf(point: GpuDay, series: readonly HoursSeries[], day: number, colours: readonly string[]) {
  const parts = series.map(({ name, hours }, at) => ({
    colour: colours[at]!,
    label: name,
    value: hoursText(hours[day]!),
  }))
  if (series.length < 2) return parts
  const mark = point.isEstimated ? ', estimated' : ''
  return [
    ...parts.reverse(),
    { label: `Capacity${mark}`, value: point.capacity === null ? 'not known' : hoursText(point.capacity) },
  ]
}

function wordsOf(points: readonly GpuDay[]): string {
  const estimated = points.some(({ isEstimated }) => isEstimated)
  const unknown = points.some(({ capacity, held }) => capacity === null && held > 0)
  return [
    'A column reaches the capacity that was billed, or what was held where that is more.',
    estimated &&
      'Where the bill does not say its GPU-hours, capacity is estimated: what was paid, divided by the provider’s list price.',
    unknown && 'On some days the capacity is not known, and the column shows what was held.',
  ]
    .filter(Boolean)
    .join(' ')
}

function hoursText(hours: number): string {
  return `${formatHours(`${hours}`)} h`
}
