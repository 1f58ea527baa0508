import { type SQL, sql } from 'drizzle-orm'
import { inWindow, ofPools } from './conditions.ts'
import { type Grouping, isOwnerName, isPoolName, periodText } from './dimensions.ts'
import { type Cell, cellOf, type Kind, type Part } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import type { Visible } from './visible-question.ts'

/** Cost that no job was charged, in the rows that make every list by owner add up. A pool's name stays on its row. */
export function leftOverPart(question: Visible, { time, names }: Grouping): Part {
  const { basis } = question
  const suffix = question.cost === 'effective' ? '' : `_${question.cost}`
  const kinds = basis === 'usage' ? (['idle', 'unmeasured'] as const) : (['unallocated'] as const)
  const sums = kinds.map((kind) => `sum(d.${kind}${suffix}_nano_usd) as ${kind}`)
  const { columns, groupBy } = poolGrouping({ time, names })
  const statement = sql`select ${sql.raw(columns)} ${sql.raw(sums.join(', '))}
    from pool_days d ${withPools(question, { time, names })} where ${inWindow(question, 'd.day')} and ${ofPools(question)}
    ${sql.raw(groupBy)}`
  const cell = (row: Record<string, unknown>, kind: Kind): Cell =>
    cellOf(
      { ...row, cost: row[kind] as bigint | null },
      names.map((name, index) => (isOwnerName(name) ? `__${kind}__` : String(row[`n${index}`]))),
      kind,
    )
  return {
    statements: [statement],
    read: ([rows = []]) => kinds.flatMap((kind) => rows.filter((row) => row[kind]).map((row) => cell(row, kind))),
  }
}

/** The bill by pool, and the GPU time and jobs that its pools held. Without names: one total. */
export function pooledPart(question: Visible, grouping: Grouping): Part {
  const cost = { effective: 'cost', billed: 'billed', list: 'list' }[question.cost]
  const { columns, groupBy } = poolGrouping(grouping)
  const bill = sql`select ${sql.raw(columns)} coalesce(sum(d.${sql.raw(cost)}_nano_usd), 0) as cost, count(*) as days
    from pool_days d ${withPools(question, grouping)} where ${inWindow(question, 'd.day')} and ${ofPools(question)}
    ${sql.raw(groupBy)}`
  // No series shows jobs and GPU time.
  const held: Part = grouping.time ? { statements: [], read: () => [] } : ownersPart(question, grouping)
  const texts = (row: Record<string, unknown>) => grouping.names.map((_, index) => String(row[`n${index}`]))
  return {
    statements: [bill, ...held.statements],
    read: ([billed = [], ...owners]) => {
      const key = ({ period, names }: Pick<Cell, 'period' | 'names'>) => JSON.stringify([period, ...names])
      const jobs = new Map(held.read(owners).map((cell) => [key(cell), cell]))
      return billed
        .filter((row) => row.days !== 0n)
        .map((row) => {
          const cell = cellOf(row, texts(row), 'owner')
          return { ...(jobs.get(key(cell)) ?? cell), costNanoUsd: cell.costNanoUsd }
        })
    },
  }
}

/** Pool-days are joined with their pools only where those are asked for. */
function withPools({ filters }: Visible, { names }: Grouping): SQL {
  const isNeeded = names.some(isPoolName) || filters.provider || filters.gpuType
  return sql.raw(isNeeded ? 'join pools p on p.id = d.pool_id' : '')
}

/** What of a grouping pool-days know, as columns n0, n1 … (null for the others) and a GROUP BY. */
function poolGrouping({ time, names }: Grouping): { columns: string; groupBy: string } {
  const period = time ? periodText(time, 'd.day') : 'null'
  const known = names.map((name) => (isPoolName(name) ? `p.${name}` : null))
  const groups = [...(time ? [period] : []), ...known.filter((column) => column !== null)]
  return {
    columns: `${period} as period, ${known.map((column, index) => `${column ?? 'null'} as n${index}, `).join('')}`,
    groupBy: groups.length > 0 ? `group by ${groups.join(', ')}` : '',
  }
}
