import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type Day, type EpochMs, startOf } from '../../db/units/time.ts'
import type { TestHeliox } from '../testing.ts'

export const FIRST = '2026-02-01' as Day
export const DAYS = 6
export const NOW = '2026-02-05T13:37:11Z'
export const POOLS = [
  { provider: 'aws', gpuType: 'h100' },
  { provider: 'aws', gpuType: 'a100' },
  { provider: 'gcp', gpuType: 'h100' },
]

type Cost = { pool: number; day: number; nanoUsd: bigint; capacityHours: number | null }
type Job = { pool: number; team: number; model: number; gpus: number; startMinute: number; minutes: number | null }
export type Estate = { costs: Cost[]; jobs: Job[] }

const poolIndex = fc.integer({ min: 0, max: POOLS.length - 1 })
const cost = fc.record({
  pool: poolIndex,
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  nanoUsd: fc.oneof(fc.bigInt(1n, 40n), fc.bigInt(1n, 9_000_000_000_000_000n)),
  capacityHours: fc.option(fc.integer({ min: 0, max: 300 })),
})
export const job = fc.record({
  pool: poolIndex,
  team: fc.integer({ min: 0, max: 2 }),
  model: fc.integer({ min: 0, max: 2 }),
  gpus: fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 1, max: 999 }).map((milli) => milli / 1000),
  ),
  startMinute: fc.integer({ min: -600, max: DAYS * 1440 }),
  minutes: fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 4000 }))),
})
/** Bills and jobs of a few days, pools and teams, as they may come. */
export const estate = fc.record({
  costs: fc.uniqueArray(cost, { maxLength: 10, selector: ({ pool, day }) => `${pool} ${day}` }),
  jobs: fc.array(job, { maxLength: 12 }),
})

export function costFile({ costs }: Estate): string {
  const rows = costs.map(({ pool, day, nanoUsd: amount, capacityHours }) => {
    const { provider, gpuType } = POOLS[pool]!
    return [addDays(FIRST, day), provider, gpuType, usdText(nanoUsd(amount)), capacityHours ?? ''].join(',')
  })
  return ['date,provider,gpu_type,cost_usd,gpu_hours', ...rows].join('\n')
}

export const startOfJob = ({ startMinute }: Job) => (startOf(FIRST) + startMinute * 60_000 + 7_123) as EpochMs
export const endOfJob = (one: Job) =>
  one.minutes === null ? null : ((startOfJob(one) + one.minutes * 60_000) as EpochMs)

export const nameOfJob = (index: number) => `job-${String(index).padStart(2, '0')}`

export function jobFile({ jobs }: Estate): string {
  return JSON.stringify({
    jobs: jobs.map((one, index) => ({
      job_id: nameOfJob(index),
      team_name: `team-${one.team}`,
      model_name: `model-${one.model}`,
      ...{ provider: POOLS[one.pool]!.provider, gpu_type: POOLS[one.pool]!.gpuType, gpu_count: one.gpus },
      start_time: new Date(startOfJob(one)).toISOString(),
      end_time: one.minutes === null ? null : new Date(endOfJob(one)!).toISOString(),
      status: one.minutes === null ? 'running' : 'completed',
    })),
  })
}

/** All days that an estate can touch. */
export const window = { start: addDays(FIRST, -2), end: addDays(FIRST, DAYS + 2) }

export async function clear({ db }: TestHeliox): Promise<void> {
  for (const table of [
    'job_day_shares',
    'ledger_cells',
    'ledger_rollups',
    'pool_days',
    'owners',
    'models',
    'cost_entries',
    'bill_days',
    'bill_hours',
    'jobs',
    'imports',
    'pools',
    'teams',
  ])
    await db.run(sql.raw(`delete from ${table}`))
  await db.run(sql`delete from bills where id <> 0`)
}
