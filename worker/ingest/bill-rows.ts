import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { toNanoUsd } from '../../db/units/money.ts'
import { insertDimensions, keyOfCharge } from '../costs/dimension.ts'
import { jsonText } from '../json-text.ts'
import type { Scope } from '../scope.ts'
import { type HourRow, HourSums } from './bill-hours.ts'
import type { CostDraft } from './importers/importer.ts'

/** Ids that are kept at hand; a file with more kinds of charges looks some of them up again. */
const MOST_KNOWN = 20_000

/** The import whose rows they are. `unheardOf`: rows that a dry run could not match with anything that is stored. */
type Bill = { row: bigint; source: string; part: string; isDryRun: boolean; unheardOf: { rows: number } }

/** Rows of one day, pool, bill and dimension, added up. */
type Entry = {
  day: string
  pool: string
  bill: string
  dimension: string
  billed: bigint
  effective: bigint
  /** Null as soon as one row does not say: half a list price is none. */
  list: bigint | null
  inCurrency: bigint | null
  usageSeconds: number | null
  capacityGpuSeconds: number | null
  lineCount: number
  /** The rows that said their hour; null: none did. */
  hours: HourRow[] | null
  /** Rows that did not, and would count for something. */
  wholeDayLines: number
}

/**
 * Turns a bill's rows into entries of the import's pending bills, a chunk at a time: rows of one day, account, SKU, … add
 * up here already, and texts travel once. Memory is bounded whatever the file holds.
 */
export class BillRows {
  private readonly pools = new Map<string, number>()
  private readonly bills = new Map<string, number>()
  private readonly dimensions = new Map<string, number>()
  private readonly db: Scope['db']
  private readonly open: Bill

  constructor(db: Scope['db'], open: Bill) {
    this.db = db
    this.open = open
  }

  /** The statements that add a chunk. Pools, dimensions and pending bills that it needs are there when this answers. */
  async statements(drafts: readonly CostDraft[]): Promise<SQL[]> {
    const all = [...this.addedUp(drafts)]
    await this.lookUp(all)
    const entries = this.open.isDryRun ? all.filter((entry) => this.isHeardOf(entry)) : all
    return [
      insertEntries(
        this.open.row,
        entries.map((entry) => this.columnsOf(entry)),
      ),
      ...this.sumsOf(entries),
    ]
  }

  /** A dry run makes no pools and no dimensions: what would need one is new. */
  private isHeardOf({ pool, dimension, lineCount }: Entry): boolean {
    const isHeardOf = this.pools.has(pool) && this.dimensions.has(dimension)
    if (!isHeardOf) this.open.unheardOf.rows += lineCount
    return isHeardOf
  }

  private addedUp(drafts: readonly CostDraft[]): Iterable<Entry> {
    const entries = new Map<string, Entry>()
    for (const draft of drafts) {
      const pool = jsonText([draft.provider, draft.gpuType])
      const bill = jsonText([draft.billingAccount, draft.billingPeriod])
      const dimension = keyOfCharge(this.open.source, draft)
      const billed = toNanoUsd(draft.billed)
      const effective = draft.effective === draft.billed ? billed : toNanoUsd(draft.effective)
      const list = draft.list && toNanoUsd(draft.list)
      const inCurrency = draft.billedInCurrency && toNanoUsd(draft.billedInCurrency)
      const key = `${draft.entryDate}${pool}${dimension}`
      const known = entries.get(key)
      if (!known) {
        const { entryDate: day, usageSeconds, capacityGpuSeconds } = draft
        const amounts = { billed, effective, list, inCurrency, usageSeconds, capacityGpuSeconds, lineCount: 1 }
        const entry: Entry = { day, pool, bill, dimension, ...amounts, hours: null, wholeDayLines: 0 }
        entries.set(key, entry)
        noteHours(entry, draft, amounts)
        continue
      }
      known.billed += billed
      known.effective += effective
      known.list = known.list === null || list === null ? null : known.list + list
      if (inCurrency !== null) known.inCurrency = (known.inCurrency ?? 0n) + inCurrency
      known.usageSeconds = plus(known.usageSeconds, draft.usageSeconds)
      known.capacityGpuSeconds = plus(known.capacityGpuSeconds, draft.capacityGpuSeconds)
      known.lineCount += 1
      noteHours(known, draft, { billed, effective, list })
    }
    return entries.values()
  }

  private async lookUp(entries: readonly Entry[]): Promise<void> {
    for (const known of [this.pools, this.bills, this.dimensions]) if (known.size > MOST_KNOWN) known.clear()
    const pools = missing(this.pools, entries, 'pool')
    const bills = missing(this.bills, entries, 'bill')
    const dimensions = missing(this.dimensions, entries, 'dimension')
    if (pools.length + bills.length + dimensions.length === 0) return
    const { row, source, part, isDryRun } = this.open
    const [listed, wanted] = [JSON.stringify(pools), JSON.stringify(bills)]
    const answers = await writeBatch(this.db, [
      sql`insert into pools (provider, gpu_type) select value ->> 0, value ->> 1 from json_each(${isDryRun ? '[]' : listed})
        where true on conflict do nothing`,
      sql`insert into bills (import_id, source, billing_account, billing_period, part, status)
        select ${row}, ${source}, value ->> 0, value ->> 1, ${part}, 'pending' from json_each(${wanted})
        where not exists (select 1 from bills b where b.import_id = ${row} and b.billing_account = value ->> 0
          and b.billing_period = value ->> 1 and b.status = 'pending')`,
      insertDimensions(isDryRun ? [] : dimensions),
      sql`select p.id, k.value as key from json_each(${listed}) k
        join pools p on p.provider = k.value ->> 0 and p.gpu_type = k.value ->> 1`,
      sql`select b.id, k.value as key from json_each(${wanted}) k join bills b on b.import_id = ${row}
        and b.billing_account = k.value ->> 0 and b.billing_period = k.value ->> 1 and b.status = 'pending'`,
      sql`select d.id, d.key from json_each(${JSON.stringify(dimensions)}) k join cost_dimensions d on d.key = k.value`,
    ])
    for (const [known, answer] of [
      [this.pools, answers[3]],
      [this.bills, answers[4]],
      [this.dimensions, answers[5]],
    ] as const)
      for (const { id, key } of answer?.rows ?? []) known.set(String(key), Number(id))
  }

  private columnsOf(entry: Entry): unknown[] {
    const { day, billed, effective, list, inCurrency, usageSeconds, capacityGpuSeconds, lineCount } = entry
    const ids = [this.pools.get(entry.pool), this.bills.get(entry.bill), this.dimensions.get(entry.dimension)]
    if (ids.includes(undefined)) throw new Error(`no row for ${entry.pool}, ${entry.bill} or ${entry.dimension}`)
    // Money goes as text: JSON has no bigint, and a JSON number would have been a float on the way.
    const amounts = [billed, effective, list, inCurrency].map((amount) => (amount === null ? null : `${amount}`))
    return [day, ...ids, ...amounts, usageSeconds, capacityGpuSeconds, lineCount]
  }

  /** The sums of the chunk per pool-day and per bill, and per hour of what says it. */
  private sumsOf(entries: readonly Entry[]): SQL[] {
    type Sum = {
      ids: unknown[]
      billed: bigint
      effective: bigint
      list: bigint
      unlisted: bigint
      size: bigint
      capacity: number | null
      lines: number
      wholeDay: number
    }
    const add = (sums: Map<string, Sum>, key: string, ids: unknown[], entry: Entry) => {
      const sum = sums.get(key) ?? {
        ids,
        billed: 0n,
        effective: 0n,
        list: 0n,
        unlisted: 0n,
        size: 0n,
        capacity: null,
        lines: 0,
        wholeDay: 0,
      }
      sums.set(key, sum)
      sum.billed += entry.billed
      sum.effective += entry.effective
      sum.list += entry.list ?? 0n
      sum.unlisted += entry.list === null ? entry.effective : 0n
      sum.size += largest(entry.billed, entry.effective, entry.list ?? 0n)
      sum.capacity = plus(sum.capacity, entry.capacityGpuSeconds)
      sum.lines += entry.lineCount
      sum.wholeDay += entry.wholeDayLines
    }
    const days = new Map<string, Sum>()
    const bills = new Map<string, Sum>()
    const hours = new HourSums()
    for (const entry of entries) {
      const [pool, bill] = [this.pools.get(entry.pool), this.bills.get(entry.bill)]
      add(days, `${entry.day} ${pool} ${bill}`, [entry.day, pool, bill], entry)
      add(bills, `${bill}`, [bill], entry)
      if (entry.hours) hours.add(entry.day, [pool, bill], entry.hours, entry.list !== null)
    }
    const dayRows = [...days.values()].map((sum) => [
      ...[...sum.ids, `${sum.billed}`, `${sum.effective}`, sum.capacity],
      ...[`${sum.list}`, `${sum.unlisted}`, sum.wholeDay],
    ])
    const billRows = [...bills.values()].map((sum) => [
      ...[...sum.ids, `${sum.billed}`, `${sum.effective}`, `${sum.size}`, sum.lines],
    ])
    return [
      sql`insert into bill_days (day, pool_id, bill_id, billed_nano_usd, effective_nano_usd, capacity_gpu_seconds,
          list_nano_usd, unlisted_nano_usd, whole_day_lines)
        select value ->> 0, value ->> 1, value ->> 2, cast(value ->> 3 as integer), cast(value ->> 4 as integer), value ->> 5,
          cast(value ->> 6 as integer), cast(value ->> 7 as integer), value ->> 8
        from json_each(${JSON.stringify(dayRows)}) where true
        on conflict do update set billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd,
          effective_nano_usd = effective_nano_usd + excluded.effective_nano_usd,
          list_nano_usd = list_nano_usd + excluded.list_nano_usd,
          unlisted_nano_usd = unlisted_nano_usd + excluded.unlisted_nano_usd,
          whole_day_lines = whole_day_lines + excluded.whole_day_lines,
          capacity_gpu_seconds = case when capacity_gpu_seconds is null then excluded.capacity_gpu_seconds
            else capacity_gpu_seconds + coalesce(excluded.capacity_gpu_seconds, 0) end`,
      sql`update bills set billed_nano_usd = billed_nano_usd + s.billed, effective_nano_usd = effective_nano_usd + s.effective,
          abs_nano_usd = abs_nano_usd + s.size, line_count = line_count + s.lines
        from (select value ->> 0 as id, cast(value ->> 1 as integer) as billed, cast(value ->> 2 as integer) as effective,
          cast(value ->> 3 as integer) as size, value ->> 4 as lines from json_each(${JSON.stringify(billRows)})) as s
        where bills.id = s.id`,
      ...hours.statements(),
    ]
  }
}

/** Keeps by which hours a row counts. What costs and buys nothing has no hour to be missed. */
function noteHours(
  entry: Entry,
  { hours, capacityGpuSeconds: capacity }: CostDraft,
  { billed, effective, list }: Pick<Entry, 'billed' | 'effective' | 'list'>,
): void {
  if (!hours) {
    if (billed !== 0n || effective !== 0n || list || capacity) entry.wholeDayLines += 1
    return
  }
  const row = { hours, billed, effective, list, capacity }
  if (entry.hours) entry.hours.push(row)
  else entry.hours = [row]
}

function insertEntries(importRow: bigint, rows: readonly unknown[][]): SQL {
  return sql`insert into cost_entries (entry_date, pool_id, bill_id, dimension_id, billed_nano_usd, effective_nano_usd,
      list_nano_usd, billed_currency_nano, usage_seconds, capacity_gpu_seconds, line_count, created_by, changed_by)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3, cast(value ->> 4 as integer), cast(value ->> 5 as integer),
      cast(value ->> 6 as integer), cast(value ->> 7 as integer), value ->> 8, value ->> 9, value ->> 10, ${importRow},
      ${importRow}
    from json_each(${JSON.stringify(rows)}) where true
    on conflict do update set billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd,
      effective_nano_usd = effective_nano_usd + excluded.effective_nano_usd,
      list_nano_usd = list_nano_usd + excluded.list_nano_usd,
      billed_currency_nano = case when billed_currency_nano is null then excluded.billed_currency_nano
        else billed_currency_nano + coalesce(excluded.billed_currency_nano, 0) end,
      usage_seconds = case when usage_seconds is null then excluded.usage_seconds
        else usage_seconds + coalesce(excluded.usage_seconds, 0) end,
      capacity_gpu_seconds = case when capacity_gpu_seconds is null then excluded.capacity_gpu_seconds
        else capacity_gpu_seconds + coalesce(excluded.capacity_gpu_seconds, 0) end,
      line_count = line_count + excluded.line_count`
}

function missing(known: Map<string, number>, entries: readonly Entry[], name: 'pool' | 'bill' | 'dimension'): string[] {
  const keys = new Set<string>()
  for (const entry of entries) if (!known.has(entry[name])) keys.add(entry[name])
  return [...keys]
}

function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0)
}

function largest(...amounts: bigint[]): bigint {
  return amounts.map((amount) => (amount < 0n ? -amount : amount)).reduce((a, b) => (a > b ? a : b))
}
