import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { clear, NOW, window } from './testing.ts'
import { history, live } from './testing-history.ts'

type Caller = Pick<TestHeliox, 'trpc'>
type Basis = 'allocation' | 'usage'
type Cost = 'effective' | 'billed' | 'list'
type Kind = 'total' | 'owner' | 'assigned' | 'idle' | 'unmeasured' | 'unallocated'
type Asked = { start: string; end: string; basis: Basis; cost: Cost } & Partial<
  Record<'teamId' | 'modelName' | 'provider' | 'gpuType', string[]>
>

const BASES = ['allocation', 'usage'] as const
const COSTS = ['effective', 'billed', 'list'] as const
const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + nano(amount), 0n)

/** All pages of a list, three rows each; each page says what it sums to. */
async function everyPage<Page extends { hasMore: boolean; total: number }>(
  ask: (skip: number) => Promise<Page>,
): Promise<Page[]> {
  const pages = [await ask(0)]
  while (pages.at(-1)?.hasMore) pages.push(await ask(pages.length * 3))
  return pages
}

/** Follows a figure down to the bill, and checks that each step is the one above. Answers how many steps it took. */
async function follow(caller: Caller, asked: Asked, kind: Kind, figure: string, isWhole: boolean): Promise<number> {
  const { trpc } = caller
  let steps = 0
  const pages = await everyPage((skip) => trpc.analytics.explain.query({ ...asked, kind, skip, limit: 3 }))
  const poolDays = pages.flatMap((page) => {
    expect(sum(page.poolDays.map(({ partCostUsd }) => partCostUsd))).toBe(nano(page.pageCostUsd))
    expect(page).toMatchObject({ figureCostUsd: figure, poolDaysCostUsd: figure, differenceUsd: '0.00' })
    return page.poolDays
  })
  expect(poolDays).toHaveLength(pages[0]?.total ?? -1)
  expect(sum(poolDays.map(({ partCostUsd }) => partCostUsd))).toBe(nano(figure))
  for (const { date, provider, gpuType, partCostUsd, poolCostUsd, formula } of poolDays) {
    const there = { ...asked, start: date, end: date, provider: [provider], gpuType: [gpuType] }
    const jobs = await everyPage((skip) => trpc.analytics.byJob.query({ ...there, skip, limit: 3 }))
    const all = jobs.flatMap((page) => page.jobs)
    const [first] = jobs
    expect(all).toHaveLength(first?.total ?? -1)
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(sum(all.map(({ totalCostUsd }) => totalCostUsd))).toBe(nano(first?.jobsCostUsd ?? ''))
    for (const page of jobs) expect(sum(page.jobs.map(({ totalCostUsd }) => totalCostUsd))).toBe(nano(page.pageCostUsd))
    const { jobsCostUsd, assignedCostUsd, waitingCostUsd, idleCostUsd, unmeasuredCostUsd, unallocatedCostUsd } = first!
    const left = [idleCostUsd, unmeasuredCostUsd, unallocatedCostUsd].map((cost) => cost ?? '0')
    expect(sum([jobsCostUsd, assignedCostUsd, waitingCostUsd, ...left])).toBe(nano(first!.totalCostUsd))
    const parts = {
      total: first!.totalCostUsd,
      assigned: assignedCostUsd,
      idle: idleCostUsd,
      unmeasured: unmeasuredCostUsd,
      unallocated: unallocatedCostUsd,
    }
    const made = kind === 'owner' ? sum([jobsCostUsd, assignedCostUsd]) : nano(parts[kind] ?? '')
    expect(made).toBe(nano(partCostUsd))
    expect(formula.length).toBeGreaterThan(5)
    steps += 1 + all.length
    if (!isWhole) continue
    const lines = await everyPage((skip) => trpc.analytics.billLines.query({ ...there, skip, limit: 3 }))
    expect(lines[0]).toMatchObject({ differenceUsd: '0.00', linesCostUsd: poolCostUsd ?? '0.00' })
    const amounts = lines.flatMap((page) => page.lines.map((line) => line[`${asked.cost}CostUsd`] ?? '0'))
    expect(sum(amounts)).toBe(nano(poolCostUsd ?? '0'))
    steps += amounts.length
  }
  return steps
}

test('random histories: every figure goes down to pool-days, jobs and bill lines, and each step sums to the one above', async () => {
  const heliox = await startHeliox({ now: NOW })
  let steps = 0
  const kinds = new Set<string>()
  await fc.assert(
    fc.asyncProperty(history, fc.constantFrom(...BASES), fc.constantFrom(...COSTS), async (random, basis, cost) => {
      await clear(heliox)
      await live(heliox, random)
      const asked = { ...window, basis, cost }
      const { trpc } = heliox
      const [teams, models, types] = await Promise.all([
        trpc.analytics.byTeam.query(asked),
        trpc.analytics.byModel.query(asked),
        trpc.analytics.byGpuType.query(asked),
      ])
      steps += await follow(heliox, asked, 'total', teams.totalCostUsd, true)
      for (const { kind, teamId, totalCostUsd } of teams.rows) {
        kinds.add(kind)
        steps += await follow(heliox, teamId ? { ...asked, teamId: [teamId] } : asked, kind, totalCostUsd, true)
      }
      for (const { kind, name, totalCostUsd } of models.rows)
        if (kind === 'owner') steps += await follow(heliox, { ...asked, modelName: [name] }, kind, totalCostUsd, true)
      for (const { name, totalCostUsd } of types.rows)
        steps += await follow(heliox, { ...asked, gpuType: [name] }, 'total', totalCostUsd, true)
    }),
    { numRuns: 40, seed: 20260305 },
  )
  expect(steps).toBeGreaterThan(1500)
  expect([...kinds].sort()).toEqual(['idle', 'owner', 'unallocated', 'unmeasured'])
}, 240_000)

test('random histories: who sees some teams follows their own figures, and reads nothing of the pool or of others', async () => {
  const heliox = await startHeliox({ now: NOW })
  let steps = 0
  await fc.assert(
    fc.asyncProperty(history, fc.constantFrom(...BASES), async (random, basis) => {
      await clear(heliox)
      await live(heliox, random)
      const asked = { ...window, basis, cost: 'effective' as const }
      const { rows } = await heliox.trpc.analytics.byTeam.query(asked)
      const own = rows.find(({ teamId }) => teamId !== null)
      fc.pre(own?.teamId != null)
      const viewer = await heliox.as('viewer', [own!.teamId!])
      steps += await follow(viewer, asked, 'total', own!.totalCostUsd, false)
      steps += await follow(viewer, { ...asked, teamId: [own!.teamId!] }, 'owner', own!.totalCostUsd, false)
      const { poolDays } = await viewer.trpc.analytics.explain.query(asked)
      for (const day of poolDays)
        expect(day).toMatchObject({ poolCostUsd: null, capacityGpuHours: null, heldGpuHours: null, isWaiting: false })
      const jobs = await viewer.trpc.analytics.byJob.query(asked)
      expect(jobs).toMatchObject({
        isPartial: true,
        idleCostUsd: null,
        unmeasuredCostUsd: null,
        unallocatedCostUsd: null,
      })
      expect([...new Set(jobs.jobs.map(({ teamName }) => teamName))]).toEqual(jobs.jobs.length > 0 ? [own!.name] : [])
    }),
    { numRuns: 25, seed: 20260306 },
  )
  expect(steps).toBeGreaterThan(60)
}, 240_000)

const BILL =
  'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,50,\n2026-02-11,aws,a100,7,24'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
over,vision,vit,aws,h100,1,2026-02-10T18:00:00Z,2026-02-11T06:00:00Z,completed
short,nlp,bert,aws,h100,2,2026-02-10T12:00:00Z,2026-02-10T15:00:00Z,failed
free,nlp,bert,gcp,h100,1,2026-02-10T12:00:00Z,2026-02-10T15:00:00Z,completed`
const DAYS = { start: '2026-02-10', end: '2026-02-11' }

async function twoTeams() {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  await heliox.send('cost-csv', BILL)
  await heliox.send('jobs-csv', JOBS)
  const formulas = async (more: object) =>
    (await heliox.trpc.analytics.explain.query({ ...DAYS, ...more })).poolDays.map(({ formula }) => formula)
  return { ...heliox, formulas }
}

test('the formula of a part is in words with its numbers', async () => {
  const { formulas } = await twoTeams()
  const vision = { teamId: ['team_1'] }
  expect(await formulas(vision)).toEqual([
    '$100.00 × 6 ÷ 12 GPU-hours held = $50.00',
    '$50.00 × 6 ÷ 6 GPU-hours held = $50.00',
  ])
  expect(await formulas({ ...vision, basis: 'usage' })).toEqual([
    '$100.00 × 6 ÷ 24 GPU-hours billed = $25.00',
    'Capacity is not known: 6 GPU-hours are not measured = $0.00',
  ])
  expect(await formulas({ teamId: ['team_2'] })).toEqual([
    '$100.00 × 6 ÷ 12 GPU-hours held = $50.00',
    'Nothing was billed: 3 GPU-hours without a cost',
  ])
  expect(await formulas({ kind: 'unallocated' })).toEqual(['$7.00: no job held the pool = $7.00'])
  expect(await formulas({ kind: 'idle', basis: 'usage' })).toEqual([
    '$100.00 × (24 − 12) ÷ 24 GPU-hours billed and not held = $50.00',
    '$7.00 × (24 − 0) ÷ 24 GPU-hours billed and not held = $7.00',
  ])
  expect(await formulas({ kind: 'unmeasured', basis: 'usage' })).toEqual([
    '$50.00: how much capacity that bought is not known = $50.00',
  ])
  expect((await formulas({}))[0]).toBe('The pool’s bill of the day: $100.00')
})

test('a formula’s numbers are written in thousands, to the digit', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,1234567.891,12000')
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
one,vision,vit,aws,h100,250,2026-02-10T00:00:00Z,2026-02-10T12:00:00Z,completed`,
  )
  const { poolDays } = await heliox.trpc.analytics.explain.query({ ...DAYS, basis: 'usage', teamId: ['team_1'] })
  // 1,234,567.891 × 3,000 ÷ 12,000
  expect(poolDays[0]?.formula).toBe('$1,234,567.891 × 3,000 ÷ 12,000 GPU-hours billed = $308,641.97275')
})

test('jobs are listed dearest first or in another order, with totals of all of them', async () => {
  const { json } = await twoTeams()
  type Page = { jobs: { job_id: string; total_cost_usd: string; gpu_hours: string; uncosted_gpu_hours: string }[] }
  const list = (query: string) =>
    json<Page & Record<string, unknown>>(`/api/v1/analytics/cost/by-job?start=2026-02-10&end=2026-02-11&${query}`)
  const page = await list('limit=2')
  expect(page.jobs.map(({ job_id, total_cost_usd, gpu_hours }) => [job_id, total_cost_usd, gpu_hours])).toEqual([
    ['over', '100.00', '12'],
    ['short', '50.00', '6'],
  ])
  expect(page).toMatchObject({
    total: 3,
    has_more: true,
    page_cost_usd: '150.00',
    jobs_cost_usd: '150.00',
    unallocated_cost_usd: '7.00',
    total_cost_usd: '157.00',
  })
  const names = async (query: string) => (await list(query)).jobs.map(({ job_id }) => job_id).join(' ')
  expect(await names('sort=cost&order=asc')).toBe('free short over')
  expect(await names('sort=gpu_hours')).toBe('over short free')
  expect(await names('sort=start&order=asc')).toMatch(/over$/)
  expect(await names('sort=end')).toMatch(/^over/)
  expect(await names('status=failed')).toBe('short')
  expect(await names('model_name=bert&provider=aws')).toBe('short')
  expect(await names('basis=exposure')).toBe('over short free')
  expect(
    (await list('basis=usage')).jobs.map(({ total_cost_usd, uncosted_gpu_hours }) => [
      total_cost_usd,
      uncosted_gpu_hours,
    ]),
  ).toEqual([
    ['25.00', '6'], // of them 6 on a day whose capacity is not known
    ['25.00', '0'],
    ['0.00', '3'],
  ])
})

test('a list of jobs and a figure’s pool-days are CSV as well, equal to the digit', async () => {
  const { fetch } = await twoTeams()
  const csv = async (path: string) =>
    (
      await (
        await fetch(`/api/v1/analytics/${path}?start=2026-02-10&end=2026-02-11`, { headers: { accept: 'text/csv' } })
      ).text()
    ).split('\r\n')
  expect(await csv('cost/by-job')).toHaveLength(5)
  expect((await csv('explain'))[1]).toBe(
    '2026-02-10,aws,h100,100.00,12,100.00,24,12,The pool’s bill of the day: $100.00,false',
  )
  expect((await csv('explain/lines'))[0]).toMatch(/^id,date,provider,gpu_type,source/)
})

test('a job that changed waits: what it was charged is told apart until its days are shared', async () => {
  const heliox = await twoTeams()
  await heliox.db.run(`update pool_days set is_stale = 1 where day = '2026-02-10'`)
  await heliox.db.run(`delete from job_day_shares where day = '2026-02-10' and job_id = 1`)
  const page = await heliox.trpc.analytics.byJob.query(DAYS)
  expect(page).toMatchObject({
    jobsCostUsd: '100.00',
    waitingCostUsd: '50.00',
    unallocatedCostUsd: '7.00',
    totalCostUsd: '157.00',
  })
  expect((await heliox.trpc.analytics.explain.query(DAYS)).poolDays[0]).toMatchObject({ isWaiting: true })
})

test.each([
  ['exposure', 'basis=exposure', 400, 'analytics.not_additive'],
  ['idle cost of a team', 'kind=idle&team_id=team_1', 400, 'analytics.no_owner_there'],
])('%s cannot be explained, and says why', async (_what, query, status, code) => {
  const { write } = await twoTeams()
  const answer = await write('GET', `/api/v1/analytics/explain?start=2026-02-10&end=2026-02-11&${query}`)
  expect([answer.status, answer.body.error.code]).toEqual([status, code])
})

test('what is left over and bill lines are for who sees the whole company', async () => {
  const { as } = await twoTeams()
  const developer = await as('developer', ['team_1'])
  for (const path of ['explain?kind=unallocated&', 'explain/lines?'])
    expect(
      (await developer.write('GET', `/api/v1/analytics/${path}start=2026-02-10&end=2026-02-11`)).body.error.code,
    ).toBe('auth.whole_company')
  const refused = await developer.write(
    'GET',
    '/api/v1/analytics/explain?start=2026-02-10&end=2026-02-11&team_id=team_2',
  )
  expect([refused.status, refused.body.error.code]).toEqual([403, 'auth.other_team'])
})

test('a bill line names its account, what it was for, its amounts and the file that brought it', async () => {
  const { json, send } = await twoTeams()
  const header =
    'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory,ServiceName,RegionId,SubAccountId,SkuId,BillingAccountId'
  const { import_id } = await send(
    'focus-csv',
    `${header}\n20,10,30,USD,2026-02-01,2026-02-12T00:00:00Z,Usage,aws,"p5.48xlarge GPU hours",Compute,EC2,us-east-1,research,sku-1,acme`,
    '&file_name=feb.csv',
  )
  const page = await json<{ lines: object[] }>(
    '/api/v1/analytics/explain/lines?start=2026-02-12&end=2026-02-12&cost=billed',
  )
  expect(page).toMatchObject({
    total: 1,
    lines_cost_usd: '20.00',
    pool_days_cost_usd: '20.00',
    difference_usd: '0.00',
    cost: 'billed',
  })
  expect(page.lines[0]).toMatchObject({
    ...{
      account: 'research',
      billing_account: 'acme',
      region: 'us-east-1',
      service: 'EC2',
      sku: 'sku-1',
      charge_category: 'Usage',
    },
    ...{
      billed_cost_usd: '20.00',
      effective_cost_usd: '10.00',
      list_cost_usd: '30.00',
      import_id,
      file_name: 'feb.csv',
      bill_id: 'bill_1',
    },
  })
})

test('why a job cost what it did: each of its days, and for its team without the pool’s numbers', async () => {
  const { write, as } = await twoTeams()
  const { body } = await write('GET', '/api/v1/jobs/job_1/cost')
  expect(body).toMatchObject({
    total: 2,
    allocation_cost_usd: '100.00',
    usage_cost_usd: '25.00',
    gpu_hours: '12',
    uncosted_gpu_hours: '0',
    is_partial: false,
  })
  expect(body.days[0]).toEqual({
    ...{ date: '2026-02-10', gpu_hours: '6', allocation_cost_usd: '50.00', usage_cost_usd: '25.00' },
    ...{ pool_cost_usd: '100.00', capacity_gpu_hours: '24', held_gpu_hours: '12' },
    allocation_formula: '$100.00 × 6 ÷ 12 GPU-hours held = $50.00',
    usage_formula: '$100.00 × 6 ÷ 24 GPU-hours billed = $25.00',
  })
  expect(body.days[1]).toMatchObject({ usage_cost_usd: null })
  const developer = await as('developer', ['team_1'])
  const own = await developer.write('GET', '/api/v1/jobs/job_1/cost')
  expect(own.body.days[0]).toMatchObject({
    allocation_cost_usd: '50.00',
    pool_cost_usd: null,
    capacity_gpu_hours: null,
    held_gpu_hours: null,
    allocation_formula: '$50.00 for 6 GPU-hours',
  })
  expect((await developer.write('GET', '/api/v1/jobs/job_2/cost')).status).toBe(404)
  expect((await developer.write('GET', '/api/v1/jobs/job_99/cost')).status).toBe(404)
})
