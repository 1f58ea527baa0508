import type { Answers } from '../../api.ts'
import { explainAddress } from '../../choice/explain-address.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatCountOf, formatHours } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { daysOfJob } from './days-of-job.ts'
import { useJobDays } from './use-job-days.ts'

/** What a job cost in its whole life, on both bases; each amount leads to how it was made, where it is exact. */
export function JobCostCards(props: { job: Answers['jobs']['get']; skip: number }) {
  const query = useJobDays(() => ({ jobId: props.job.id, skip: props.skip }))
  const known = () => (query.isPending || query.isError ? undefined : query.data)
  const failed = () => (query.isError ? 'not loaded' : undefined)
  const allocation = () => {
    const data = known()
    if (!data) return failed()
    const isUnknown = Number(data.gpuHours) > 0 && data.uncostedGpuHours === data.gpuHours
    return isUnknown ? 'not known' : formatUsd(data.allocationCostUsd)
  }
  const usage = () => {
    const data = known()
    if (!data) return failed()
    const isUnknown = data.days.length > 0 && !data.hasMore && data.days.every((day) => day.usageCostUsd === null)
    return isUnknown ? 'not known' : formatUsd(data.usageCostUsd)
  }
  const explained = (basis: 'allocation' | 'usage') => {
    const days = daysOfJob(props.job)
    return days ? explainAddress({ basis, filters: [] }, days, { jobId: props.job.id }) : undefined
  }
  const uncosted = () => known()?.uncostedGpuHours ?? '0'
  return (
    <dl class="cards">
      <StatCard title="Cost" value={allocation()} href={explained('allocation')} door="how this was computed">
        {Number(uncosted()) > 0
          ? `of ${formatHours(uncosted())} GPU-hours it is not known`
          : 'by allocation: its share of what was held'}
      </StatCard>
      <StatCard title="Cost by usage" value={usage()} href={explained('usage')} door="how this was computed">
        its share of the whole capacity
      </StatCard>
      <StatCard title="GPU-hours" value={known() ? formatHours(known()?.gpuHours ?? '0') : failed()}>
        {known() ? `on ${formatCountOf(known()?.total ?? 0, 'day')}` : ''}
      </StatCard>
    </dl>
  )
}
