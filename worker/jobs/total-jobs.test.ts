import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const BILL = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,10,24'
const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,job_name'
/** On day 10 alpha holds 2, beta 6 GPU-hours ($25, $75); on day 11 alpha 1 ($10). gamma waits, delta has no bill. */
const JOBS = `${HEADER}
alpha,nlp,bert,aws,h100,1,2026-02-10T22:00:00Z,2026-02-11T01:00:00Z,completed,train
beta,vision,sam,aws,h100,6,2026-02-10T10:00:00Z,2026-02-10T11:00:00Z,failed,eval
gamma,nlp,,aws,h100,1,,,pending,
delta,nlp,bert,gcp,a100,2,2026-02-11T00:00:00Z,2026-02-11T01:00:00Z,completed,trainer`
const DAY = { start: '2026-02-10', end: '2026-02-10' }

async function withJobs() {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', BILL)
  await heliox.send('jobs-csv', JOBS)
  return heliox
}

test('the total is what all jobs of the list held and cost, and says for how much of it the cost is not known', async () => {
  const { trpc, json } = await withJobs()
  // Usage: alpha 2 and beta 6 of 24 GPU-hours of $100, alpha 1 of 24 of $10. delta's 2 GPU-hours have no bill.
  expect(await trpc.jobs.total.query({})).toEqual({
    ...{ jobCount: 4, gpuHours: '11', allocationCostUsd: '110.00', usageCostUsd: '33.75' },
    ...{ uncostedGpuHours: '2', usageUncostedGpuHours: '2', isPartial: false },
  })
  expect(await trpc.jobs.total.query({ q: 'rain' })).toMatchObject({ jobCount: 2, allocationCostUsd: '35.00' })
  expect(await trpc.jobs.total.query({ ...DAY, importId: 'imp_2' })).toMatchObject({ jobCount: 2, gpuHours: '8' })
  expect(await trpc.jobs.total.query({ q: 'nobody' })).toMatchObject({ jobCount: 0, gpuHours: '0' })
  expect(await json('/api/v1/jobs/total?status=failed')).toMatchObject({ job_count: 1, allocation_cost_usd: '75.00' })
})

test('it is the sum of the rows, and for the same days and filters what the answer by job says', async () => {
  const { trpc } = await withJobs()
  const nano = (usd: string | null) => Math.round(Number(usd ?? 0) * 1e9)
  for (const asked of [DAY, { ...DAY, teamId: 'team_1' }, { start: '2026-02-10', end: '2026-02-11' }]) {
    const [total, list] = [await trpc.jobs.total.query(asked), await trpc.jobs.list.query(asked)]
    const sum = (of: (row: (typeof list.jobs)[number]) => string | null) =>
      list.jobs.reduce((all, row) => all + nano(of(row)), 0)
    expect(total.jobCount).toBe(list.total)
    expect(nano(total.allocationCostUsd)).toBe(sum((row) => row.allocationCostUsd))
    expect(nano(total.usageCostUsd)).toBe(sum((row) => row.usageCostUsd))
    for (const basis of ['allocation', 'usage'] as const) {
      const { jobsCostUsd } = await trpc.analytics.byJob.query({ ...asked, basis })
      expect(basis === 'usage' ? total.usageCostUsd : total.allocationCostUsd).toBe(jobsCostUsd)
    }
  }
})

test('a person of one team sums the own jobs and may not name another team', async () => {
  const { as } = await withJobs()
  const { trpc } = await as('viewer', ['team_2'])
  const own = { jobCount: 1, gpuHours: '6', allocationCostUsd: '75.00', isPartial: true }
  expect(await trpc.jobs.total.query({})).toMatchObject(own)
  expect(await trpc.jobs.total.query({ q: 'a', importId: 'imp_2' })).toMatchObject(own)
  await expect(trpc.jobs.total.query({ teamId: ['team_1'] })).rejects.toMatchObject({
    data: { errorCode: 'auth.other_team' },
  })
  expect(await (await as('viewer')).trpc.jobs.total.query({})).toMatchObject({ jobCount: 0, allocationCostUsd: '0.00' })
})
