import { sql } from 'drizzle-orm'
import { chargeName, ofCharges } from './bill-conditions.ts'
import { inWindow, ofPools } from './conditions.ts'
import { type BillName, type Grouping, isPoolName, periodText } from './dimensions.ts'
import { cellOf, NO_JOBS, type Part } from './ledger.ts'
import { MOST_POINTS, requireFewPoints } from './too-many-points.ts'
import type { Visible } from './visible-question.ts'

/**
 * The bill by what only the bill knows. Entries are added up per dimension before their texts are read, of which there are
 * few. Which jobs are behind a charge the bill does not say.
 */
export function billPart(question: Visible, { time, names, isUnlisted }: Grouping): Part {
  const period = sql.raw(time ? periodText(time, 'c.entry_date') : 'null')
  const columns = names.map((name, index) => {
    const value = isPoolName(name) ? sql.raw(`p.${name}`) : chargeName(name as BillName)
    return sql`${value} as ${sql.raw(`n${index}, `)}`
  })
  const groups = [...(time ? ['1'] : []), ...names.map((_, index) => `${index + 2}`)]
  const statement = sql`
    select g.period, ${sql.join(columns)} sum(g.cost) as cost
    from (select ${period} as period, c.pool_id, c.dimension_id, coalesce(sum(c.${sql.raw(question.cost)}_nano_usd), 0) as cost
        from cost_entries c join bills b on b.id = c.bill_id and b.status = 'current'
        where ${inWindow(question, 'c.entry_date')} ${sql.raw(isUnlisted ? 'and c.list_nano_usd is null' : '')}
        group by 1, 2, 3) g
      join cost_dimensions d on d.id = g.dimension_id join pools p on p.id = g.pool_id
    where ${ofPools(question)} and ${ofCharges(question)}
    ${sql.raw(groups.length > 0 ? `group by ${groups.join(', ')}` : '')} limit ${BigInt(MOST_POINTS + 1)}`
  return {
    statements: [statement],
    read: ([rows = []]) => {
      requireFewPoints(rows.length)
      return rows
        .filter(({ cost }) => cost !== null && cost !== 0n)
        .map((row) => {
          const texts = names.map((_, index) => String(row[`n${index}`]))
          return { ...cellOf(row, texts, 'owner'), ...NO_JOBS }
        })
    },
  }
}
