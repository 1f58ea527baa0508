import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { tick } from '../monitoring/tick.ts'
import { startHeliox } from '../testing.ts'
import { checkLedger, LedgerCheck } from './check-ledger.ts'
import { clear, NOW } from './testing.ts'
import { history, ledgerOf, live } from './testing-history.ts'

test('whatever happened to an estate, its ledger holds, and looking at it writes nothing', async () => {
  const heliox = await startHeliox({ now: NOW })
  let [days, jobs] = [0, 0]
  await fc.assert(
    fc.asyncProperty(history, async (random) => {
      await clear(heliox)
      await live(heliox, random)
      const before = await ledgerOf(heliox)
      const check = LedgerCheck.parse(await checkLedger(heliox.scope, 'everything'))
      expect(check.findings).toEqual([])
      expect((await checkLedger(heliox.scope, 'sample')).findings).toEqual([])
      expect(await ledgerOf(heliox)).toEqual(before)
      days += check.dayCount
      jobs += check.jobCount
    }),
    { numRuns: 60, seed: 20260304 },
  )
  expect([days > 200, jobs > 200]).toEqual([true, true])
}, 240_000)

const BILL = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-10,aws,h100,100,24\n2026-02-11,aws,h100,50,24'
const job = (id: string, start: string, end: string | null, status = 'completed') => ({
  ...{ job_id: id, team_name: 'vision', model_name: 'vit', provider: 'aws', gpu_type: 'h100' },
  ...{ start_time: start, end_time: end, status },
})

/** One pool, $100 and $50, a job of 18 hours over midnight and one that has run for an hour. */
async function estate() {
  const heliox = await startHeliox({ now: '2026-02-11T13:00:00Z' })
  await heliox.send('cost-csv', BILL)
  const jobs = [
    job('over', '2026-02-10T12:00:00Z', '2026-02-11T06:00:00Z'),
    job('runs', '2026-02-11T12:00:00Z', null, 'running'),
  ]
  await heliox.send('jobs-json', JSON.stringify({ jobs }))
  const header =
    'BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory'
  await heliox.send(
    'focus-csv',
    `${header}\n10,10,USD,2026-02-01,2026-02-12T00:00:00Z,Usage,aws,"p5.48xlarge GPU hours",Compute`,
  )
  await tick(heliox.scope)
  return heliox
}

const DAMAGE: [rule: string, what: string, statement: string, example: string][] = [
  [
    'cost',
    'a cost that is not on the bill',
    `update pool_days set cost_nano_usd = 90000000000, unallocated_nano_usd = unallocated_nano_usd - 10000000000, idle_nano_usd = idle_nano_usd - 10000000000 where day = '2026-02-10'`,
    '2026-02-10 aws h100: $90.00 instead of $100.00',
  ],
  [
    'cost',
    'a bill line without a pool-day',
    `update cost_entries set effective_nano_usd = 1 where entry_date = '2026-02-11'`,
    '2026-02-11 aws h100: $50.00 instead of $0.000000001',
  ],
  [
    'bill_sums',
    'a bill that is more than its lines',
    `update bill_days set effective_nano_usd = 11000000000`,
    '2026-02-12 aws h100, bill_1: $11.00 instead of $10.00',
  ],
  [
    'parts_allocation_effective',
    'a part too many',
    `update pool_days set unallocated_nano_usd = 1 where day = '2026-02-10'`,
    '2026-02-10 aws h100: $100.000000001 instead of $100.00',
  ],
  [
    'parts_usage_effective',
    'idle cost that is gone',
    `update pool_days set idle_nano_usd = 0 where day = '2026-02-10'`,
    '2026-02-10 aws h100: $50.00 instead of $100.00',
  ],
  [
    'parts_usage_billed',
    'of the invoice',
    `update pool_days set idle_billed_nano_usd = 0 where day = '2026-02-10'`,
    '2026-02-10 aws h100: $50.00 instead of $100.00',
  ],
  [
    'parts_allocation_list',
    'of list cost',
    `update ledger_cells set allocation_list_nano_usd = 3 where day = '2026-02-10'`,
    '2026-02-10 aws h100: $0.000000003 instead of $0.00',
  ],
  [
    'held',
    'held time that no job held',
    `update pool_days set held_gpu_ms = held_gpu_ms + 3600000 where day = '2026-02-10'`,
    '2026-02-10 aws h100: 13 GPU-hours instead of 12 GPU-hours',
  ],
  [
    'cells',
    'an owner that pays less than its jobs',
    `update job_day_shares set allocation_nano_usd = 7 where day = '2026-02-10'`,
    '2026-02-10 aws h100, owner 1: $100.00 instead of $0.000000007',
  ],
  [
    'rollup_tm',
    'a sum per day',
    `update ledger_rollups set job_count = 9 where cube = 'tm' and period = '2026-02-10'`,
    '2026-02-10: pool_id 0, team_id 1, model_id 1, status 0',
  ],
  [
    'rollup_PT',
    'a sum per month',
    `delete from ledger_rollups where cube = 'PT'`,
    '2026-02: pool_id 1, team_id 1, model_id 0, status 0: nothing instead of $150.00',
  ],
  [
    'job_days',
    'a day that is gone',
    `delete from job_day_shares where day = '2026-02-10'`,
    'job_1 (over): days missing: 1, days too many: 0',
  ],
  [
    'job_days',
    'a day that no job held',
    `update job_day_shares set day = '2026-03-01' where day = '2026-02-10'`,
    'job_1 (over): days missing: 1, days too many: 1',
  ],
  [
    'job_days',
    'a job without an owner',
    `delete from owners where status = 3`,
    'job_1 (over): days missing: 2, days too many: 2',
  ],
]

test.each(DAMAGE)('%s: %s is found and named', async (rule, _what, statement, example) => {
  const heliox = await estate()
  expect((await checkLedger(heliox.scope, 'everything')).findings).toEqual([])
  await heliox.db.$client.execute(statement)
  for (const reach of ['everything', 'sample', { from: '2026-02-01' as Day, before: '2026-03-05' as Day }] as const) {
    const { holds, findings } = await checkLedger(heliox.scope, reach)
    expect(holds).toBe(false)
    expect(findings.find((finding) => finding.rule === rule)).toMatchObject({ count: 1, examples: [example] })
  }
})

test('pool-days may wait to be shared, but not for longer than fifteen minutes', async () => {
  const heliox = await estate()
  await heliox.db.run(sql`update pool_days set is_stale = 1 where day = '2026-02-10'`)
  expect((await checkLedger(heliox.scope, 'everything')).holds).toBe(true)
  heliox.moveTo('2026-02-11T13:20:00Z')
  expect((await checkLedger(heliox.scope, 'everything')).findings).toMatchObject([
    { rule: 'waiting', count: 1, examples: ['2026-02-10 aws h100'] },
  ])
})

test('an empty ledger holds', async () => {
  const heliox = await startHeliox()
  expect(await checkLedger(heliox.scope, 'everything')).toMatchObject({
    holds: true,
    startDate: null,
    dayCount: 0,
    jobCount: 0,
  })
})
