import { For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { BASES, type Choice, FILTERS } from '../../choice/choice.ts'
import type { Days } from '../../choice/range.ts'
import { CostTable } from '../../components/cost-table.tsx'
import { formatDays, formatInstant } from '../../format/day.ts'
import { settled } from './insight-queries.ts'
import { NotAdditive } from './not-additive.tsx'
import type { Painter } from './painter.ts'
import { PaperTrend } from './paper-trend.tsx'
import { type Breakdown, type Spend, seriesOf } from './spend-queries.ts'

const PARTS = [
  ['team', 'Team', 'byTeam'],
  ['model', 'Model', 'byModel'],
  ['provider', 'Provider', 'byProvider'],
  ['gpu_type', 'GPU type', 'byGpuType'],
] as const

/** What the paper says below its title: a sheet has no address bar, and outlives the day it was printed on. */
export function PaperHead(props: {
  choice: Choice
  days: Days
  labelOf: (filter: Choice['filters'][number]) => string
}) {
  const filters = () => props.choice.filters.map((one) => `${FILTERS[one.name]} ${props.labelOf(one)}`).join(', ')
  return (
    <p class="paper-head">
      {formatDays(props.days.start, props.days.end)} · days of {props.choice.zone.replaceAll('_', ' ')} ·{' '}
      {BASES[props.choice.basis][0]} basis
      {filters() ? ` · ${filters()}` : ''} · printed {formatInstant(new Date().toISOString())}
    </p>
  )
}

/** The drawings of the screen as they fit on A4: one chart that scales with the sheet, and a table of each breakdown. */
export function Paper(props: { spend: Spend; choice: Choice; painter: Painter }) {
  const daily = () => settled(props.spend.daily)
  return (
    <div class="paper">
      <Show when={daily()}>
        {(data) => (
          <section class="paper-part">
            <h2>Daily spend</h2>
            <NotAdditive isAdditive={data().isAdditive} />
            <Show when={data().isAdditive}>
              <PaperTrend
                days={data().days as Day[]}
                series={seriesOf(data())}
                colourOf={(one) => props.painter.colourOf(props.choice.group, one)}
              />
            </Show>
          </section>
        )}
      </Show>
      <For each={PARTS}>
        {([, of, answer]) => (
          <Show when={settled<Breakdown>(props.spend[answer])}>
            {(data) => (
              <section class="paper-part">
                <h2>Cost by {of === 'GPU type' ? of : of.toLowerCase()}</h2>
                <NotAdditive isAdditive={data().isAdditive} />
                <CostTable
                  caption={`Cost by ${of}`}
                  of={of}
                  rows={data().rows}
                  totalCostUsd={data().totalCostUsd}
                  isAdditive={data().isAdditive}
                  onPick={() => undefined}
                />
              </section>
            )}
          </Show>
        )}
      </For>
    </div>
  )
}
