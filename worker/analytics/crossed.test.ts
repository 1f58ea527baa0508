import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { crossed } from './crossed.ts'

const sum = (parts: readonly (bigint | undefined)[]) => parts.reduce<bigint>((a, b) => a + (b ?? 0n), 0n)

test('both borders are exact for any amounts, credits and weights, and neighbours together are one group', () => {
  const amount = fc.oneof(fc.bigInt(-9n, 9n), fc.bigInt(-(10n ** 18n), 10n ** 18n))
  const some = fc.array(amount, { minLength: 2, maxLength: 7 })
  fc.assert(
    fc.property(some, some, fc.array(fc.bigInt(0n, 10n ** 14n), { minLength: 7, maxLength: 7 }), (bill, owned, all) => {
      const weights = all.slice(0, owned.length)
      const owners = [...owned.slice(1), sum(bill) - sum(owned.slice(1))]
      const cells = crossed({ charges: bill, owners, weights })
      expect(cells.map(sum)).toEqual(bill)
      expect(owners.map((_, j) => sum(cells.map((row) => row[j])))).toEqual(owners)
      const [one = 0n, two = 0n, ...rest] = bill
      const merged = crossed({ charges: [one + two, ...rest], owners, weights })
      expect(merged[0]).toEqual(owners.map((_, j) => (cells[0]?.[j] ?? 0n) + (cells[1]?.[j] ?? 0n)))
      expect(merged.slice(1)).toEqual(cells.slice(2))
    }),
    { numRuns: 2000, seed: 1 },
  )
})

test('one nano-dollar over three teams that held the same goes to whom rounding says, once', () => {
  // F of the first charge: round(1/3), round(2/3), 1 → 0, 1, 1; what is left of the owners' 1, 1, 1 is the second's.
  expect(crossed({ charges: [1n, 2n], owners: [1n, 1n, 1n], weights: [5n, 5n, 5n] })).toEqual([
    [0n, 1n, 0n],
    [1n, 0n, 1n],
  ])
  expect(crossed({ charges: [5n, -5n], owners: [0n], weights: [0n] })).toEqual([[5n], [-5n]])
})

const HEADER =
  'BilledCost,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ServiceProviderName,x_HelioxGpuType,x_HelioxExport,x_HelioxGpuHours,SubAccountId,Tags'
const charge = (cost: string, account: string, hours: string, tags = '') =>
  `${cost},USD,2026-01-01,Usage,2026-01-01T00:00:00Z,aws,h100,costs,${hours},${account},${tags}`

test('accounts × teams: 300 and 100 dollars over 3 and 1 GPU-hours of 8, on both bases, worked out by hand', async () => {
  const { send, trpc } = await startHeliox()
  await send(
    'focus-csv',
    [HEADER, charge('300', 'prod', '8'), charge('100', 'dev', '', '"{""env"":""x""}"')].join('\n'),
  )
  const job = (id: string, hours: number) =>
    `${id},${id},aws,h100,2026-01-01T00:00:00Z,2026-01-01T0${hours}:00:00Z,completed`
  await send(
    'jobs-csv',
    ['job_id,team_name,provider,gpu_type,start_time,end_time,status', job('a', 3), job('b', 1)].join('\n'),
  )
  const ask = async (more: object) => {
    const asked = { start: '2026-01-01', end: '2026-01-01', groupBy: ['account', 'team'], ...more }
    const { rows } = await trpc.analytics.explore.query(asked as never)
    return rows.map(({ names, totalCostUsd, jobCount }) => [...names, totalCostUsd, jobCount])
  }
  expect(await ask({})).toEqual([
    ['prod', 'a', '225.00', null], // 300 × 3/4
    ['dev', 'a', '75.00', null],
    ['prod', 'b', '75.00', null],
    ['dev', 'b', '25.00', null],
  ])
  expect(await ask({ basis: 'usage' })).toEqual([
    ['prod', 'a', '112.50', null], // 300 × 3/8
    ...[
      ['dev', 'a', '37.50', null],
      ['prod', 'b', '37.50', null],
      ['dev', 'b', '12.50', null],
    ],
    ['prod', '__idle__', '150.00', null],
    ['dev', '__idle__', '50.00', null],
  ])
  expect(await ask({ basis: 'exposure' })).toEqual([
    ['prod', 'a', '300.00', null],
    ['prod', 'b', '300.00', null],
    ['dev', 'a', '100.00', null],
    ['dev', 'b', '100.00', null],
  ])
  expect(await ask({ groupBy: ['tag:env'], teamId: ['team_1'] })).toEqual([
    ['', '225.00', null],
    ['x', '75.00', null],
  ])
  expect(await ask({ groupBy: ['team'], account: ['dev'], tag: ['env=x', 'env=y'] })).toEqual([
    ['a', '75.00', null],
    ['b', '25.00', null],
  ])
})
