import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { type Answers, api } from '../../api.ts'
import type { CostQuestion, Explained, FigureKind } from '../../choice/explain-address.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCount, formatHours } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'
import { SumsLine } from './sums-line.tsx'

const LIMIT = 20

type Explanation = Answers['analytics']['explain']

/** The figure and its pool-days: one question, asked once for both. */
export function useExplanation(question: () => CostQuestion, kind: () => FigureKind, skip: () => number) {
  return useQuery(() => ({
    queryKey: ['analytics.explain', question(), kind(), skip()],
    queryFn: () => api.analytics.explain.query({ ...question(), kind: kind(), skip: skip(), limit: LIMIT }),
  }))
}

/** Which days and pools a figure is made of, and how the part of each was made. */
export function PoolDaysPanel(props: {
  query: ReturnType<typeof useExplanation>
  addressOf: (at: NonNullable<Explained['at']>) => string
  onSkip: (skip: number) => void
}) {
  return (
    <Panel
      title="Pool-days"
      query={props.query}
      minHeight={320}
      isEmpty={(data) => data.total === 0}
      empty={<p>Nothing on these days is part of this figure.</p>}
    >
      {(data) => (
        <>
          <section class="table-scroll" tabindex="0" aria-label="Pool-days of the figure">
            <table class="is-cards explain-table">
              <thead>
                <tr>
                  <th scope="col">Day and pool</th>
                  <th scope="col" class="number">
                    Part
                  </th>
                  <th scope="col">How it was made</th>
                  <th scope="col" class="number">
                    GPU-hours
                  </th>
                </tr>
              </thead>
              <tbody>
                <For each={data().poolDays}>{(day) => <PoolDayRow day={day} addressOf={props.addressOf} />}</For>
              </tbody>
            </table>
          </section>
          <SumsLine
            count={data().total}
            what={data().total === 1 ? 'This pool-day' : `These ${formatCount(data().total)} pool-days`}
            sum={data().poolDaysCostUsd}
            difference={data().differenceUsd}
            page={data().total > data().limit ? data().pageCostUsd : undefined}
          />
          <Pager of="the pool-days" page={data()} onSkip={props.onSkip} />
        </>
      )}
    </Panel>
  )
}

function PoolDayRow(props: {
  day: Explanation['poolDays'][number]
  addressOf: (at: NonNullable<Explained['at']>) => string
}) {
  const pool = () => ({ provider: props.day.provider, gpuType: props.day.gpuType })
  return (
    <tr>
      <th scope="row">
        <A class="link" href={props.addressOf({ day: props.day.date, ...pool() })}>
          {formatFullDay(props.day.date as Day)}
        </A>
        <span class="note">{poolName(pool())}</span>
      </th>
      <td class="number" data-label="Part">
        <ExactUsd amount={props.day.partCostUsd} />
      </td>
      <td class="explain-formula" data-label="How">
        <span>
          {props.day.formula}
          <Show when={props.day.isWaiting}> (its jobs changed a moment ago: shared again soon)</Show>
        </span>
      </td>
      <td class="number" data-label="GPU-hours">
        {formatHours(props.day.gpuHours)}
      </td>
    </tr>
  )
}

/** A pool as people read it; cost that is not GPU cost has no GPU type. */
export function poolName({ provider, gpuType }: { provider: string; gpuType: string }): string {
  return `${provider} ${gpuType || '(not GPUs)'}`
}
