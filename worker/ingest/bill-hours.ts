import { type SQL, sql } from 'drizzle-orm'
import { type ChargeHours, evenPart } from './importers/charge-hours.ts'

/** A row of a bill that says its hours; `list` null: no list price, `capacity` null: it does not say. */
export type HourRow = {
  hours: ChargeHours
  billed: bigint
  effective: bigint
  list: bigint | null
  capacity: number | null
}

type Sum = { billed: bigint; effective: bigint; list: bigint; unlisted: bigint; capacity: number | null }
type PoolDay = { day: string; ids: readonly unknown[]; hours: (Sum | undefined)[] }

/** The sums of a chunk per hour, pool and bill. */
export class HourSums {
  private readonly poolDays = new Map<string, PoolDay>()

  /** Adds the rows of an entry; `isListed` false: half a list price is none, so no hour of it has one. */
  add(day: string, ids: readonly unknown[], rows: readonly HourRow[], isListed: boolean): void {
    const key = `${day} ${ids.join(' ')}`
    let poolDay = this.poolDays.get(key)
    if (!poolDay) {
      poolDay = { day, ids, hours: [] }
      this.poolDays.set(key, poolDay)
    }
    for (const row of rows) {
      const { first, count } = row.hours
      for (let at = 0; at < count; at += 1) {
        poolDay.hours[first + at] ??= { billed: 0n, effective: 0n, list: 0n, unlisted: 0n, capacity: null }
        addTo(poolDay.hours[first + at] as Sum, count === 1 ? row : partOf(row, at, count), isListed)
      }
    }
  }

  /** The statement that adds them to the pending bills'; none where no row said its hour. */
  statements(): SQL[] {
    if (this.poolDays.size === 0) return []
    const rows = [...this.poolDays.values()].flatMap(({ day, ids, hours }) =>
      hours.flatMap((sum, hour) =>
        sum
          ? [[day, hour, ...ids, `${sum.billed}`, `${sum.effective}`, `${sum.list}`, `${sum.unlisted}`, sum.capacity]]
          : [],
      ),
    )
    return [
      sql`insert into bill_hours (day, hour, pool_id, bill_id, billed_nano_usd, effective_nano_usd, list_nano_usd,
          unlisted_nano_usd, capacity_gpu_seconds)
        select value ->> 0, value ->> 1, value ->> 2, value ->> 3, cast(value ->> 4 as integer),
          cast(value ->> 5 as integer), cast(value ->> 6 as integer), cast(value ->> 7 as integer), value ->> 8
        from json_each(${JSON.stringify(rows)}) where true
        on conflict do update set billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd,
          effective_nano_usd = effective_nano_usd + excluded.effective_nano_usd,
          list_nano_usd = list_nano_usd + excluded.list_nano_usd,
          unlisted_nano_usd = unlisted_nano_usd + excluded.unlisted_nano_usd,
          capacity_gpu_seconds = case when capacity_gpu_seconds is null then excluded.capacity_gpu_seconds
            else capacity_gpu_seconds + coalesce(excluded.capacity_gpu_seconds, 0) end`,
    ]
  }
}

function addTo(sum: Sum, { billed, effective, list, capacity }: Omit<HourRow, 'hours'>, isListed: boolean): void {
  sum.billed += billed
  sum.effective += effective
  if (isListed && list !== null) sum.list += list
  else sum.unlisted += effective
  if (capacity !== null) sum.capacity = (sum.capacity ?? 0) + capacity
}

/** A row over several hours is spread evenly; the parts add up to it. */
function partOf({ billed, effective, list, capacity }: HourRow, at: number, count: number): Omit<HourRow, 'hours'> {
  return {
    billed: evenPart(billed, at, count),
    effective: evenPart(effective, at, count),
    list: list === null ? null : evenPart(list, at, count),
    capacity: capacity === null ? null : Number(evenPart(BigInt(capacity), at, count)),
  }
}
