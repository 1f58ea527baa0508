import { For } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import type { ColourName } from '../../charts/palette.ts'
import { drawnSeries, type Series } from '../../charts/series.ts'
import { formatDay } from '../../format/day.ts'
import { rowName } from '../../format/row-name.ts'
import { formatUsdTick } from '../../format/usd.ts'

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [680, 190, 52, 20]
const MOST_SERIES = 8
const MOST_LABELS = 10

/** Spend per day as stacked columns that scale with the sheet; positions go through Number(). Credits are below its floor. */
export function PaperTrend(props: {
  days: readonly Day[]
  series: readonly Series[]
  colourOf: (series: Series) => ColourName
}) {
  const shown = () => drawnSeries([...props.series], MOST_SERIES)
  const colour = (one: ReturnType<typeof shown>[number]) => (one.members > 1 ? 'others' : props.colourOf(one))
  const costs = (day: number) => shown().map((one) => Math.max(0, Number(one.costUsd[day] ?? 0)))
  const most = () => Math.max(...props.days.map((_, day) => costs(day).reduce((sum, cost) => sum + cost, 0)), 0) || 1
  const step = () => (WIDTH - LEFT) / props.days.length
  const yOf = (cost: number) => (cost / most()) * (HEIGHT - BOTTOM - 8)
  const every = () => Math.ceil(props.days.length / MOST_LABELS)
  return (
    <>
      <svg class="paper-trend" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <For each={[0, 0.5, 1]}>
          {(share) => (
            <>
              <line
                x1={LEFT}
                x2={WIDTH}
                y1={HEIGHT - BOTTOM - yOf(share * most())}
                y2={HEIGHT - BOTTOM - yOf(share * most())}
                stroke="var(--line)"
              />
              <text x={LEFT - 6} y={HEIGHT - BOTTOM - yOf(share * most()) + 4} text-anchor="end">
                {formatUsdTick(share * most())}
              </text>
            </>
          )}
        </For>
        <For each={props.days}>
          {(day, at) => {
            const stack = () => {
              let top = 0
              return costs(at()).map((cost, index) => {
                top += cost
                return { y: HEIGHT - BOTTOM - yOf(top), height: yOf(cost), fill: `var(--${colour(shown()[index]!)})` }
              })
            }
            return (
              <>
                <For each={stack()}>
                  {(part) => <rect x={LEFT + at() * step() + step() * 0.12} width={step() * 0.76} {...part} />}
                </For>
                <text
                  x={LEFT + (at() + 0.5) * step()}
                  y={HEIGHT - 5}
                  text-anchor="middle"
                  visibility={at() % every() === 0 ? 'visible' : 'hidden'}
                >
                  {formatDay(day)}
                </text>
              </>
            )
          }}
        </For>
      </svg>
      <ul class="legend">
        <For each={shown()}>
          {(one) => (
            <li>
              <i class="swatch" style={{ background: `var(--${colour(one)})` }} />
              {one.members > 1 ? `${one.members} others` : rowName(one)}
            </li>
          )}
        </For>
      </ul>
    </>
  )
}
