import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { explainFigure, jobsOf } from '../../choice/doors.ts'
import { daysFact } from '../../choice/how-facts.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatRatio } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Utilization, Waste } from './queries.ts'

/** The shares that matter first, each with what it is a share of. */
export function UseCards(props: {
  use: UseQueryResult<Utilization>
  waste: UseQueryResult<Waste>
  isWhole: boolean
  choice: Pick<ChoiceControl, 'choice' | 'days'>
}) {
  const totals = () => settled(props.use)?.totals
  const total = () => settled(props.waste)?.total
  const share = (of: (known: Utilization['totals']) => number | null, none: string) => {
    const known = totals()
    if (known === undefined) return props.use.isError ? '—' : undefined
    const value = of(known)
    return value === null ? none : formatRatio(value)
  }
  const known = (facts: (totals: Utilization['totals']) => [string, string][]) => {
    const now = totals()
    return now === undefined ? [] : facts(now)
  }
  const days = () => daysFact(props.choice.days())
  const jobs = () => ['Jobs', jobsOf(props.choice.choice().range, props.choice.choice().filters)] as const
  const explain = (basis: 'usage' | 'allocation', kind: 'idle' | 'total') =>
    explainFigure({ ...props.choice.choice(), basis }, props.choice.choice().range, kind)
  return (
    <dl class="cards">
      <Show when={props.isWhole}>
        <StatCard
          title="Idle share"
          swatch="idle"
          hint="1 − held ÷ capacity, over the pool-days whose capacity is known."
          value={share(({ idleShare }) => idleShare, 'Not known')}
          how={{
            formula: '1 − held ÷ capacity, in GPU-hours, over the pool-days whose capacity is known.',
            facts: [
              days(),
              ...known((totals) => [
                ['Held', `${formatHours(totals.heldGpuHours)} GPU-hours of jobs`],
                ['Capacity', capacityWords(totals)],
              ]),
            ],
            doors: [['What idle time cost', explain('usage', 'idle') ?? '']],
          }}
        >
          <Show when={totals()}>{(known) => <CapacityLine totals={known()} />}</Show>
        </StatCard>
        <StatCard
          title="Busy while held"
          swatch="series-3"
          hint="Of the held time that was measured, the part that was busy."
          value={share(({ busyOfHeldShare }) => busyOfHeldShare, 'Not measured')}
          how={{
            formula: 'Busy ÷ held, in GPU-hours, of the held time that was measured. What nobody measured is left out.',
            facts: [
              days(),
              ...known((totals) => [['Measured', `${formatRatio(totals.measuredShare)} of the held time`]]),
            ],
            doors: [['Jobs', jobs()[1]]],
          }}
        >
          <Show when={totals()?.busyOfHeldShare !== null && totals()}>
            {(known) => <>{formatRatio(known().measuredShare)} of the held time was measured</>}
          </Show>
        </StatCard>
      </Show>
      <StatCard
        title="Held"
        value={totals() ? `${formatHours(totals()!.heldGpuHours)} h` : props.use.isError ? '—' : undefined}
        href={jobs()[1]}
        door="the jobs that held them"
        how={{
          formula:
            'GPUs × hours that each job held them on these days, added up. A job that still runs counts up to now.',
          facts: [days()],
          doors: [jobs()],
        }}
      >
        GPU-hours of jobs
      </StatCard>
      <StatCard
        title="Useful"
        swatch="series-3"
        hint="Cost of the held time that was measured to be busy."
        value={total() ? formatUsd(total()!.usefulCostUsd) : props.waste.isError ? '—' : undefined}
        how={
          settled(props.waste) && {
            formula: settled(props.waste)!.how,
            facts: [days(), ['Of', `${formatUsd(total()!.totalCostUsd)}, all cost on the allocation basis`]],
            doors: [['The whole cost', explain('allocation', 'total') ?? ''], jobs()],
          }
        }
      >
        <Show when={total()}>{(known) => <>of {formatUsd(known().totalCostUsd)}</>}</Show>
      </StatCard>
    </dl>
  )
}

function capacityWords({ capacityGpuHours, isEstimated }: Utilization['totals']): string {
  if (capacityGpuHours === null) return 'The bill does not say how many GPU-hours it covers'
  return `${formatHours(capacityGpuHours)} GPU-hours billed${isEstimated ? ', partly estimated from list prices' : ''}`
}

function CapacityLine(props: { totals: Utilization['totals'] }) {
  return (
    <Show when={props.totals.capacityGpuHours} fallback="The bill does not say how many GPU-hours it covers">
      {(hours) => (
        <>
          of {formatHours(hours())} GPU-hours{props.totals.isEstimated ? ', partly estimated' : ''}
        </>
      )}
    </Show>
  )
}

function settled<T>(query: UseQueryResult<T>): T | undefined {
  return query.isPending ? undefined : query.data
}
