import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { anomaly } from '../alerts/kinds/anomaly.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'

const FIRST = '2026-01-01' as Day
const LAST = addDays(FIRST, 29)
/** The day that stands out. */
const ODD = addDays(FIRST, 27)

/**
 * Thirty days of two teams on aws h100 at $10 an hour: nlp holds 10 GPUs, vision 2, and 6 on the odd day. The bill buys
 * what is held.
 */
async function company(more: readonly string[] = []): Promise<TestHeliox> {
  const heliox = await startHeliox({ now: `${addDays(LAST, 1)}T09:00:00Z` })
  const days = Array.from({ length: 30 }, (_, at) => addDays(FIRST, at))
  const gpus = (day: Day) => (day === ODD ? 6 : 2)
  const costs = days.map((day) => `${day},aws,h100,${(10 + gpus(day)) * 24 * 10},${(10 + gpus(day)) * 24}`)
  const jobs = days.flatMap((day) =>
    [
      ['nlp', 'bert', 10],
      ['vision', 'sam', gpus(day)],
    ].map(
      ([team, model, count]) => `${team}-${day},${team},${model},aws,h100,${count},${day},${addDays(day, 1)},completed`,
    ),
  )
  await heliox.send('cost-csv', ['date,provider,gpu_type,cost_usd,gpu_hours', ...costs, ...more].join('\n'))
  const head = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
  await heliox.send('jobs-csv', [head, ...jobs].join('\n'))
  return heliox
}

const RANGE = { start: addDays(FIRST, 15), end: addDays(LAST, 5) }

async function teamsOf({ trpc }: TestHeliox): Promise<Record<string, TeamId>> {
  const { teams } = await trpc.teams.list.query({})
  return Object.fromEntries(teams.map(({ name, id }) => [name, id]))
}

test('a day of three times the GPU-hours is told with its expected range, its dollars and a bridge that sums to them', async () => {
  const heliox = await company()
  const { vision } = await teamsOf(heliox)
  const answer = await heliox.trpc.analytics.anomalies.query(RANGE)
  expect(answer).toMatchObject({ total: 1, lastDay: LAST, firstDay: FIRST, watchedCount: 2, minImpactUsd: '28.80' })
  const [one] = answer.anomalies
  // 6 × 24 × $10 where 2 × 24 × $10 was expected.
  expect(one).toMatchObject({
    ...{ key: `team:${vision}@${ODD}`, name: 'vision', day: ODD, direction: 'up', dayCount: 1, isLevelShift: false },
    ...{ actualUsd: '1440.00', expectedUsd: '480.00', impactUsd: '960.00', verdict: null },
  })
  expect(one?.terms).toMatchObject([
    { kind: 'volume', gpuType: 'h100', amountUsd: '960.00', beforeGpuHours: '48', afterGpuHours: '144' },
  ])
  expect(one?.comparedDays).toEqual([7, 14, 21].map((days) => addDays(ODD, -days)))
  expect(one?.sentence).toMatch(
    /^vision spent \$1,440\.00 on Wednesday 28 January, \$960\.00 more than expected \(\$4\d\d\.\d\d–\$5\d\d\.\d\d\): 3 × the GPU-hours on aws h100$/,
  )
  expect(one?.doors.map(({ href }) => href)).toContain(`/explain?start=${ODD}&end=${ODD}&team_id=${vision}`)
})

test.each(['company', 'team', 'provider', 'gpu_type', 'account', 'model'] as const)(
  'by %s, every bridge sums to the impact, actual less expected, to the nano-dollar',
  async (dimension) => {
    const heliox = await company([`${addDays(FIRST, 28)},gcp,a100,777.123456789,`])
    const { anomalies } = await heliox.trpc.analytics.anomalies.query({ ...RANGE, dimension, sensitivity: 'high' })
    if (dimension !== 'account') expect(anomalies.length).toBeGreaterThan(0)
    for (const { terms, impactUsd, actualUsd, expectedUsd } of anomalies) {
      expect(terms.reduce((sum, { amountUsd }) => sum + nano(amountUsd), 0n)).toBe(nano(impactUsd))
      expect(nano(impactUsd)).toBe(nano(actualUsd) - nano(expectedUsd))
    }
  },
)

test('a pool that was not there is a term and a cause of its own, and a price of that day is named', async () => {
  const day = addDays(FIRST, 24)
  const heliox = await company([`${day},gcp,a100,900,30`])
  await heliox.write('POST', '/api/v1/prices/gpus', {
    ...{ provider: 'gcp', gpu_type: 'a100', usd_per_gpu_hour: '30', effective_from: day },
  })
  const { anomalies } = await heliox.trpc.analytics.anomalies.query({ ...RANGE, dimension: 'company' })
  const one = anomalies.find((found) => found.day === day)
  expect(one?.terms).toContainEqual(expect.objectContaining({ kind: 'new', provider: 'gcp', amountUsd: '900.00' }))
  expect(one?.causes.map(({ kind }) => kind)).toEqual(['gpu_price', 'new_pool'])
})

test('the day that is not over, and days that a provider has not billed yet, are not judged', async () => {
  const heliox = await company([`${addDays(LAST, 1)},aws,h100,9999,24`])
  const { lastDay, anomalies } = await heliox.trpc.analytics.anomalies.query(RANGE)
  expect([lastDay, anomalies.map(({ day }) => day)]).toEqual([LAST, [ODD]])
})

test('too little history is said, and nothing is made up', async () => {
  const heliox = await startHeliox({ now: '2026-01-10T00:00:00Z' })
  const empty = await heliox.trpc.analytics.anomalies.query({ ...RANGE, dimension: 'company' })
  expect(empty).toMatchObject({ total: 0, firstDay: null, lastDay: null, watchedCount: 0 })
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,h100,5\n2026-01-02,aws,h100,500')
  const few = await heliox.trpc.analytics.anomalies.query({
    start: '2026-01-01',
    end: '2026-01-09',
    dimension: 'company',
  })
  expect(few).toMatchObject({ total: 0, watchedCount: 0, learningCount: 0, tooLittleCount: 1 })
})

test('what people say is kept, audited, has its effect and can be undone', async () => {
  const heliox = await company()
  const { vision } = await teamsOf(heliox)
  const finance = await heliox.as('finance')
  const key = `team:${vision}@${ODD}`
  const said = await finance.trpc.analytics.decideAnomaly.mutate({ key, verdict: 'no', note: 'month end' })
  expect(said).toMatchObject({ key, verdict: 'no', note: 'month end', byLabel: finance.email })
  expect(said.effect).toMatch(/25 % larger/)
  const after = async () => (await heliox.trpc.analytics.anomalies.query(RANGE)).anomalies
  expect((await after())[0]?.verdict).toMatchObject({ verdict: 'no', byLabel: finance.email })
  expect((await heliox.trpc.analytics.anomalies.query({ ...RANGE, verdict: 'open' })).total).toBe(0)
  await finance.trpc.analytics.undoAnomaly.mutate({ key })
  expect((await after())[0]?.verdict).toBeNull()
  const { entries } = await heliox.trpc.audit.list.query({})
  expect(
    entries.filter(({ action }) => action.startsWith('anomalies')).map(({ action, after: now }) => [action, now]),
  ).toEqual([
    ['anomalies.undo', null],
    ['anomalies.decide', { verdict: 'no', note: 'month end' }],
  ])
})

test('a key of nothing, and one of another team, are not there', async () => {
  const heliox = await company()
  const { nlp, vision } = await teamsOf(heliox)
  const developer = await heliox.as('developer', [nlp as TeamId])
  const say = (key: string) => developer.write('POST', '/api/v1/analytics/anomalies/verdict', { key, verdict: 'yes' })
  for (const key of [`team:${vision}@${ODD}`, `team:${nlp}@${ODD}`, 'nonsense', `company@${ODD}`, 'team:%@2026-01-01'])
    expect((await say(key)).body.error.code).toBe('anomalies.no_anomaly')
})

test('who sees a team gets its series alone, and may say what they were', async () => {
  const heliox = await company()
  const { vision } = await teamsOf(heliox)
  const developer = await heliox.as('developer', [vision as TeamId])
  const { anomalies, isPartial } = await developer.trpc.analytics.anomalies.query(RANGE)
  expect([isPartial, anomalies.map(({ name }) => name)]).toEqual([true, ['vision']])
  const key = anomalies[0]?.key ?? ''
  await developer.trpc.analytics.decideAnomaly.mutate({ key, verdict: 'planned' })
  const admin = await heliox.trpc.analytics.anomalies.query(RANGE)
  expect(admin.anomalies[0]?.verdict?.verdict).toBe('planned')
  const together = await developer.trpc.analytics.anomalies.query({ ...RANGE, dimension: 'company' })
  expect(together.anomalies[0]).toMatchObject({ name: 'Your teams', actualUsd: '1440.00' })
})

test('the company decides from how many dollars on', async () => {
  const heliox = await company()
  const put = (minImpactUsd: string) =>
    heliox.trpc.settings.update.mutate({
      anomalyThresholds: { minImpactUsd, minShareOfMedianDay: 0.01, sensitivity: 'medium' },
    })
  await put('1000.00')
  expect(await heliox.trpc.analytics.anomalies.query(RANGE)).toMatchObject({ total: 0, minImpactUsd: '1000.00' })
  await put('900.00')
  expect((await heliox.trpc.analytics.anomalies.query(RANGE)).total).toBe(1)
})

test('the CSV has the figures of the JSON', async () => {
  const heliox = await company()
  const csv = await heliox.fetch(`/api/v1/analytics/anomalies?start=${RANGE.start}&end=${RANGE.end}`, {
    headers: { accept: 'text/csv' },
  })
  const [head = '', row = ''] = (await csv.text()).split('\r\n')
  expect(head).toContain('actual_usd,expected_usd')
  expect(row).toContain('1440.00,480.00')
})

test('the alert finds the last complete days alone, and not what was planned or none', async () => {
  const heliox = await company()
  const { vision } = await teamsOf(heliox)
  const scope = { ...heliox.scope, settings: {} as never, meter: null }
  const look = (days: number) =>
    anomaly.look(scope, {
      params: { dimension: 'team', direction: 'up', minImpactUsd: '', days } as never,
      teamId: null,
    })
  expect(await look(2)).toEqual([])
  expect(await look(3)).toMatchObject([
    { groupKey: `team:${vision}@${ODD}`, teamId: vision, href: `/anomalies?start=${ODD}&end=${ODD}&dimension=team` },
  ])
  await heliox.trpc.analytics.decideAnomaly.mutate({ key: `team:${vision}@${ODD}`, verdict: 'planned' })
  expect(await look(3)).toEqual([])
  const fresh = await startHeliox()
  await expect(
    anomaly.look(
      { ...fresh.scope, settings: {} as never, meter: null },
      { params: { dimension: 'team', direction: 'up', minImpactUsd: '', days: 2 } as never, teamId: null },
    ),
  ).rejects.toThrow('There is no bill yet')
})

test('metered tokens of a model have series and bridges of their own', async () => {
  const heliox = await startHeliox({ now: '2026-01-21T09:00:00Z' })
  const rows = Array.from({ length: 20 }, (_, at) => {
    const times = at === 19 ? 4 : 1
    return `c${at},${addDays(FIRST, at)}T08:00:00Z,nlp,openai,gpt-5,${900 * times},${100 * times},${2.5 * times}`
  })
  const head = 'request_id,timestamp,team,provider,model,prompt_tokens,completion_tokens,cost_usd'
  await heliox.send('requests-csv', [head, ...rows].join('\n'))
  const asked = { start: FIRST, end: addDays(FIRST, 25), dimension: 'tokens' } as const
  const { anomalies } = await heliox.trpc.analytics.anomalies.query(asked)
  expect(anomalies).toMatchObject([
    { key: `tokens:gpt-5@${addDays(FIRST, 19)}`, actualUsd: '10.00', expectedUsd: '2.50', impactUsd: '7.50' },
  ])
  expect(anomalies[0]?.terms).toMatchObject([{ kind: 'volume', amountUsd: '7.50' }])
})
