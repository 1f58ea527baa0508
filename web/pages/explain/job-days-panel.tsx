import { A } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import type { Day } from '../../../db/units/time.ts'
import { type Answers, api } from '../../api.ts'
import type { Basis } from '../../choice/choice.ts'
import { COST_WORDS, type CostKind, explainAddress } from '../../choice/explain-address.ts'
import { ExactUsd } from '../../components/exact-usd.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatFullDay } from '../../format/day.ts'
import { formatUsdExact } from '../../format/usd.ts'
import { useJobDays } from '../jobs/use-job-days.ts'

type JobDays = Answers['jobs']['cost']

/**
 * Why one job cost what it did: each of its days, with the numbers that made its share. A day leads to its pool-day, with
 * the jobs and the lines of the bill that it shared.
 */
export function JobDaysPanel(props: {
  jobId: string
  basis: Basis
  cost: CostKind
  skip: number
  /** Its name leads to its own page. */
  isElsewhere?: boolean
  onSkip: (skip: number) => void
}) {
  const query = useJobDays(() => props)
  const total = (data: JobDays) => (props.basis === 'usage' ? data.usageCostUsd : data.allocationCostUsd)
  const job = useQuery(() => ({
    queryKey: ['jobs.get', props.jobId],
    queryFn: () => api.jobs.get.query({ id: props.jobId }),
  }))
  const poolDayOf = (date: string) => {
    const known = job.isPending || job.isError ? undefined : job.data
    if (!known) return undefined
    const day = date as Day
    const at = { day, provider: known.provider, gpuType: known.gpuType }
    return explainAddress({ basis: props.basis, filters: [] }, { start: day, end: day }, { cost: props.cost, at })
  }
  return (
    <Panel
      title="Days of the job"
      query={query}
      minHeight={240}
      isEmpty={(data) => data.total === 0}
      empty={<p>The job has held no GPUs, so it cost nothing.</p>}
    >
      {(data) => (
        <>
          <p class="note">
            <Show when={props.isElsewhere} fallback={data().jobId}>
              <A class="link" href={`/jobs/${props.jobId}`}>
                {data().jobId}
              </A>
            </Show>{' '}
            held {formatHours(data().gpuHours)} GPU-hours on {formatCountOf(data().total, 'day')} of its whole life, and
            cost <b>{formatUsdExact(total(data()))}</b>.
          </p>
          <Show when={props.cost !== 'effective'}>
            <p class="note is-warning">
              A job’s days are kept in effective cost. Its {COST_WORDS[props.cost]} is split in the same parts: the list
              of jobs, one step back, says it.
            </p>
          </Show>
          <section class="table-scroll" tabindex="0" aria-label="Days of the job">
            <table class="is-cards explain-table">
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  <th scope="col" class="number">
                    GPU-hours
                  </th>
                  <th scope="col" class="number">
                    Cost
                  </th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                <For each={data().days}>
                  {(day) => {
                    const cost = () => (props.basis === 'usage' ? day.usageCostUsd : day.allocationCostUsd)
                    return (
                      <tr>
                        <th scope="row">
                          <Show when={poolDayOf(day.date)} fallback={formatFullDay(day.date as Day)}>
                            {(href) => (
                              <A class="link" href={href()}>
                                {formatFullDay(day.date as Day)}
                                <span class="visually-hidden">: its pool-day</span>
                              </A>
                            )}
                          </Show>
                        </th>
                        <td class="number" data-label="GPU-hours">
                          {formatHours(day.gpuHours)}
                        </td>
                        <td class="number" data-label="Cost">
                          <Show when={cost()} fallback={<span class="muted">not known</span>}>
                            {(amount) => <ExactUsd amount={amount()} />}
                          </Show>
                        </td>
                        <td class="explain-formula" data-label="Why">
                          <span>{props.basis === 'usage' ? day.usageFormula : day.allocationFormula}</span>
                        </td>
                      </tr>
                    )
                  }}
                </For>
              </tbody>
            </table>
          </section>
          <Pager of="the days" page={data()} onSkip={props.onSkip} />
        </>
      )}
    </Panel>
  )
}
