import type { UseQueryResult } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { StatCard } from '../../components/stat-card.tsx'
import { formatRatio } from '../../format/change.ts'
import { formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Utilization, Waste } from './queries.ts'

/** The shares that matter first, each with what it is a share of. */
export function UseCards(props: { use: UseQueryResult<Utilization>; waste: UseQueryResult<Waste>; isWhole: boolean }) {
  const totals = () => settled(props.use)?.totals
  const total = () => settled(props.waste)?.total
  const share = (of: (known: Utilization['totals']) => number | null, none: string) => {
    const known = totals()
    if (known === undefined) return props.use.isError ? '—' : undefined
    const value = of(known)
    return value === null ? none : formatRatio(value)
  }
  return (
    <dl class="cards">
      <Show when={props.isWhole}>
        <StatCard
          title="Idle share"
          swatch="idle"
          hint="1 − held ÷ capacity, over the pool-days whose capacity is known."
          value={share(({ idleShare }) => idleShare, 'Not known')}
        >
          <Show when={totals()}>{(known) => <CapacityLine totals={known()} />}</Show>
        </StatCard>
        <StatCard
          title="Busy while held"
          swatch="series-3"
          hint="Of the held time that was measured, the part that was busy."
          value={share(({ busyOfHeldShare }) => busyOfHeldShare, 'Not measured')}
        >
          <Show when={totals()?.busyOfHeldShare !== null && totals()}>
            {(known) => <>{formatRatio(known().measuredShare)} of the held time was measured</>}
          </Show>
        </StatCard>
      </Show>
      <StatCard
        title="Held"
        value={totals() ? `${formatHours(totals()!.heldGpuHours)} h` : props.use.isError ? '—' : undefined}
      >
        GPU-hours of jobs
      </StatCard>
      <StatCard
        title="Useful"
        swatch="series-3"
        hint="Cost of the held time that was measured to be busy."
        value={total() ? formatUsd(total()!.usefulCostUsd) : props.waste.isError ? '—' : undefined}
      >
        <Show when={total()}>{(known) => <>of {formatUsd(known().totalCostUsd)}</>}</Show>
      </StatCard>
    </dl>
  )
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
