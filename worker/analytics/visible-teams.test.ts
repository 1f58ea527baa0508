import fc from 'fast-check'
import { expect, test } from 'vitest'
import { teamMembers } from '../../db/schema/users.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { DailySpend, dailySpend } from './daily-spend.ts'
import { Extent, extent } from './extent.ts'
import { Reconciliation, reconciliation } from './reconciliation.ts'
import { Spend, spendBy } from './spend-by.ts'
import { clear, costFile, estate, jobFile, NOW, window } from './testing.ts'
import { CostQuestion } from './window.ts'

const GROUPS = ['none', 'team', 'model', 'provider', 'gpu_type'] as const
const BY = ['byTeam', 'byModel', 'byProvider', 'byGpuType'] as const
const BASES = ['allocation', 'usage'] as const

type Caller = Pick<TestHeliox, 'trpc' | 'json' | 'fetch'>
type Asked = { start: string; end: string; basis: (typeof BASES)[number]; teamId?: string[] }

async function teamIds({ trpc }: Caller): Promise<Map<string, TeamId>> {
  const { rows } = await trpc.analytics.byTeam.query(window)
  return new Map(rows.flatMap(({ name, teamId }) => (teamId ? [[name, teamId]] : [])))
}

async function everyAnswer({ trpc }: Caller, asked: Asked) {
  const lists = await Promise.all(BY.map((by) => trpc.analytics[by].query(asked)))
  const days = await Promise.all(GROUPS.map((groupBy) => trpc.analytics.daily.query({ ...asked, groupBy })))
  return { lists, days, bill: await trpc.analytics.reconciliation.query(asked) }
}

const sum = (amounts: readonly string[]) => amounts.reduce((total, amount) => total + nano(amount), 0n)
const widened = <T extends { isPartial: boolean }>(answer: T) => ({ ...answer, isPartial: true })

test('random estates: who sees some teams sees exactly what the administrator sees of them, by every group and day', async () => {
  const heliox = await startHeliox({ now: NOW })
  const viewer = await heliox.as('viewer')
  let figures = 0n
  await fc.assert(
    fc.asyncProperty(estate, fc.subarray([0, 1, 2]), async (random, chosen) => {
      await clear(heliox)
      if (random.costs.length > 0) await heliox.send('cost-csv', costFile(random))
      if (random.jobs.length > 0) await heliox.send('jobs-json', jobFile(random))
      const ids = await teamIds(heliox)
      const [mine, others] = [true, false].map((isMine) =>
        [...ids].filter(([name]) => chosen.includes(Number(name.slice(-1))) === isMine),
      )
      for (const [, teamId] of mine!) await heliox.db.insert(teamMembers).values({ userId: viewer.userId, teamId })
      for (const basis of BASES) {
        const asked = { ...window, basis }
        const [seen, all] = [await everyAnswer(viewer, asked), await everyAnswer(heliox, asked)]
        // By team there is no filter on the administrator's side: two ways to the same rows.
        const own = all.lists[0]!.rows.filter(({ teamId }) => mine!.some(([, id]) => id === teamId))
        expect(seen.lists[0]!.rows).toEqual(own)
        const total = sum(own.map(({ totalCostUsd }) => totalCostUsd))
        figures += total
        for (const list of [...seen.lists, ...seen.days]) {
          expect(nano(list.totalCostUsd)).toBe(total)
          expect(list.isPartial).toBe(true)
        }
        for (const { rows } of seen.lists) expect(sum(rows.map(({ totalCostUsd }) => totalCostUsd))).toBe(total)
        for (const { series } of seen.days) expect(sum(series.flatMap(({ costUsd }) => costUsd))).toBe(total)
        expect(nano(seen.bill.allocatedCostUsd)).toBe(total)
        expect(JSON.stringify(seen)).not.toMatch(/__(idle|unmeasured|unallocated)__/)
        for (const [name] of others!) expect(JSON.stringify(seen)).not.toContain(name)
        if (mine!.length === 0) continue
        const filtered = await everyAnswer(heliox, { ...asked, teamId: mine!.map(([, id]) => id) })
        expect(seen.lists).toEqual(filtered.lists.map(widened))
        expect(seen.days).toEqual(filtered.days.map(widened))
      }
    }),
    { numRuns: 120, seed: 20260102 },
  )
  expect(figures).toBeGreaterThan(0n)
}, 240_000)

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const ASKED = { start: '2026-02-01', end: '2026-02-07' }
const OWN_JOBS = `${HEADER}a,own,bert,aws,h100,1,2026-02-03T00:00:00Z,2026-02-03T06:00:00Z,completed
b,own,bert,aws,l4,2,2026-02-04T00:00:00Z,2026-02-04T01:00:00Z,completed\n`
const OWN_COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-03,aws,h100,80,24\n'

/** A team with a bill and a job without one, and a developer in it. */
async function ownTeam() {
  const heliox = await startHeliox()
  await heliox.send('cost-csv', OWN_COSTS)
  await heliox.send('jobs-csv', OWN_JOBS)
  const own = (await teamIds(heliox)).get('own')!
  return { heliox, own, developer: await heliox.as('developer', [own]), nobody: await heliox.as('viewer') }
}

test('nothing that other teams hold or cost changes a digit of what a team sees', async () => {
  const { heliox, developer } = await ownTeam()
  const answers = async () =>
    JSON.stringify([
      await everyAnswer(developer, { ...ASKED, basis: 'allocation' }),
      await everyAnswer(developer, { ...ASKED, basis: 'usage' }),
      await developer.trpc.analytics.extent.query(),
    ])
  const alone = await answers()
  expect(alone).toContain('"totalCostUsd":"80.00"')
  expect(alone).toContain('"totalCostUsd":"20.00"') // on the usage basis 6 of 24 hours
  // Other pools and days, and a job that still runs.
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-02-01,gcp,h100,1234\n2026-02-07,aws,a100,5\n')
  await heliox.send(
    'jobs-csv',
    `${HEADER}x,other,gpt,gcp,h100,8,2026-02-01T00:00:00Z,2026-02-02T06:00:00Z,completed
y,other,gpt,gcp,t4,1,2026-02-01T00:00:00Z,,running\n`,
  )
  expect(await answers()).toBe(alone)
})

test('the own part of the bill is what the jobs were charged and what has no bill; the rest is null, not 0', async () => {
  const { developer, nobody } = await ownTeam()
  const unknown = {
    ...{
      billedCostUsd: null,
      servingCostUsd: null,
      otherOwnersCostUsd: null,
      idleCostUsd: null,
      unmeasuredCostUsd: null,
    },
    ...{ unallocatedCostUsd: null, differenceUsd: null, invoicedCostUsd: null },
    ...{ overAllocatedPoolDays: null, stalePoolDays: null },
  }
  const own = { basis: 'allocation', isPartial: true, isProvisional: false }
  expect(await developer.trpc.analytics.reconciliation.query(ASKED)).toEqual({
    ...{ ...own, ...unknown },
    ...{ allocatedCostUsd: '80.00', uncostedGpuHours: '2' },
  })
  expect(await nobody.trpc.analytics.reconciliation.query(ASKED)).toEqual({
    ...{ ...own, ...unknown },
    ...{ allocatedCostUsd: '0.00', uncostedGpuHours: '0' },
  })
})

test('the latest data of a team are of its own jobs that were charged, or that ran; of a person without a team, none', async () => {
  const { heliox, developer, nobody } = await ownTeam()
  const days = { firstDay: '2026-02-03', lastDay: '2026-02-03', isPartial: true }
  expect(await developer.trpc.analytics.extent.query()).toEqual(days)
  expect(await nobody.trpc.analytics.extent.query()).toEqual({ firstDay: null, lastDay: null, isPartial: true })
  await heliox.db.$client.execute('delete from cost_entries')
  await heliox.db.$client.execute('update job_day_shares set allocation_nano_usd = null')
  await heliox.db.$client.execute('update pool_days set cost_nano_usd = null') // as a removal does
  expect(await developer.trpc.analytics.extent.query()).toEqual({ ...days, lastDay: '2026-02-04' })
})

test('a team that is not one’s own is 403 on every answer and both wires, whether there is such a team or not', async () => {
  const { heliox, own, developer, nobody } = await ownTeam()
  await heliox.send('jobs-csv', `${HEADER}x,other,gpt,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`)
  const other = (await teamIds(heliox)).get('other')!
  const paths = [
    'cost/daily',
    'cost/by-model',
    'cost/by-team',
    'cost/by-provider',
    'cost/by-gpu-type',
    'reconciliation',
  ]
  const query = 'start=2026-02-01&end=2026-02-07'
  for (const path of paths) {
    const asked = `/api/v1/analytics/${path}?${query}`
    for (const team of [other, 'team_99'])
      for (const filter of [`&team_id=${team}`, `&team_id=${own}&team_id=${team}`]) {
        const { status, body } = await developer.write('GET', asked + filter)
        expect([path, filter, status, body.error.code]).toEqual([path, filter, 403, 'auth.other_team'])
      }
    expect((await developer.fetch(`${asked}&team_id=${own}`)).status).toBe(200)
    expect((await nobody.fetch(`${asked}&team_id=${own}`)).status).toBe(403)
    expect((await nobody.write('GET', `${asked}&basis=exposure`)).body.error.code).toBe('auth.whole_company')
  }
  for (const by of BY)
    await expect(developer.trpc.analytics[by].query({ ...ASKED, teamId: [other] })).rejects.toThrow('not one of your')
  for (const groupBy of ['account', 'region'] as const)
    await expect(developer.trpc.analytics.daily.query({ ...ASKED, groupBy })).rejects.toThrow('the whole company')
})

test('what only the bill knows is for who sees the whole company, as a name and as a filter', async () => {
  const { heliox, developer } = await ownTeam()
  const filters = {
    account: ['a'],
    region: ['r'],
    service: ['s'],
    sku: ['k'],
    chargeCategory: ['Usage'],
    tag: ['env='],
  }
  for (const [name, values] of Object.entries(filters)) {
    for (const by of BY)
      await expect(developer.trpc.analytics[by].query({ ...ASKED, [name]: values })).rejects.toThrow(
        'the whole company',
      )
    for (const asked of [developer.trpc.analytics.reconciliation, developer.trpc.analytics.daily])
      await expect(asked.query({ ...ASKED, [name]: [] })).rejects.toThrow('the whole company')
    expect(await heliox.trpc.analytics.byTeam.query({ ...ASKED, [name]: values })).toMatchObject({ isPartial: false })
  }
  for (const groupBy of [['tag:env'], ['day', 'sku'], ['team', 'charge_category']])
    await expect(developer.trpc.analytics.explore.query({ ...ASKED, groupBy } as never)).rejects.toThrow(
      'whole company',
    )
})

test('the explorer shows a team what the administrator sees of it, of any two names', async () => {
  const { heliox, own, developer } = await ownTeam()
  await heliox.send('jobs-csv', `${HEADER}x,other,gpt,aws,h100,1,2026-02-03T00:00:00Z,2026-02-03T03:00:00Z,failed\n`)
  for (const groupBy of [['team', 'status'], ['week', 'model'], ['provider', 'gpu_type'], ['month']] as never[])
    for (const [cost, compare] of [
      ['effective', 'previous'],
      ['list', 'year'],
    ] as const) {
      const asked = { ...ASKED, groupBy, cost, compare }
      const seen = await developer.trpc.analytics.explore.query(asked)
      expect(JSON.stringify(seen)).not.toMatch(/other|failed|unallocated/)
      expect(seen).toEqual(widened(await heliox.trpc.analytics.explore.query({ ...asked, teamId: [own] })))
      // A third of the pool-day's 9 GPU-hours were another team's.
      expect(seen).toMatchObject({ totalCostUsd: cost === 'list' ? '0.00' : '53.333333333' })
      expect(seen.unlistedCostUsd).toBe(cost === 'list' ? '53.333333333' : null)
    }
})

test('an empty list of teams, models or providers lets nothing through, also for an administrator', async () => {
  const { heliox } = await ownTeam()
  for (const name of ['teamId', 'modelName', 'provider', 'gpuType'])
    expect(await heliox.trpc.analytics.byProvider.query({ ...ASKED, [name]: [] })).toMatchObject({ rows: [] })
  expect((await heliox.trpc.analytics.byProvider.query(ASKED)).rows).toMatchObject([{ totalCostUsd: '80.00' }])
})

test('rows and CSV say that they are partial; finance and the admin key see the whole', async () => {
  const { heliox, developer, own } = await ownTeam()
  const finance = await heliox.as('finance', [own])
  const path = '/api/v1/analytics/cost/by-team?start=2026-02-03&end=2026-02-03&basis=usage'
  expect(await developer.json(path)).toMatchObject([{ team_id: own, total_cost_usd: '20.00', is_partial: true }])
  const csv = await (await developer.fetch(path, { headers: { accept: 'text/csv' } })).text()
  expect(csv).toMatch(/is_partial.*\r\nown,.*,true/)
  for (const whole of [heliox, finance])
    expect(await whole.json(path)).toMatchObject([
      { team_id: own, total_cost_usd: '20.00', is_partial: false },
      { team_name: '__idle__', total_cost_usd: '60.00', is_partial: false },
    ])
})

test('answers are what their schemas say', async () => {
  const { heliox, own } = await ownTeam()
  const question = CostQuestion.parse(ASKED)
  for (const teamIdsSeen of [null, [own]]) {
    const scope = { ...heliox.scope, actor: { ...heliox.scope.actor, teamIds: teamIdsSeen } }
    expect(Spend.strict().parse(await spendBy(scope, question, 'team')).isPartial).toBe(teamIdsSeen !== null)
    expect(DailySpend.strict().parse(await dailySpend(scope, { ...question, groupBy: 'team' })).days).toHaveLength(7)
    expect(Reconciliation.strict().parse(await reconciliation(scope, question)).allocatedCostNanoUsd).toBe(nano('80'))
    expect(Extent.strict().parse(await extent(scope)).lastDay).toBe('2026-02-03')
  }
})
