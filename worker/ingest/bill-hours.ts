import { type SQL, sql } from 'drizzle-orm'
import { type ChargeHours, evenPart } from './importers/charge-hours.ts'

/** Amounts of rows; `list` null: no list price, `capacity` null: the rows do not say. */
type Amounts = { billed: bigint; effective: bigint; list: bigint | null; capacity: number | null }

/** The rows of one entry that say their hour, added up by hour. */
export class BillHours {
  readonly sums = new Map<number, Amounts>()

  /** A row over several hours is spread evenly; the parts add up to it. */
  add({ first, count }: ChargeHours, row: Amounts): void {
    for (let at = 0; at < count; at += 1) {
      const part = count === 1 ? row : partOf(row, at, count)
      const sum = this.sums.get(first + at)
      if (!sum) {
        this.sums.set(first + at, { ...part })
        continue
      }
      sum.billed += part.billed
      sum.effective += part.effective
      sum.list = sum.list === null || part.list === null ? null : sum.list + part.list
      if (part.capacity !== null) sum.capacity = (sum.capacity ?? 0) + part.capacity
    }
  }
}

function partOf({ billed, effective, list, capacity }: Amounts, at: number, count: number): Amounts {
  return {
    billed: evenPart(billed, at, count),
    effective: evenPart(effective, at, count),
    list: list === null ? null : evenPart(list, at, count),
    capacity: capacity === null ? null : Number(evenPart(BigInt(capacity), at, count)),
  }
}

/** The sums of a chunk per hour, pool and bill. */
export class HourSums {
  private readonly rows = new Map<string, { ids: unknown[]; sum: Amounts; unlisted: bigint }>()

  /** Adds the hours of an entry; `isListed` false: half a list price is none, so no hour of it has one. */
  add(day: string, ids: readonly unknown[], { sums }: BillHours, isListed: boolean): void {
    for (const [hour, { billed, effective, list, capacity }] of sums) {
      const key = `${day} ${hour} ${ids.join(' ')}`
      let row = this.rows.get(key)
      if (!row) {
        row = { ids: [day, hour, ...ids], sum: { billed: 0n, effective: 0n, list: 0n, capacity: null }, unlisted: 0n }
        this.rows.set(key, row)
      }
      row.sum.billed += billed
      row.sum.effective += effective
      if (isListed && list !== null) row.sum.list = (row.sum.list ?? 0n) + list
      else row.unlisted += effective
      if (capacity !== null) row.sum.capacity = (row.sum.capacity ?? 0) + capacity
    }
  }

  /** The statement that adds them to the pending bills'; none where no row said its hour. */
  statements(): SQL[] {
    if (this.rows.size === 0) return []
    const rows = [...this.rows.values()].map(({ ids, sum, unlisted }) => [
      ...[...ids, `${sum.billed}`, `${sum.effective}`, `${sum.list ?? 0n}`, `${unlisted}`, sum.capacity],
    ])
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
