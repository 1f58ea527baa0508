import { sql } from 'drizzle-orm'
import { addDays, type Day } from '../../db/units/time.ts'
import { isByBill, ofCharges } from '../analytics/bill-conditions.ts'
import { inWindow, isByOwner, ofPools } from '../analytics/conditions.ts'
import { cellsTogether } from '../analytics/ledger.ts'
import { measuredDays } from '../analytics/measured-days.ts'
import { type Visible, visibleQuestion } from '../analytics/visible-question.ts'
import type { Question } from '../analytics/window.ts'
import type { Scope } from '../scope.ts'
import type { ItemSum } from './bridge.ts'
import { filtersOf, nameOf, type Series } from './series.ts'

/** One item's cost and GPU time on one day. */
type ItemDay = Omit<ItemSum, 'gpuMs'> & { day: string; gpuMs: bigint | null; heldMs: bigint | null }

/**
 * What a series cost and held on a day, and on the days that it is compared with together, by pool (by pool and SKU where
 * the bill is asked). GPU time is what the bill bought for whole pools and accounts, and what jobs held for owners. An item
 * whose time is not known on each of its days has none.
 */
export async function itemsOf(
  scope: Scope,
  series: Series,
  day: Day,
  compared: readonly Day[],
): Promise<{ actual: ItemSum[]; before: ItemSum[] }> {
  const from = compared.reduce((least, one) => (one < least ? one : least), day)
  const window = { from, before: addDays(day, 1) }
  const asked = { window, basis: 'allocation', cost: 'effective', filters: filtersOf(series) } satisfies Question
  const question = visibleQuestion(scope, asked)
  const wanted = new Set<string>([day, ...compared])
  const rows = (await readItems(scope, question, series)).filter((one) => wanted.has(one.day))
  const timed = timeOf(rows)
  const sums = (some: readonly ItemDay[]) =>
    [...Map.groupBy(some, keyOf)].map(([key, [first, ...rest]]): ItemSum => {
      const { provider, gpuType, sku } = first as ItemDay
      const all = [first as ItemDay, ...rest]
      const time = timed.get(key)
      const gpuMs = time == null ? null : all.reduce((sum, one) => sum + (one[time] ?? 0n), 0n)
      return { provider, gpuType, sku, nanoUsd: all.reduce((sum, one) => sum + one.nanoUsd, 0n), gpuMs }
    })
  return {
    actual: sums(rows.filter((one) => one.day === day)),
    before: sums(rows.filter((one) => one.day !== day)),
  }
}

function keyOf({ provider, gpuType, sku }: ItemDay): string {
  return JSON.stringify([provider, gpuType, sku])
}

/** Which time of an item is known on all of its days: what was bought before what was held. */
function timeOf(rows: readonly ItemDay[]): Map<string, 'gpuMs' | 'heldMs' | null> {
  const isKnown = (all: readonly ItemDay[], name: 'gpuMs' | 'heldMs') => all.every((one) => (one[name] ?? 0n) > 0n)
  return new Map(
    [...Map.groupBy(rows, keyOf)].map(([key, all]) => [
      key,
      isKnown(all, 'gpuMs') ? 'gpuMs' : isKnown(all, 'heldMs') ? 'heldMs' : null,
    ]),
  )
}

async function readItems(scope: Scope, question: Visible, series: Series): Promise<ItemDay[]> {
  if (series.kind === 'owner' && !isByOwner(question))
    return isByBill(question) ? billItems(scope, question) : poolItems(scope, question)
  const own = nameOf(series.dimension)
  const names = series.kind === 'owner' || own === null ? [] : [own]
  const [cells = []] = await cellsTogether(scope, [
    { question, by: { time: 'day', names: [...names, 'provider', 'gpu_type'] } },
  ])
  return cells.flatMap(({ period, names: all, kind, costNanoUsd, gpuSeconds }) => {
    const [provider = '', gpuType = ''] = all.slice(names.length)
    if (period === null || (series.kind !== 'owner' && kind !== series.kind)) return []
    const heldMs = gpuSeconds === null ? null : BigInt(Math.round(gpuSeconds * 1000))
    return [{ day: period, provider, gpuType, sku: '', nanoUsd: costNanoUsd, gpuMs: null, heldMs }]
  })
}

type PoolRow = { day: string; provider: string; gpuType: string } & Record<
  'cost' | 'capacityMs' | 'heldMs',
  bigint | null
>

async function poolItems({ db }: Scope, question: Visible): Promise<ItemDay[]> {
  const rows = await db.all<PoolRow>(measuredDays(question))
  return rows
    .filter(({ cost }) => cost !== null)
    .map(({ day, provider, gpuType, cost, capacityMs, heldMs }) => ({
      ...{ day, provider, gpuType, sku: '', nanoUsd: cost ?? 0n, gpuMs: capacityMs, heldMs },
    }))
}

/** Of charges the engine tells the cost and not what they bought. */
async function billItems({ db }: Scope, question: Visible): Promise<ItemDay[]> {
  type Row = { day: string; provider: string; gpuType: string; sku: string; cost: bigint; seconds: bigint | null }
  const rows = await db.all<Row>(sql`
    select g.day, p.provider, p.gpu_type as gpuType, g.sku, g.cost, g.seconds
    from (select c.entry_date as day, c.pool_id, d.sku, sum(c.effective_nano_usd) as cost,
        sum(c.capacity_gpu_seconds) as seconds
      from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
        join cost_dimensions d on d.id = c.dimension_id join pools p on p.id = c.pool_id
      where ${inWindow(question, 'c.entry_date')} and ${ofCharges(question)} and ${ofPools(question)} group by 1, 2, 3) g
      join pools p on p.id = g.pool_id`)
  return rows.map(({ day, provider, gpuType, sku, cost, seconds }) => ({
    ...{ day, provider, gpuType, sku, nanoUsd: cost, gpuMs: seconds === null ? null : seconds * 1000n, heldMs: null },
  }))
}
