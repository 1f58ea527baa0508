import { sql } from 'drizzle-orm'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { ruleJobs } from './rule-jobs.ts'

const HEADER = [
  ...['BilledCost', 'EffectiveCost', 'ListCost', 'BillingCurrency', 'BillingAccountId', 'BillingPeriodStart'],
  ...['ChargePeriodStart', 'ChargePeriodEnd', 'ChargeCategory', 'ProviderName', 'SubAccountId', 'ChargeDescription'],
  ...['ServiceCategory', 'SkuId'],
].join(',')
const DAY = 'start=2026-01-05&end=2026-01-05'

/** A line of the hour that begins at `hour`, of an account. */
function line(account: string, cost: number, hour: string, more: { list?: string; invoiced?: string } = {}): string {
  const { list = '', invoiced = 'A' } = more
  const end = new Date(Date.parse(hour) + 3_600_000).toISOString()
  return [
    ...[cost, cost, list, 'USD', invoiced, '2026-01-01', hour, end, 'Usage', 'aws', account],
    ...['p5.48xlarge GPU hours', 'Compute', `sku-${account}-${cost}`],
  ].join(',')
}

function jobFile(jobs: readonly object[]): string {
  const usual = { team_name: 'ml', provider: 'aws', gpu_type: 'h100', status: 'completed' }
  const times = { start_time: '2026-01-05T10:00:00Z', end_time: '2026-01-05T11:00:00Z' }
  return JSON.stringify({ jobs: jobs.map((job) => ({ ...usual, ...times, ...job })) })
}

/** The account `shared` is given to ops by a rule; ml has the only job. */
async function company(lines: readonly string[]): Promise<TestHeliox> {
  const heliox = await startHeliox()
  for (const name of ['ml', 'ops']) await heliox.write('POST', '/api/v1/teams', { name })
  await heliox.send('focus-csv', [HEADER, ...lines].join('\n'))
  await heliox.send('jobs-json', jobFile([{ job_id: 'a' }]))
  const owner = { kind: 'team', teams: [{ team_id: 'team_2' }] }
  await heliox.write('POST', '/api/v1/owner-rules', { field: 'account', pattern: 'shared', owner })
  await heliox.write('POST', '/api/v1/owner-rules/apply')
  return heliox
}

type Reader = { fetch: TestHeliox['fetch'] }
/** Cost by team, or the code of the refusal. */
async function byTeam({ fetch }: Reader, query = ''): Promise<unknown> {
  const answer = await fetch(`/api/v1/analytics/explore?${DAY}&group_by=team${query}`)
  const body = (await answer.json()) as {
    rows: { names: string[]; total_cost_usd: string }[]
    error: { code: string }
  }
  if (answer.status !== 200) return body.error.code
  return Object.fromEntries(body.rows.map(({ names, total_cost_usd: cost }) => [names[0], cost]))
}

test('what a rule gave a team without jobs is refused in another zone, never told as nothing', async () => {
  const heliox = await company([line('own', 40, '2026-01-05T10:00:00Z'), line('shared', 60, '2026-01-05T10:00:00Z')])
  const developer = await heliox.as('developer', ['team_2' as TeamId])
  expect(await byTeam(heliox, '&team_id=team_2')).toEqual({ ops: '60.00' })
  expect(await byTeam(heliox, '&team_id=team_2&time_zone=Europe/Berlin')).toBe('analytics.no_hours')
  expect(await byTeam(developer, '&time_zone=Europe/Berlin')).toBe('analytics.no_hours')
})

test('a charge of a rule and its credit that cancel in UTC are not somebody else’s in another zone', async () => {
  const hours = ['2026-01-05T10:00:00Z', '2026-01-05T23:00:00Z'] as const
  const heliox = await company([line('own', 40, hours[0]), line('shared', 60, hours[0]), line('shared', -60, hours[1])])
  expect(await byTeam(heliox)).toEqual({ ml: '40.00' })
  expect(await byTeam(heliox, '&time_zone=Europe/Berlin')).toBe('analytics.no_hours')
})

test('list cost beyond what the ledger can hold is refused with its bill, and stops nobody else', async () => {
  const heliox = await startHeliox()
  const sent: number[] = []
  for (let day = 10; day < 22; day += 1) {
    const dear = line('a', 1, `2026-01-${day}T10:00:00Z`, { list: '999999999', invoiced: `A${day}` })
    sent.push((await heliox.send('focus-csv', [HEADER, dear].join('\n'))).httpStatus)
  }
  expect([sent.slice(0, 8).every((status) => status === 200), sent.slice(-2)]).toEqual([true, [400, 400]])
  const jobs = Array.from({ length: 12 }, (_, at) => ({
    job_id: `j${at}`,
    start_time: `2026-01-${at + 10}T10:00:00Z`,
    end_time: `2026-01-${at + 10}T11:00:00Z`,
  }))
  expect((await heliox.send('jobs-json', jobFile(jobs))).httpStatus).toBe(200)
})

test('rules on jobs go by the rows of a chunk, not through every job for each', async () => {
  const { db } = await startHeliox()
  const { sql: text } = new SQLiteAsyncDialect().sqlToQuery(ruleJobs(sql`select job_id as id from changed_jobs`))
  const { rows } = await db.$client.execute(`explain query plan ${text}`)
  const plan = rows.map(({ detail }) => String(detail))
  expect(plan.filter((step) => /^SCAN (jobs|j)\b/.test(step))).toEqual([])
  expect(plan).toContain('SEARCH j USING INTEGER PRIMARY KEY (rowid=?)')
})
