import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type NanoUsd, usdText } from '../db/units/money.ts'
import { nano, startHeliox, type TestHeliox } from './testing.ts'

const WINDOW = { start: '2026-01-25', end: '2026-02-15' }
const POOLS = [
  { provider: 'aws', gpu_type: 'h100' },
  { provider: 'AWS', gpu_type: 'A100' },
  { provider: 'gcp', gpu_type: 'h100' },
]

const pick = fc.nat({ max: 30 })
const pool = fc.constantFrom(...POOLS)
const time = fc.integer({ min: 0, max: 8 * 24 * 60 }).map((minute) => Date.UTC(2026, 0, 31) + minute * 60_000)
const times = fc.tuple(time, fc.option(fc.integer({ min: 0, max: 4000 }))).map(([start, minutes]) => ({
  start_time: new Date(start).toISOString(),
  end_time: minutes === null ? null : new Date(start + minutes * 60_000).toISOString(),
  status: minutes === null ? 'running' : 'completed',
}))
const job = fc
  .tuple(pool, times, fc.integer({ min: 0, max: 9 }))
  .map(([p, t, gpu_count]) => ({ ...p, ...t, gpu_count }))
const amount = fc.bigInt(1n, 999_999_999_999_999_999n).map((n) => usdText(n as NanoUsd))
const cost = fc
  .tuple(pool, fc.integer({ min: 1, max: 6 }), amount, fc.option(fc.integer({ min: 0, max: 300 })))
  .map(([p, day, cost_usd, gpu_hours]) => ({ ...p, date: `2026-02-0${day}`, cost_usd, gpu_hours }))

const edit = fc.oneof(
  fc.record({ what: fc.constant('createTeam' as const) }),
  fc.record({ what: fc.constant('removeTeam' as const), pick }),
  fc.record({ what: fc.constant('createJob' as const), pick, fields: job }),
  fc.record({ what: fc.constant('createJob' as const), pick, fields: job }),
  fc.record({ what: fc.constant('updateJob' as const), pick, fields: fc.oneof(job, times, pool) }),
  fc.record({ what: fc.constant('removeJob' as const), pick }),
  fc.record({ what: fc.constant('createCost' as const), fields: cost }),
  fc.record({ what: fc.constant('createCost' as const), fields: cost }),
  fc.record({ what: fc.constant('updateCost' as const), pick, fields: cost }),
  fc.record({ what: fc.constant('updateCost' as const), pick, fields: amount.map((cost_usd) => ({ cost_usd })) }),
  fc.record({ what: fc.constant('removeCost' as const), pick }),
)
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never

/** One edit by REST, of whichever thing there is; answers the status, 0 where there was nothing to edit. */
async function apply({ write, db }: TestHeliox, one: Edit, turn: number): Promise<number> {
  const some = async (table: string, prefix: string): Promise<string | null> => {
    const rows = await db.all<{ id: bigint }>(sql.raw(`select id from ${table} order by id`))
    const row = 'pick' in one ? rows[one.pick % Math.max(1, rows.length)] : undefined
    return row ? `${prefix}_${row.id}` : null
  }
  const call = async (method: string, path: string, id: string | null, body?: object) =>
    id === null ? 0 : (await write(method, `/api/v1/${path}/${id}`, body)).status
  if (one.what === 'createTeam') return (await write('POST', '/api/v1/teams', { name: `team ${turn}` })).status
  if (one.what === 'removeTeam') return call('DELETE', 'teams', await some('teams', 'team'))
  if (one.what === 'updateJob') return call('PUT', 'jobs', await some('jobs', 'job'), one.fields)
  if (one.what === 'removeJob') return call('DELETE', 'jobs', await some('jobs', 'job'))
  if (one.what === 'createCost') return (await write('POST', '/api/v1/costs', one.fields)).status
  if (one.what === 'updateCost') return call('PUT', 'costs', await some('cost_entries', 'cost'), one.fields)
  if (one.what === 'removeCost') return call('DELETE', 'costs', await some('cost_entries', 'cost'))
  const team = await some('teams', 'team')
  return team
    ? (await write('POST', '/api/v1/jobs', { ...one.fields, job_id: `job ${turn}`, team_id: team })).status
    : 0
}

/** The parts of both bases against the entries themselves, and the ledger against one that is shared from nothing. */
async function check({ trpc, db }: TestHeliox): Promise<void> {
  const [bill] = await db.all<{ total: bigint }>(
    sql`select coalesce(sum(effective_nano_usd), 0) as total from ledger_costs`,
  )
  for (const basis of ['allocation', 'usage'] as const) {
    const both = await trpc.analytics.reconciliation.query({ ...WINDOW, basis })
    expect(both).toMatchObject({ differenceUsd: '0.00', stalePoolDays: 0 })
    expect(nano(both.billedCostUsd ?? '-1')).toBe(bill?.total)
    const { rows, totalCostUsd } = await trpc.analytics.byTeam.query({ ...WINDOW, basis })
    expect(nano(totalCostUsd)).toBe(bill?.total)
    expect(rows.reduce((sum, row) => sum + nano(row.totalCostUsd), 0n)).toBe(bill?.total)
  }
  const [days] = await db.all<{ wrong: bigint }>(sql`
    select count(*) as wrong from pool_days d where held_gpu_ms <> coalesce((
      select sum(gpu_ms) from job_day_shares s where s.day = d.day and s.pool_id = d.pool_id), 0)
    or coalesce(cost_nano_usd, 0) <> coalesce((
      select sum(effective_nano_usd) from ledger_costs c where c.entry_date = d.day and c.pool_id = d.pool_id), 0)`)
  expect(days?.wrong).toBe(0n)
}

test('random edits of jobs, costs and teams: after each of them every list adds up to the entries, on both bases', async () => {
  const statuses = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 8, maxLength: 30 }), async (edits) => {
      const heliox = await startHeliox({ now: '2026-02-05T13:37:11Z' })
      for (const name of ['a', 'b']) await heliox.write('POST', '/api/v1/teams', { name })
      for (const [turn, one] of edits.entries()) {
        const status = await apply(heliox, one, turn)
        statuses.set(`${one.what} ${status}`, (statuses.get(`${one.what} ${status}`) ?? 0) + 1)
        expect([0, 200, 201, 204, 400, 409]).toContain(status)
        await check(heliox)
      }
    }),
    { numRuns: 30, seed: 20260205 },
  )
  // Every kind of edit took place, many times, and few were refused.
  const kinds = [
    'createJob 201',
    'updateJob 200',
    'removeJob 204',
    'createCost 201',
    'updateCost 200',
    'removeCost 204',
  ]
  for (const kind of ['createTeam 201', 'removeTeam 204', ...kinds])
    expect([kind, (statuses.get(kind) ?? 0) > 10]).toEqual([kind, true])
}, 240_000)

test('an update that changes nothing is no line of the audit log', async () => {
  const { write, db } = await startHeliox()
  const made = { date: '2026-01-13', provider: 'aws', gpu_type: 'h100' }
  await write('POST', '/api/v1/teams', { name: 'ml', budget_usd: '10' })
  await write('POST', '/api/v1/costs', { ...made, cost_usd: 1 })
  await write('POST', '/api/v1/usage', { ...made, gpu_hours: 2 })
  const noted = async () => (await db.all(sql`select * from audit_log where action like '%.update'`)).length
  for (const path of ['teams/team_1', 'costs/cost_1', 'usage/usage_1']) {
    const { body } = await write('GET', `/api/v1/${path}`)
    expect([path, (await write('PUT', `/api/v1/${path}`, body)).status, await noted()]).toEqual([path, 200, 0])
  }
  await write('PUT', '/api/v1/teams/team_1', { budget_usd: '11' })
  await write('PUT', '/api/v1/costs/cost_1', { cost_usd: 2 })
  await write('PUT', '/api/v1/usage/usage_1', { gpu_hours: 3 })
  expect(await noted()).toBe(3)
})
