import { z } from 'zod'
import { type Day, daysIn } from '../../db/units/time.ts'
import { AnsweredDay, GpuTime } from '../answer-fields.ts'
import { gpuSecondsAt, type ListPrice, listPriceOf } from '../catalogue/list-price.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { isByOwner } from './conditions.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import { cellsTogether } from './ledger.ts'
import { measuredDays } from './measured-days.ts'
import { isProvisional } from './reconciliation.ts'
import { figuresOf, type PoolDay, UtilizationFigures } from './utilization-figures.ts'
import { type Visible, visibleQuestion } from './visible-question.ts'
import type { Question } from './window.ts'

/** Days × pools of one answer. */
const MOST_POINTS = 50_000

const About = {
  totals: z.object(UtilizationFigures),
  isPartial: z.boolean().describe('True: only the teams of the asker, not the whole company'),
  isProvisional: z.boolean().describe('A job in the window still runs and is counted up to now'),
  how: z.string().describe('What the figures are, and how unknown capacity is estimated'),
}

/** One pool's figures of each day, in the order of `days`, and over all of them. */
export const PoolUse = z.object({
  provider: z.string(),
  gpuType: z.string(),
  points: z.array(
    z.object({
      capacityGpuSeconds: GpuTime.nullable(),
      heldGpuSeconds: GpuTime,
      busyGpuSeconds: GpuTime.nullable(),
      measuredGpuSeconds: GpuTime.nullable(),
      isEstimated: z.boolean(),
    }),
  ),
  totals: z.object(UtilizationFigures),
})
export type PoolUse = z.output<typeof PoolUse>

export const Utilization = z.object({ days: z.array(AnsweredDay), pools: z.array(PoolUse), ...About })
export type Utilization = z.output<typeof Utilization>

/** The same as rows: one per day and pool. */
export const UtilizationRows = z.object({
  rows: z.array(
    z.object({
      date: AnsweredDay,
      provider: z.string(),
      gpuType: z.string(),
      ...UtilizationFigures,
    }),
  ),
  ...About,
})
export type UtilizationRows = z.output<typeof UtilizationRows>

const HOW = [
  'Capacity is the GPU time that was billed; where the bill does not say, it is estimated: what the pool-day cost, divided by the provider’s list price of a GPU-hour (on demand, the cheapest size with whole GPUs of the type, of the catalogue’s list).',
  'Where there is no list price either it is not known, and the pool-day is in no share.',
  'Held is what jobs reserved; busy is what was measured, and where nobody measured it is not known, which is not zero.',
  'The idle share is 1 − held ÷ capacity. Nothing is cut off at 0 or 1: more held than capacity is shown as it is.',
].join(' ')

/**
 * GPU time per pool (provider and GPU type) and day of the window, every day of it: capacity, held and measured to be busy,
 * with totals. Pools with the most held time first. For a part of the owners, as for who sees teams only, it is the time
 * that their jobs held: a pool's capacity and measurement are not theirs, and are null.
 *
 * @throws HelioxError invalid `analytics.too_many_points`, `analytics.no_jobs_there`; what `visibleQuestion` throws
 */
export async function utilization(scope: Scope, asked: Question): Promise<Utilization> {
  const { days, pools, about } = await read(scope, asked)
  return {
    days,
    pools: pools.map(({ provider, gpuType, points }) => ({
      ...{ provider, gpuType, totals: figuresOf(points.filter((point) => point !== null)) },
      points: points.map((point) => {
        const figures = figuresOf(point ? [point] : [])
        const { capacityGpuSeconds, heldGpuSeconds, busyGpuSeconds, measuredGpuSeconds, isEstimated } = figures
        return { capacityGpuSeconds, heldGpuSeconds, busyGpuSeconds, measuredGpuSeconds, isEstimated }
      }),
    })),
    ...about,
  }
}

/** The same, day by day. */
export async function utilizationRows(scope: Scope, asked: Question): Promise<UtilizationRows> {
  const { days, pools, about } = await read(scope, asked)
  const rows = days.flatMap((date, index) =>
    pools.map(({ provider, gpuType, points }) => {
      const point = points[index]
      return { date, provider, gpuType, ...figuresOf(point ? [point] : []) }
    }),
  )
  return { rows, ...about }
}

async function read(scope: Scope, asked: Question) {
  requireFiltersOfJobs(asked)
  const question = visibleQuestion(scope, { ...asked, basis: 'allocation' }, ['provider', 'gpu_type'])
  const { isPartial, window } = question
  const days = daysIn(window)
  const all = isByOwner(question) ? await heldByOwners(scope, question) : await wholePools(scope, question)
  const pools = new Map<string, { provider: string; gpuType: string; points: (PoolDay | null)[]; held: number }>()
  const indexOf = new Map(days.map((day, index) => [day as string, index]))
  for (const one of all) {
    const key = JSON.stringify([one.provider, one.gpuType])
    if (!pools.has(key) && (pools.size + 1) * days.length > MOST_POINTS) throw tooMany(days.length)
    const pool = pools.get(key) ?? { ...one, points: days.map(() => null), held: 0 }
    pools.set(key, pool)
    pool.points[indexOf.get(one.day) ?? -1] = one
    pool.held += one.heldMs
  }
  const about = {
    ...{ totals: figuresOf(all), isPartial, how: HOW },
    isProvisional: await isProvisional(scope, question),
  }
  const byHeld = [...pools.values()].sort(
    (a, b) => b.held - a.held || compare(a.gpuType, b.gpuType) || compare(a.provider, b.provider),
  )
  return { days, pools: byHeld, about }
}

type Measured = { day: Day; provider: string; gpuType: string } & Record<'heldMs', bigint> &
  Record<'cost' | 'capacityMs' | 'busyMs' | 'measuredMs' | 'busyHeldMs', bigint | null>

async function wholePools({ db }: Scope, question: Visible): Promise<PoolDay[]> {
  const rows = await db.all<Measured>(measuredDays(question))
  const prices = new Map<string, ListPrice | null>()
  const listPrice = (provider: string, gpuType: string) => {
    const key = JSON.stringify([provider, gpuType])
    if (!prices.has(key)) prices.set(key, listPriceOf(provider, gpuType))
    return prices.get(key) ?? null
  }
  return rows.map(({ day, provider, gpuType, cost, capacityMs, ...row }) => {
    const price = capacityMs === null && cost !== null ? listPrice(provider, gpuType) : null
    const estimate = price && gpuSecondsAt(cost ?? 0n, price)
    return {
      ...{ day, provider, gpuType, isEstimated: estimate !== null, heldMs: Number(row.heldMs) },
      capacityMs: capacityMs === null ? estimate && estimate * 1000 : Number(capacityMs),
      ...{ busyMs: numberOf(row.busyMs), measuredMs: numberOf(row.measuredMs), busyHeldMs: numberOf(row.busyHeldMs) },
    }
  })
}

async function heldByOwners(scope: Scope, question: Visible): Promise<PoolDay[]> {
  const by = { time: 'day', names: ['provider', 'gpu_type'] } as const
  const [cells = []] = await cellsTogether(scope, [{ question, by }])
  return cells.map(({ period, names: [provider = '', gpuType = ''], gpuSeconds }) => ({
    ...{ day: period ?? '', provider, gpuType, heldMs: Math.round((gpuSeconds ?? 0) * 1000) },
    ...{ capacityMs: null, isEstimated: false, busyMs: null, measuredMs: null, busyHeldMs: null },
  }))
}

function numberOf(value: bigint | null): number | null {
  return value === null ? null : Number(value)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function tooMany(days: number): HelioxError {
  const message = `More than ${Math.floor(MOST_POINTS / days)} pools over ${days} days: ask for fewer days or narrow the pools`
  return new HelioxError('invalid', 'analytics.too_many_points', message)
}
