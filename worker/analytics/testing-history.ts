import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type EpochMs } from '../../db/units/time.ts'
import { tick } from '../monitoring/tick.ts'
import type { TestHeliox } from '../testing.ts'
import { costFile, DAYS, type Estate, estate, FIRST, jobFile, NOW, POOLS } from './testing.ts'

/** Tests only. What can happen to an estate after its files came: corrections, removals, edits by hand, time. */
const index = fc.nat({ max: 40 })
const event = fc.oneof(
  fc.record({ what: fc.constant('files' as const), estate }),
  fc.record({
    what: fc.constant('bill' as const),
    lines: fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: DAYS - 1 }),
        pool: fc.integer({ min: 0, max: POOLS.length - 1 }),
        nanoUsd: fc.bigInt(-9_000_000_000_000n, 9_000_000_000_000n),
        hours: fc.option(fc.integer({ min: 1, max: 200 })),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  }),
  fc.record({ what: fc.constant('removeImport' as const), index }),
  fc.record({ what: fc.constant('removeJob' as const), index }),
  fc.record({ what: fc.constant('removeCost' as const), index }),
  fc.record({ what: fc.constant('removeTeam' as const), index }),
  fc.record({
    what: fc.constant('editJob' as const),
    index,
    status: fc.constantFrom('completed', 'failed', 'cancelled'),
  }),
  fc.record({ what: fc.constant('moveJob' as const), index, gpus: fc.integer({ min: 0, max: 9000 }) }),
  fc.record({ what: fc.constant('editCost' as const), index, nanoUsd: fc.bigInt(1n, 9_000_000_000_000n) }),
  fc.record({ what: fc.constant('time' as const), minutes: fc.integer({ min: 1, max: 2000 }) }),
)
export const history = fc.record({ first: estate, events: fc.array(event, { maxLength: 6 }) })
export type History = typeof history extends fc.Arbitrary<infer H> ? H : never

/** Lets a history happen; at its end the clock has ticked. Answers how much of it was done, by kind. */
export async function live(heliox: TestHeliox, { first, events }: History): Promise<string[]> {
  let nowMs = Date.parse(NOW)
  heliox.moveTo(NOW)
  const done: string[] = []
  await send(heliox, first)
  for (const one of events) {
    if (one.what === 'time') {
      nowMs += one.minutes * 60_000
      heliox.moveTo(new Date(nowMs as EpochMs).toISOString())
      await tick(heliox.scope)
      done.push('time')
    } else if (await happen(heliox, one)) done.push(one.what)
  }
  await tick(heliox.scope)
  return done
}

async function send(heliox: TestHeliox, files: Estate): Promise<void> {
  if (files.costs.length > 0) await heliox.send('cost-csv', costFile(files))
  if (files.jobs.length > 0) await heliox.send('jobs-json', jobFile(files))
}

async function happen(heliox: TestHeliox, one: Exclude<History['events'][number], { what: 'time' }>): Promise<boolean> {
  if (one.what === 'files') {
    await send(heliox, one.estate)
    return true
  }
  if (one.what === 'bill') return (await heliox.send('focus-csv', focusFile(one.lines))).httpStatus < 300
  const some = async (table: string, prefix: string) => {
    const rows = await heliox.db.all<{ id: bigint }>(sql.raw(`select id from ${table} order by id`))
    const row = rows[one.index % Math.max(1, rows.length)]
    return row ? `${prefix}_${row.id}` : `${prefix}_999999`
  }
  const ask = async (method: string, path: string, body?: object) =>
    (await heliox.write(method, `/api/v1/${path}`, body)).status < 300
  if (one.what === 'removeImport') return ask('DELETE', `imports/${await some('imports', 'imp')}`)
  if (one.what === 'removeJob') return ask('DELETE', `jobs/${await some('jobs', 'job')}`)
  if (one.what === 'removeCost') return ask('DELETE', `costs/${await some('cost_entries', 'cost')}`)
  if (one.what === 'removeTeam') return ask('DELETE', `teams/${await some('teams', 'team')}`)
  if (one.what === 'editJob') return ask('PUT', `jobs/${await some('jobs', 'job')}`, { status: one.status })
  if (one.what === 'moveJob')
    return ask('PUT', `jobs/${await some('jobs', 'job')}`, { provider: 'gcp', gpu_count: one.gpus / 1000 })
  return ask('PUT', `costs/${await some('cost_entries', 'cost')}`, { cost_usd: usdText(nanoUsd(one.nanoUsd)) })
}

type Line = { day: number; pool: number; nanoUsd: bigint; hours: number | null }

/** One account's invoice of February: a later one takes its place. Billed is twice the effective cost, list five times. */
function focusFile(lines: readonly Line[]): string {
  const header =
    'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,ChargeDescription,ServiceCategory,ConsumedQuantity,ConsumedUnit,BillingAccountId'
  const rows = lines.map(({ day, pool, nanoUsd: amount, hours }) => {
    const { provider, gpuType } = POOLS[pool]!
    const cost = (times: bigint) => usdText(nanoUsd(amount * times))
    const item = gpuType === 'h100' ? 'p5.48xlarge' : 'p4d.24xlarge'
    return [
      ...[cost(2n), cost(1n), hours === null ? '' : cost(5n), 'USD', '2026-02-01', `${addDays(FIRST, day)}T00:00:00Z`],
      ...['Usage', provider, `"${item} GPU hours"`, 'Compute', hours ?? '', hours === null ? '' : 'Hours', 'acme'],
    ].join(',')
  })
  return [header, ...rows].join('\n')
}

const LEDGER = ['job_day_shares', 'ledger_cells', 'ledger_rollups', 'bill_days', 'owners', 'models']

/** Every row of everything derived, but when it was shared. */
export async function ledgerOf({ db }: Pick<TestHeliox, 'db'>): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {}
  for (const table of LEDGER)
    tables[table] = (await db.$client.execute(`select * from ${table} order by 1, 2`)).rows
      .map((row) => Object.values(row))
      .sort((a, b) => (String(a) < String(b) ? -1 : 1))
  const days = (await db.$client.execute('select * from pool_days order by 1, 2')).rows
  tables.pool_days = days.map(({ shared_at_ms, ...row }) => Object.entries(row))
  return tables
}
