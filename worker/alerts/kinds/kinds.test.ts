import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../../db/schema/requests.ts'
import type { TeamId } from '../../../db/units/ids.ts'
import type { NanoUsd } from '../../../db/units/money.ts'
import { dayOf, type EpochMs } from '../../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../../testing.ts'
import { lookAtRule } from '../look-at-rule.ts'
import { checkedParams, type Params } from '../rule-params.ts'
import { alertScope } from '../testing.ts'
import { KINDS } from './index.ts'

/** The titles of what a kind finds now. */
async function found(heliox: TestHeliox, kind: string, params: Params = {}, teamId: TeamId | null = null) {
  const looked = await lookAtRule(alertScope(heliox.scope), { kind, params: checkedParams(kind, params), teamId })
  return looked.map(({ title, teamId: of }) => (of ? `${of}: ${title}` : title))
}

let calls = 0
/** Calls of the gateway that began so many seconds ago. */
async function called(
  heliox: TestHeliox,
  many: number,
  call: Partial<typeof requests.$inferInsert> = {},
  secondsAgo = 60,
) {
  const startedAtMs = (heliox.now() - secondsAgo * 1000) as EpochMs
  const rows = Array.from({ length: many }, () => ({
    ...{
      id: `req_${++calls}`,
      startedAtMs,
      endedAtMs: startedAtMs,
      day: dayOf(startedAtMs),
      endpoint: 'chat.completions',
    },
    ...{
      modelAsked: 'm',
      model: 'm',
      provider: 'openai',
      isStream: false,
      status: 'completed' as const,
      latencyMs: 100,
    },
    ...{ costNanoUsd: 1_000_000_000n as NanoUsd, costGrade: 'computed' as const, httpStatus: 200 },
    ...call,
  }))
  await heliox.db.insert(requests).values(rows)
}

const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'

test('every kind says what it watches, for whom, and its fields have titles', () => {
  expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length)
  for (const kind of KINDS)
    expect([kind.name, kind.describes.length > 20, kind.of.length > 0]).toEqual([kind.name, true, true])
})

test('spend: of complete days by the ledger, and of calls up to now by the hour', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  await expect(found(heliox, 'spend', { aboveUsd: '1' })).rejects.toMatchObject({ code: 'alerts.no_bill' })
  for (const name of ['vision', 'speech']) await heliox.write('POST', '/api/v1/teams', { name })
  await heliox.send('jobs-csv', `${JOBS}a,vision,m,aws,h100,1,2026-03-03T00:00:00Z,2026-03-04T00:00:00Z,completed\n`)
  const lines = [
    '2026-03-02,aws,h100,10',
    '2026-03-03,aws,h100,20',
    '2026-03-04,aws,h100,30',
    '2026-03-05,aws,h100,999',
  ]
  await heliox.send('cost-csv', `date,provider,gpu_type,cost_usd\n${lines.join('\n')}\n`)
  // March 3 and 4: today is not complete.
  expect(await found(heliox, 'spend', { aboveUsd: '49.99', window: 2 })).toEqual(['$50.00 spent in 2 days'])
  expect(await found(heliox, 'spend', { aboveUsd: '50', window: 2 })).toEqual([])
  expect(await found(heliox, 'spend', { aboveUsd: '5', window: 2 }, 'team_1')).toEqual([
    'team_1: $20.00 spent in 2 days',
  ])
  expect(await found(heliox, 'spend', { aboveUsd: '0.01', window: 2 }, 'team_2')).toEqual([])
  await called(heliox, 3, { teamId: 'team_1' as TeamId }, 1800)
  await called(heliox, 5, {}, 7200)
  const hour = { of: 'calls', unit: 'hours', window: 1, aboveUsd: '2' }
  expect(await found(heliox, 'spend', hour)).toEqual(['$3.00 spent in 1 hour'])
  expect(await found(heliox, 'spend', { ...hour, window: 3 })).toEqual(['$8.00 spent in 3 hours'])
  expect(await found(heliox, 'spend', { ...hour, window: 3 }, 'team_2')).toEqual([])
})

test('budget: each mark of a team’s month and of the gateway’s periods', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  await heliox.write('POST', '/api/v1/teams', { name: 'vision', budget_usd: '100' })
  await heliox.send('jobs-csv', `${JOBS}a,vision,m,aws,h100,1,2026-03-03T00:00:00Z,2026-03-04T00:00:00Z,completed\n`)
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-03-03,aws,h100,85\n')
  await heliox.write('POST', '/api/v1/budgets', { scope: 'company', period: 'day', limit_usd: '10', mode: 'soft' })
  await called(heliox, 6)
  const marks = [
    'team_1: vision has spent 50 % of its monthly budget',
    'team_1: vision has spent 80 % of its monthly budget',
  ]
  expect(await found(heliox, 'budget', { of: 'teams' })).toEqual(marks)
  expect(await found(heliox, 'budget', {}, 'team_1')).toEqual(marks)
  expect(await found(heliox, 'budget', { of: 'gateway' })).toEqual([
    '50 % spent of the daily budget of the company, $10.00',
  ])
  expect(await found(heliox, 'budget', { of: 'gateway' }, 'team_1')).toEqual([])
  expect(await found(heliox, 'budget', { of: 'teams', marks: '85 %, 86' })).toEqual([
    'team_1: vision has spent 85 % of its monthly budget',
  ])
  heliox.moveTo('2026-04-01T08:00:00Z')
  expect(await found(heliox, 'budget')).toEqual([])
})

test('idle: what nobody held, as a share and in dollars', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  // 24 GPU-hours are billed, 6 of them held: $75 of $100 were held by nobody.
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-03-04,aws,h100,100,24\n')
  await heliox.write('POST', '/api/v1/teams', { name: 'vision' })
  await heliox.send('jobs-csv', `${JOBS}a,vision,m,aws,h100,1,2026-03-04T00:00:00Z,2026-03-04T06:00:00Z,completed\n`)
  const title = '$75.00 of GPUs did nothing in 1 day, 75 % of the cost'
  expect(await found(heliox, 'idle', { days: 1, atLeast: '75' })).toEqual([title])
  expect(await found(heliox, 'idle', { days: 1, atLeast: '75.01' })).toEqual([])
  expect(await found(heliox, 'idle', { days: 1, atLeast: '75', measure: 'usd' })).toEqual([title])
  expect(await found(heliox, 'idle', { days: 1, atLeast: '75.01', measure: 'usd' })).toEqual([])
})

test('ingest_stale: a source or all imports, from the hour on; where nothing has ever come, nothing is late', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  expect(await found(heliox, 'ingest_stale')).toEqual([])
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-03-04,aws,h100,100\n')
  const source = { name: 'AWS', kind: 'https', config: { url: 'http://127.0.0.1:1/costs.csv' } }
  await heliox.write('POST', '/api/v1/sources', source)
  await heliox.write('POST', '/api/v1/sources', { ...source, name: 'paused', is_enabled: false })
  heliox.moveTo('2026-03-06T20:00:00Z') // 36 hours
  expect(await found(heliox, 'ingest_stale')).toEqual([])
  heliox.moveTo('2026-03-06T20:00:01Z')
  expect(await found(heliox, 'ingest_stale')).toEqual([
    'AWS has brought nothing for 36 hours',
    'No import for 36 hours',
  ])
  expect(await found(heliox, 'ingest_stale', { of: 'imports', hours: 48 })).toEqual([])
  await heliox.db.run(sql`insert into source_runs (source_id, due_at_ms, actor, status, started_at_ms, leased_until_ms)
    values (1, 1, 'clock', 'success', ${BigInt(heliox.now())}, 0)`)
  expect(await found(heliox, 'ingest_stale', { of: 'sources' })).toEqual([])
})

test('error_ratio: above 1 % of failed calls in the window, with calls enough; refusals and hang-ups are no failures', async () => {
  const heliox = await startHeliox()
  await called(heliox, 98)
  await called(heliox, 1, { status: 'failed', httpStatus: 502 })
  await called(heliox, 1, { status: 'cancelled', httpStatus: null })
  await called(heliox, 50, { status: 'failed', httpStatus: 502 }, 301)
  expect(await found(heliox, 'error_ratio')).toEqual([]) // 1 of 100 is not above 1 %
  await called(heliox, 1, { status: 'failed', httpStatus: null, teamId: 'team_1' as TeamId })
  expect(await found(heliox, 'error_ratio')).toEqual(['2 % of calls failed in 5 minutes'])
  expect(await found(heliox, 'error_ratio', { leastCalls: 102 })).toEqual([])
  expect(await found(heliox, 'error_ratio', { leastCalls: 1 }, 'team_1')).toEqual([
    'team_1: 100 % of calls failed in 5 minutes',
  ])
  await called(heliox, 100, { status: 'failed', httpStatus: 400 })
  expect(await found(heliox, 'error_ratio')).toEqual([])
  expect(await found(heliox, 'error_ratio', { of: 'all' })).toEqual(['50.7 % of calls failed in 5 minutes'])
})

test('latency: the 95th percentile by nearest rank, of completed calls', async () => {
  const heliox = await startHeliox()
  await called(heliox, 19, { latencyMs: 100 })
  await called(heliox, 1, { latencyMs: 9_000 })
  await called(heliox, 5, { latencyMs: 60_000, status: 'failed' })
  expect(await found(heliox, 'latency', { aboveMs: 100 })).toEqual([]) // the 19th of 20 took 100 ms
  await called(heliox, 1, { latencyMs: 8_000 })
  expect(await found(heliox, 'latency', { aboveMs: 100 })).toEqual(['p95 latency of 8,000 ms in 5 minutes'])
  expect(await found(heliox, 'latency', { aboveMs: 8_000 })).toEqual([])
  expect(await found(heliox, 'latency', { aboveMs: 100, leastCalls: 22 })).toEqual([])
})

test('unpriced_tokens: models that were called without a price, not the echo', async () => {
  const heliox = await startHeliox()
  const unpriced = { costNanoUsd: null, costGrade: 'unpriced' as const, inputTokens: 10, outputTokens: 5 }
  await called(heliox, 2, { ...unpriced, model: 'new-model', modelAsked: 'new-model', provider: 'own' })
  await called(heliox, 2, { ...unpriced, model: 'echo', modelAsked: 'echo', provider: 'echo' })
  expect(await found(heliox, 'unpriced_tokens')).toEqual(['new-model has no price'])
  expect(await found(heliox, 'unpriced_tokens', { leastCalls: 3 })).toEqual([])
  const price = {
    model: 'new-model',
    input_usd_per_million: '1',
    output_usd_per_million: '2',
    effective_from: '2026-01-01',
  }
  expect((await heliox.write('POST', '/api/v1/prices/models', price)).status).toBe(201)
  expect(await found(heliox, 'unpriced_tokens')).toEqual([])
})

test('reconciliation: a ledger that holds has no difference; one nano-dollar off is told, and so is a check that failed', async () => {
  const heliox = await startHeliox({ now: '2026-03-05T08:00:00Z' })
  expect(await found(heliox, 'reconciliation')).toEqual([])
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-03-04,aws,h100,100\n')
  expect(await found(heliox, 'reconciliation')).toEqual([])
  await heliox.db.run(sql`update pool_days set unallocated_nano_usd = unallocated_nano_usd + 1`)
  expect(await found(heliox, 'reconciliation')).toEqual(['Billed and shared out differ by $0.00'])
  await heliox.db.run(sql`update pool_days set unallocated_nano_usd = unallocated_nano_usd - 1`)
  const check = {
    holds: false,
    findings: [{ rule: 'cost', message: 'A is B', count: 2, examples: [] }],
    finishedAtMs: 1,
  }
  await heliox.db.run(
    sql`insert into company_settings (name, value, changed_at_ms) values ('ledger.check', ${JSON.stringify(check)}, 1)`,
  )
  expect(await found(heliox, 'reconciliation')).toEqual(['The check of the ledger found that it does not hold'])
})
