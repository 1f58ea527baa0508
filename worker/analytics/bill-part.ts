import { sql } from 'drizzle-orm'
import { inWindow, ofPools } from './conditions.ts'
import { type Grouping, isPoolName, periodText } from './dimensions.ts'
import { cellOf, type Part } from './ledger.ts'
import type { Visible } from './visible-question.ts'

/** The bill by what only the bill knows. */
export function billPart(question: Visible, { time, names }: Grouping): Part {
  const period = time ? periodText(time, 'c.entry_date') : 'null'
  const columns = names.map((name) => (isPoolName(name) ? `p.${name}` : `d.${name}`))
  const statement = sql`
    select ${sql.raw(`${period} as period, ${columns.map((column, index) => `${column} as n${index}, `).join('')}`)}
      coalesce(sum(c.${sql.raw(question.cost)}_nano_usd), 0) as cost
    from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
      join cost_dimensions d on d.id = c.dimension_id join pools p on p.id = c.pool_id
    where ${inWindow(question, 'c.entry_date')} and ${ofPools(question)}
    group by ${sql.raw([period, ...columns].join(', '))}`
  return {
    statements: [statement],
    read: ([rows = []]) =>
      rows.map((row) =>
        cellOf(
          row,
          names.map((_, index) => String(row[`n${index}`])),
          'owner',
        ),
      ),
  }
}
