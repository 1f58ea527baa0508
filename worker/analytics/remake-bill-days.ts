import { type SQL, sql } from 'drizzle-orm'

const AMOUNTS = ['billed_nano_usd', 'effective_nano_usd', 'list_nano_usd', 'unlisted_nano_usd'] as const

/** What the entries of current bills add up to, per bill and pool, on a day. Columns of `bill_days`. */
export function entriesPerBill(days: SQL): SQL {
  return sql`select c.entry_date as day, c.pool_id, c.bill_id, sum(c.billed_nano_usd) as billed_nano_usd,
      sum(c.effective_nano_usd) as effective_nano_usd, sum(coalesce(c.list_nano_usd, 0)) as list_nano_usd,
      sum(iif(c.list_nano_usd is null, c.effective_nano_usd, 0)) as unlisted_nano_usd,
      sum(c.capacity_gpu_seconds) as capacity_gpu_seconds, sum(c.line_count) as lines
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
    where ${days} and c.bill_id <> 0 group by c.entry_date, c.pool_id, c.bill_id`
}

/**
 * The statements that mend a day's sums per bill where they are not what the bill's entries add up to. A row that is
 * right is not touched; which charges say their hour is known from the file alone and stays.
 */
export function remakeBillDays(day: string): SQL[] {
  const of = (table: string) => sql.raw(AMOUNTS.map((name) => `${table}.${name}`).join(', '))
  const entries = entriesPerBill(sql`c.entry_date = ${day}`)
  return [
    sql`insert into bill_days (day, pool_id, bill_id, billed_nano_usd, effective_nano_usd, list_nano_usd, unlisted_nano_usd,
        whole_day_lines, capacity_gpu_seconds)
      select day, pool_id, bill_id, billed_nano_usd, effective_nano_usd, list_nano_usd, unlisted_nano_usd, lines,
        capacity_gpu_seconds
      from (${entries}) where true on conflict do nothing`,
    sql`update bill_days set (billed_nano_usd, effective_nano_usd, list_nano_usd, unlisted_nano_usd, capacity_gpu_seconds)
        = (${of('e')}, e.capacity_gpu_seconds)
      from (select d.day, d.pool_id, d.bill_id, coalesce(x.billed_nano_usd, 0) as billed_nano_usd,
          coalesce(x.effective_nano_usd, 0) as effective_nano_usd, coalesce(x.list_nano_usd, 0) as list_nano_usd,
          coalesce(x.unlisted_nano_usd, 0) as unlisted_nano_usd, x.capacity_gpu_seconds
        from bill_days d join bills b on b.id = d.bill_id and b.status = 'current'
          left join (${entries}) x on x.day = d.day and x.pool_id = d.pool_id and x.bill_id = d.bill_id
        where d.day = ${day}) as e
      where bill_days.day = e.day and bill_days.pool_id = e.pool_id and bill_days.bill_id = e.bill_id
        and (${of('bill_days')}, coalesce(bill_days.capacity_gpu_seconds, 0)) is not (${of('e')}, coalesce(e.capacity_gpu_seconds, 0))`,
  ]
}
