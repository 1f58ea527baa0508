import type { UseQueryResult } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import type { UsdText } from '../../../db/units/money.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { formatHours } from '../../format/count.ts'
import { formatUsdRate } from '../../format/usd.ts'
import type { NodeCost } from './method-picker.tsx'
import { shareOf } from './parts.tsx'

/** The figures that the page is for, and that they add up to the bill. */
export function NodeSums(props: { query: UseQueryResult<NodeCost> }) {
  const data = () => (props.query.isPending ? undefined : props.query.data)
  const shown = (format: (totals: NodeCost['totals']) => string) => {
    const known = data()
    return known ? format(known.totals) : props.query.isError ? '—' : undefined
  }
  const share = () => {
    const totals = data()?.totals
    return totals && shareOf(totals.gpuUsd, totals.splitUsd)
  }
  return (
    <>
      <dl class="cards">
        <StatCard title="A GPU-hour, GPU part" value={shown(({ perGpuHourUsd }) => formatUsdRate(perGpuHourUsd))}>
          <Show when={share()}>{share()} of the node</Show>
        </StatCard>
        <StatCard
          title="A GPU-hour, whole node"
          value={shown(({ wholePerGpuHourUsd }) => formatUsdRate(wholePerGpuHourUsd))}
        >
          Everything to the GPU
        </StatCard>
        <StatCard title="GPU-hours" value={shown(({ gpuHours }) => formatHours(gpuHours))}>
          Billed, on nodes that were split
        </StatCard>
      </dl>
      <Show when={data()}>{(known) => <Sums totals={known().totals} />}</Show>
    </>
  )
}

function Sums(props: { totals: NodeCost['totals'] }) {
  const terms = (): [string, UsdText][] => [
    ['GPU', props.totals.gpuUsd],
    ['CPU', props.totals.cpuUsd],
    ['memory', props.totals.memoryUsd],
    ['not split', props.totals.notSplitUsd],
  ]
  return (
    <section class="sums" aria-label="Sum">
      <p class="sums-line">
        <span>
          <Term name="Bill" amount={props.totals.costUsd} />
          <For each={terms()}>
            {([name, amount], index) => (
              <>
                <span class="sums-sign"> {index() === 0 ? '=' : '+'} </span>
                <Term name={name} amount={amount} />
              </>
            )}
          </For>
        </span>
      </p>
    </section>
  )
}

function Term(props: { name: string; amount: UsdText }) {
  return (
    <span class="sums-term">
      <span class="sums-name">{props.name} </span>
      <TableUsd amount={props.amount} />
    </span>
  )
}
