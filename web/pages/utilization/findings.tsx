import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { formatRatio } from '../../format/change.ts'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { leftOverWords } from '../../format/left-over-words.ts'
import { formatUsd, isZeroUsd } from '../../format/usd.ts'
import { mayImport, type User } from '../../user.ts'
import type { Utilization, Waste } from './queries.ts'

/** What the reader should know about the figures, in words, and what to do about it. */
export function Findings(props: { waste: Waste; use: Utilization | undefined; user: User }) {
  const notes = () => notesOf(props.waste, props.use)
  const total = () => props.waste.total
  return (
    <section class="sums" aria-label="Findings">
      <Show when={!isZeroUsd(total().notMeasuredCostUsd)}>
        <p>
          <b>{formatUsd(total().notMeasuredCostUsd)} is not measured</b>
          {total().measuredShare === null ? '' : ` (${formatRatio(total().measuredShare)} of the held time is)`}: jobs
          held these GPUs, and nobody knows what they did. It counts neither as useful nor as idle.{' '}
          <Show
            when={props.user.seesWholeCompany && mayImport(props.user)}
            fallback="An administrator can add DCGM metrics or a file of measured GPU-hours."
          >
            Add the GPUs’ DCGM metrics as a <A href="/sources">Prometheus source</A>, or{' '}
            <A href="/imports">import a file</A> of measured GPU-hours.
          </Show>
        </p>
      </Show>
      <Show when={notes().length > 0}>
        <ul class="sums-notes">
          <For each={notes()}>{(note) => <li>{note}</li>}</For>
        </ul>
      </Show>
      <Show when={isZeroUsd(total().notMeasuredCostUsd) && notes().length === 0}>
        <p class="note">Everything that was held was measured, and nothing contradicts itself.</p>
      </Show>
    </section>
  )
}

function notesOf({ total, findings, isProvisional }: Waste, use: Utilization | undefined): string[] {
  const notes = [
    findings !== null &&
      findings.overAllocatedPoolDays > 0 &&
      `On ${formatCountOf(findings.overAllocatedPoolDays, 'pool-day')} jobs held ${formatHours(findings.overAllocatedGpuHours)} GPU-hours more than were billed: check the job times and the bill. Those days cost ${formatUsd(findings.overAllocatedCostUsd)}, which is in the parts above.`,
    findings !== null &&
      findings.measuredMoreThanHeldPoolDays > 0 &&
      `On ${formatCountOf(findings.measuredMoreThanHeldPoolDays, 'pool-day')} ${formatHours(findings.measuredMoreThanHeldGpuHours)} GPU-hours more were busy than jobs held: some work is missing from the jobs. It makes nobody’s time useful.`,
    Number(total.unknownCapacityGpuHours) > 0 &&
      `${formatHours(total.unknownCapacityGpuHours)} GPU-hours were held where the bill does not say how much it covers: all of that cost counts as held.`,
    !isZeroUsd(total.carriedCostUsd) &&
      `Of what nobody held, ${formatUsd(total.carriedCostUsd)} is idle hours that jobs carry. ${leftOverWords('allocation')}`,
    use?.totals.isEstimated &&
      `${formatHours(use.totals.estimatedCapacityGpuHours)} GPU-hours of the capacity are estimated from list prices.`,
    isProvisional && 'Provisional: jobs that are still running are counted up to now.',
  ]
  return notes.filter((note) => typeof note === 'string')
}
