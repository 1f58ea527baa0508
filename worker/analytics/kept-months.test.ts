import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { addDays, type Day, daysIn } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { addedUp, daysOf, monthsWithin } from './kept-months.ts'
import type { Cell } from './ledger.ts'

const HEADER =
  'BilledCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ServiceProviderName,x_HelioxGpuType,x_HelioxExport,x_HelioxGpuHours,SubAccountId'
const charge = (day: string, usd: string, account: string) =>
  `${usd},USD,${day.slice(0, 7)}-01,Usage,${day}T00:00:00Z,aws,h100,costs,8,${account}`
const DAYS = ['2025-11-30', '2025-12-01', '2025-12-31', '2026-01-01', '2026-01-15', '2026-02-01', '2026-02-28']

async function start(): Promise<TestHeliox> {
  const heliox = await startHeliox()
  const rows = DAYS.flatMap((day, at) => [charge(day, `${at + 1}.000000001`, 'prod'), charge(day, '3', 'dev')])
  await heliox.send('focus-csv', [HEADER, ...rows].join('\n'))
  const job = (id: string, team: string, day: string) =>
    `${id},${team},aws,h100,${day}T00:00:00Z,${day}T02:00:00Z,completed`
  const jobs = DAYS.flatMap((day, at) => [job(`a${at}`, 'alpha', day), job(`b${at}`, at % 2 ? 'beta' : 'alpha', day)])
  await heliox.send('jobs-csv', ['job_id,team_name,provider,gpu_type,start_time,end_time,status', ...jobs].join('\n'))
  return heliox
}

type Ask = { start: string; end: string; groupBy: string[]; basis?: string }
const ask = ({ trpc }: Pick<TestHeliox, 'trpc'>, asked: Ask) => trpc.analytics.explore.query(asked as never)
const GROUPS = [['account'], ['account', 'team'], ['account', 'gpu_type'], ['account', 'status']]

/** The answer of somebody who keeps no months: each day asked alone, added up. */
async function inDays(heliox: TestHeliox, { start, end, ...more }: Ask): Promise<Map<string, bigint>> {
  const sums = new Map<string, bigint>()
  for (const day of daysIn({ from: start as Day, before: addDays(end as Day, 1) }))
    for (const [key, cost] of totalsOf(await ask(heliox, { start: day, end: day, ...more })))
      sums.set(key, (sums.get(key) ?? 0n) + cost)
  return new Map([...sums].filter(([, cost]) => cost !== 0n))
}

function totalsOf({ rows }: Awaited<ReturnType<typeof ask>>): Map<string, bigint> {
  return new Map(
    rows.map(({ names, totalCostUsd }) => [
      names.join(),
      BigInt(totalCostUsd.padEnd(3, '0').replace(/\.(\d+)$/, (_, digits: string) => digits.padEnd(9, '0'))),
    ]),
  )
}

test('ranges of months and odd days are what their days are together, whichever months were kept before', async () => {
  const heliox = await start()
  for (const groupBy of GROUPS)
    for (const [start, end] of [
      ['2025-11-30', '2026-02-28'],
      ['2025-12-01', '2026-01-31'],
      ['2025-12-02', '2026-02-27'],
    ] as const) {
      const asked = { start, end, groupBy }
      expect([asked, totalsOf(await ask(heliox, asked))]).toEqual([asked, await inDays(heliox, asked)])
    }
})

test('what changes one month reads that month again, and no other', async () => {
  const heliox = await start()
  const asked = { start: '2025-11-30', end: '2026-02-28', groupBy: ['account', 'team'] }
  const total = async () => (await ask(heliox, asked)).totalCostUsd
  const batches = async (work: () => Promise<unknown>) => {
    const spy = vi.spyOn(heliox.db.$client, 'batch')
    await work()
    const reads = spy.mock.calls.filter(([, mode]) => mode === 'read').length
    spy.mockRestore()
    return reads
  }
  expect(await total()).toBe('49.000000007')
  const bill = [HEADER, charge('2026-01-15', '100', 'prod'), charge('2026-01-15', '3', 'dev')].join('\n')
  await heliox.send('focus-csv', bill)
  expect(await batches(total)).toBe(3) // what is kept turns out to be old, January is read, and then all else
  expect(await total()).toBe('137.000000005') // January's bill is another one
  await heliox.write('PUT', '/api/v1/teams/team_1', { name: 'gamma' })
  expect((await ask(heliox, asked)).rows.map(({ names }) => names[1])).toContain('gamma')
})

test('whole months and edges make up the window, without a day twice', () => {
  const day = fc.integer({ min: 0, max: 900 }).map((at) => addDays('2024-01-01' as Day, at))
  fc.assert(
    fc.property(day, fc.integer({ min: 1, max: 500 }), (from, length) => {
      const window = { from, before: addDays(from, length) }
      const { months, edges } = monthsWithin(window)
      const days = [...months.map(daysOf), ...edges].flatMap((part) => daysIn(part))
      expect(days.toSorted()).toEqual(daysIn(window))
    }),
  )
})

test('cells in the same place are one; what a credit takes back is absent', () => {
  const cell = (account: string, cost: bigint) =>
    ({ period: null, names: [account], kind: 'owner', teamId: null, costNanoUsd: cost }) as unknown as Cell
  const sums = addedUp([[cell('a', 5n), cell('b', 2n)], [cell('b', -2n)], [cell('a', 1n)]])
  expect(sums.map(({ names, costNanoUsd }) => [names[0], costNanoUsd])).toEqual([['a', 6n]])
})
