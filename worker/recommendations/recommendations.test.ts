import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { metered } from '../unit-economics/testing.ts'
import { verifySavings } from './verify.ts'

const FIRST = '2026-02-01' as Day
const day = (at: number) => addDays(FIRST, at)

/** aws h100: $240 a day for 48 GPU-hours, $5 each; vision holds one GPU all day, the other stands idle. */
function bill(days: number, from = 0): string {
  const rows = Array.from({ length: days }, (_, at) => `${day(at + from)},aws,h100,240,48`)
  return ['date,provider,gpu_type,cost_usd,gpu_hours', ...rows].join('\n')
}

const JOBS_HEAD = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'

function jobs(days: number, from = 0, gpus = 1): string {
  const rows = Array.from({ length: days }, (_, at) => {
    const [start, end] = [day(at + from), day(at + from + 1)]
    return `run-${at + from},vision,bert,aws,h100,${gpus},${start}T00:00:00Z,${end}T00:00:00Z,completed`
  })
  return [JOBS_HEAD, ...rows].join('\n')
}

async function world(now = '2026-02-15T12:00:00Z') {
  const heliox = await startHeliox({ now })
  await heliox.send('cost-csv', bill(14))
  await heliox.send('jobs-csv', jobs(14))
  return heliox
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the wire says
type Answer = any
const LIST = '/api/v1/analytics/recommendations'
const ask = (heliox: Pick<TestHeliox, 'json'>, query = '') => heliox.json<Answer>(`${LIST}${query}`)
const one = (answer: Answer, kind: string) => answer.recommendations.find((row: Answer) => row.kind === kind)
const put = (heliox: Pick<TestHeliox, 'write'>, key: string, body: object, more = {}) =>
  heliox.write('PUT', `${LIST}/${key}`, body, more)

test('idle capacity is told in dollars of the bill, with its days and the way to them', async () => {
  const answer = await ask(await world())
  expect([answer.start, answer.end, answer.is_partial]).toEqual(['2026-02-01', '2026-02-14', false])
  // 24 of 48 GPU-hours a day × $5 × 30 days.
  expect(one(answer, 'idle-pool')).toMatchObject({
    ...{ saving_usd: '3600.00', window_saving_usd: '1680.00', status: 'open', confidence: 'high', team_id: null },
    decision: null,
  })
  const [row] = one(answer, 'idle-pool').evidence
  expect(row).toMatchObject({ cost_usd: '120.00', gpu_hours: '24' })
  expect(row.href).toMatch(/^\/explain\?start=2026-02-\d\d&end=2026-02-\d\d&provider=aws&gpu_type=h100$/)
  expect(answer.not_looked).toContainEqual(
    expect.objectContaining({ kind: 'wrong-size', thing: 'aws h100', missing: 'Nobody measured how busy it was' }),
  )
})

test('the same list as CSV has the same dollars', async () => {
  const heliox = await world()
  const text = await (await heliox.fetch(LIST, { headers: { accept: 'text/csv' } })).text()
  const answer = await ask(heliox)
  expect(text.split('\r\n').length - 2).toBe(answer.recommendations.length)
  expect(text).toContain(one(answer, 'idle-pool').saving_usd)
})

test('the pipeline sums to the non-overlapping total, which is at most the bill', async () => {
  const { recommendations, totals } = await ask(await world())
  const counted = recommendations.reduce((sum: bigint, row: Answer) => sum + nano(row.counted_usd), 0n)
  expect(counted).toBe(nano(totals.potential_usd))
  expect(nano(totals.open.saving_usd) + nano(totals.accepted.saving_usd)).toBe(counted)
  // $240 a day for a month; lambda is cheaper as well, and about the same GPU-hours.
  expect(counted > 0n && counted <= nano('7200')).toBe(true)
  expect(nano(totals.overlap_usd) > 0n).toBe(true)
})

test('keys stay the same when everything is imported again', async () => {
  const heliox = await world()
  const keys = (answer: Answer) => answer.recommendations.map(({ key }: Answer) => key).sort()
  const before = keys(await ask(heliox))
  await heliox.send('jobs-csv', jobs(14))
  await heliox.send('cost-csv', bill(14))
  expect(keys(await ask(heliox))).toEqual(before)
  expect(before.length).toBeGreaterThan(0)
})

test('dismissed stays dismissed until it would save twice as much', async () => {
  const heliox = await world()
  const { key } = one(await ask(heliox), 'idle-pool')
  const refused = await put(heliox, key, { status: 'dismissed' })
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('say why')])
  const done = await put(heliox, key, { status: 'dismissed', note: 'kept for the launch' })
  expect([done.status, done.body.status, done.body.decision.note]).toEqual([200, 'dismissed', 'kept for the launch'])
  const again = await ask(heliox)
  expect([one(again, 'idle-pool').status, again.totals.dismissed]).toEqual([
    'dismissed',
    { count: 1, saving_usd: '3600.00' },
  ])
  expect((await ask(heliox, '?status=open')).recommendations.map(({ key: other }: Answer) => other)).not.toContain(key)
  // Twice the price: twice the idle dollars.
  await heliox.send('cost-csv', bill(14).replaceAll('h100,240', 'h100,480'))
  expect(one(await ask(heliox), 'idle-pool')).toMatchObject({ status: 'open', came_back: true, saving_usd: '7200.00' })
})

test('accepted, done, and a week later the ledger says what it saves', async () => {
  const heliox = await world()
  const { key } = one(await ask(heliox), 'idle-pool')
  expect((await put(heliox, key, { status: 'done' })).body.error.code).toBe('recommendations.not_from_there')
  const accepted = await put(heliox, key, { status: 'accepted' })
  const stale = await put(heliox, key, { status: 'done' }, { 'if-match': '"long-ago"' })
  expect(stale.status).toBe(412)
  const done = await put(heliox, key, { status: 'done' }, { 'if-match': accepted.headers.get('etag') ?? '' })
  expect([done.status, done.body.decision.done_at]).toEqual([200, '2026-02-15T12:00:00.000Z'])
  const early = await heliox.write('POST', `${LIST}/${key}/verify`)
  expect(early.body.error.code).toBe('recommendations.too_early')
  // From the 16th on one GPU is given back: 24 GPU-hours a day, all of them held; the day itself is in neither.
  heliox.moveTo('2026-02-24T12:00:00Z')
  await heliox.send('cost-csv', bill(9, 14).replaceAll('240,48', '120,24'))
  await heliox.send('jobs-csv', jobs(9, 14))
  const checked = await heliox.write('POST', `${LIST}/${key}/verify`)
  expect(checked.body).toMatchObject({
    status: 'done',
    verified: {
      ...{ saving_usd: '3600.00', before_per_day_usd: '120.00', since_per_day_usd: '0.00' },
      ...{ start: '2026-02-16', end: '2026-02-23', days: 8 },
    },
  })
  const { totals } = await ask(heliox)
  expect(totals.verified).toEqual({ count: 1, saving_usd: '3600.00' })
  const reopened = await put(heliox, key, { status: 'open' })
  expect([reopened.status, reopened.body.status, reopened.body.verified]).toEqual([200, 'open', null])
})

test('the clock checks the savings of what is done, once for each day of the bill', async () => {
  const heliox = await world()
  const { key } = one(await ask(heliox), 'idle-pool')
  for (const status of ['accepted', 'done']) await put(heliox, key, { status })
  expect(await verifySavings(heliox.scope)).toBe(0)
  heliox.moveTo('2026-02-24T12:00:00Z')
  await heliox.send('cost-csv', bill(9, 14))
  await heliox.send('jobs-csv', jobs(9, 14))
  expect([await verifySavings(heliox.scope), await verifySavings(heliox.scope)]).toEqual([1, 0])
  // As idle as before.
  expect(one(await ask(heliox), 'idle-pool').verified).toMatchObject({ saving_usd: '0.00', days: 8 })
})

test('every decision is in the audit log', async () => {
  const heliox = await world()
  const { key } = one(await ask(heliox), 'idle-pool')
  await put(heliox, key, { status: 'accepted', note: 'from Monday on' })
  const log = await heliox.json<Answer>('/api/v1/audit')
  expect(JSON.stringify(log)).toContain('recommendations.decide')
})

test('teams see and decide what is theirs; the company’s does not exist for them', async () => {
  const heliox = await world()
  await heliox.write('POST', '/api/v1/teams', { name: 'speech' })
  const failed = [0, 1].map((at) => `bad-${at},vision,bert,aws,h100,1,${day(at)}T00:00:00Z,${day(at)}T08:00:00Z,failed`)
  await heliox.send('jobs-csv', [JOBS_HEAD, ...failed].join('\n'))
  const company = one(await ask(heliox), 'idle-pool')
  const vision = await heliox.as('developer', ['team_1' as TeamId])
  const own = await ask(vision)
  expect(own.is_partial).toBe(true)
  expect(one(own, 'idle-pool')).toBeUndefined()
  expect(one(own, 'retried-work')).toMatchObject({ team_id: 'team_1', team_name: 'vision' })
  // 16 GPU-hours × $5, of which an hour of each would be lost all the same; 30 ÷ 14 of it a month.
  expect(one(own, 'no-checkpoint').window_saving_usd).toBe('70.00')
  expect((await put(vision, company.key, { status: 'accepted' })).status).toBe(404)
  expect((await put(vision, one(own, 'retried-work').key, { status: 'accepted' })).status).toBe(200)
  const speech = await heliox.as('developer', ['team_2' as TeamId])
  expect((await ask(speech)).recommendations).toEqual([])
  expect((await speech.fetch(`${LIST}?team_id=team_1`)).status).toBe(403)
  const viewer = await heliox.as('viewer', ['team_1' as TeamId])
  expect((await put(viewer, one(own, 'no-checkpoint').key, { status: 'accepted' })).status).toBe(403)
})

test('steady on-demand load: a commitment at the customer’s own discount, and the cheaper of its own regions', async () => {
  const heliox = await startHeliox({ now: '2026-02-15T12:00:00Z' })
  const head =
    'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingAccountId,RegionId,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,PricingCategory,ConsumedQuantity,ConsumedUnit,ProviderName,ServiceName,SkuId,SkuPriceDetails'
  const line = (at: number, region: string, paid: number, list: number, pricing: string) =>
    [
      ...[paid, paid, list, 'USD', 'acc', region, '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
      ...[`${day(at)}T00:00:00Z`, `${day(at + 1)}T00:00:00Z`, 'Usage', pricing, 48, 'Hours', 'AWS', 'EC2', 'G6E'],
      '"{""InstanceType"":""g6e.2xlarge"",""GpuCount"":1}"',
    ].join(',')
  const rows = Array.from({ length: 14 }, (_, at) => [
    line(at, 'us-east-1', 72, 96, 'Committed'),
    line(at, 'eu-central-1', 120, 120, 'Standard'),
  ]).flat()
  expect((await heliox.send('focus-csv', [head, ...rows].join('\n'))).result.failed).toBe(0)
  const answer = await ask(heliox)
  // 48 on-demand GPU-hours a day are 2 GPUs at $2.50; 25 % off list is what the committed ones cost: 48 × 0.625 × 30.
  expect(one(answer, 'commitment')).toMatchObject({ title: 'Commit to 2 aws l40s', saving_usd: '900.00' })
  // $2.50 − $1.50 in us-east-1, or less at another provider.
  const place = answer.recommendations.filter((row: Answer) => row.kind === 'cheaper-place')
  expect(place.find((row: Answer) => row.title.includes('eu-central-1'))).toBeDefined()
})

test('tokens: a smaller model of the family, and prompts that come again, only where words are kept', async () => {
  const heliox = await world()
  await metered(heliox, {
    day: day(3),
    model: 'gpt-4o',
    teamId: 'team_1' as TeamId,
    input: 1_000_000,
    costNanoUsd: nano('2.5'),
  })
  const answer = await ask(heliox)
  // The dated list's gpt-4o-mini: $0.15 for a million.
  expect(one(answer, 'model-swap')).toMatchObject({ window_saving_usd: '2.35', confidence: 'low', team_id: 'team_1' })
  expect(one(answer, 'model-swap').formula).toContain('as of 2026')
  expect(one(answer, 'repeated-prompts')).toBeUndefined()
  expect(answer.not_looked).toContainEqual(expect.objectContaining({ kind: 'repeated-prompts', thing: '1 calls' }))
})
