import { useQuery } from '@tanstack/solid-query'
import { type JSX, Show } from 'solid-js'
import { api } from '../../api.ts'
import { TableUsd } from '../../components/exact-usd.tsx'
import { HowComputed } from '../../components/how-computed.tsx'
import { formatCount, formatHours } from '../../format/count.ts'
import { type JobsQuestion, narrowingOf } from './jobs-question.ts'

/**
 * Under the list: what all its jobs held and cost together, whatever of it is on screen. `explained`: the same days
 * and filters on the explain page, where they can be said there.
 */
export function JobsTotal(props: { question: JobsQuestion; explained: string | undefined }) {
  const query = useQuery(() => {
    const asked = narrowingOf(props.question)
    return { queryKey: ['jobs.total', asked], queryFn: () => api.jobs.total.query(asked) }
  })
  const total = () => (query.isPending || query.isError ? undefined : query.data)
  const days = () => (props.question.start ? 'in the days chosen' : 'in their whole lives')
  const unknown = () => total()?.uncostedGpuHours ?? '0'
  const usageUnknown = () => total()?.usageUncostedGpuHours ?? '0'
  return (
    <div class="jobs-total" aria-busy={query.isFetching}>
      <Show when={!query.isError} fallback={<p class="note">The total of these jobs could not be loaded.</p>}>
        <dl aria-label="All of these jobs together">
          <Figure title="Jobs">{total() && formatCount(total()?.jobCount ?? 0)}</Figure>
          <Figure title="GPU-hours">{total() && formatHours(total()?.gpuHours ?? '0')}</Figure>
          <Figure title="Cost">{total() && <TableUsd amount={total()?.allocationCostUsd ?? '0.00'} />}</Figure>
          <Figure title="Cost by usage">{total() && <TableUsd amount={total()?.usageCostUsd ?? '0.00'} />}</Figure>
        </dl>
        <HowComputed
          figure="the total of these jobs"
          formula={`The sum of what each job of the list held and was charged ${days()}: effective cost by allocation, and by usage. What idle, unmeasured and assigned capacity cost is no job’s and not in it.`}
          facts={[
            ['GPU-hours whose cost is not known', formatHours(unknown())],
            ['By usage', formatHours(usageUnknown())],
          ]}
          href={props.explained}
        />
      </Show>
      <Show when={Number(unknown()) > 0}>
        <p class="note">The cost of {formatHours(unknown())} of these GPU-hours is not known, and not in it.</p>
      </Show>
    </div>
  )
}

function Figure(props: { title: string; children: JSX.Element }) {
  return (
    <div>
      <dt>{props.title}</dt>
      <dd>
        <Show when={props.children} fallback={<span class="muted">…</span>}>
          {props.children}
        </Show>
      </dd>
    </div>
  )
}
