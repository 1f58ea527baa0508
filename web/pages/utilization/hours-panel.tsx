import type { UseQueryResult } from '@tanstack/solid-query'
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { HoursChart, type HoursSeries } from '../../charts/hours-chart.tsx'
import { DownloadButton } from '../../components/download-button.tsx'
import { Panel } from '../../components/panel.tsx'
import { type View, ViewSwitch } from '../../components/view-switch.tsx'
import { formatHours } from '../../format/count.ts'
import { type GpuDay, gpuDays } from './gpu-days.ts'
import { HoursTable } from './hours-table.tsx'
import type { Utilization } from './queries.ts'

const PARTS = [
  { key: 'busyHeld', name: 'Busy', colour: 'series-3' },
  { key: 'idleHeld', name: 'Held, not busy', colour: 'series-2' },
  { key: 'notMeasured', name: 'Held, not measured', colour: 'assigned' },
  { key: 'unheld', name: 'Nobody held', colour: 'idle' },
] as const

/** GPU-hours per day against what was bought, of all GPUs or of one type. */
export function HoursPanel(props: {
  query: UseQueryResult<Utilization>
  isWhole: boolean
  gpu: string
  csvPath: string
  onGpu: (gpu: string) => void
  /** Where a day's cost is explained; undefined: nowhere. */
  explain: (day: Day) => string | undefined
}) {
  const [view, setView] = createSignal<View>('chart')
  const types = () =>
    [...new Set((props.query.isPending ? [] : (props.query.data?.pools ?? [])).map((one) => one.gpuType))]
      .filter((type) => type !== '')
      .sort()
  return (
    <Panel
      title="GPU-hours per day"
      query={props.query}
      minHeight={350}
      isEmpty={({ pools }) => pools.length === 0}
      empty={<p>Nothing was billed, held or measured on these days.</p>}
      actions={
        <>
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
          <Show when={view() === 'table'}>
            <DownloadButton
              path={props.csvPath}
              fileName="heliox-utilization.csv"
              label="Download GPU-hours per day as CSV"
            />
          </Show>
          <ViewSwitch of="GPU-hours per day" view={view()} onChange={setView} />
        </>
      }
    >
      {(data) => {
        const days = () => data().days as Day[]
        const points = createMemo(() => {
          const shown = data().pools.filter(({ gpuType }) => props.gpu === '' || gpuType === props.gpu)
          return gpuDays(shown, data().days.length)
        })
        const series = createMemo(() => seriesOf(points(), props.isWhole))
        return (
          <Show
            when={view() === 'chart'}
            fallback={<HoursTable days={days()} points={points()} isWhole={props.isWhole} explain={props.explain} />}
          >
            <HoursChart
              label="GPU-hours per day: busy, held and held by nobody. The table has the figures."
              days={days()}
              series={series()}
              linesOf={(day, colours) => linesOf(points()[day]!, series(), day, colours)}
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
            <Show when={props.isWhole}>
              <p class="note">{wordsOf(points())}</p>
            </Show>
          </Show>
        )
      }}
    </Panel>
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
