import { sql } from 'drizzle-orm'
import { nanoUsd } from '../../db/units/money.ts'
import { billPart } from './bill-part.ts'
import { inWindow, ofPools } from './conditions.ts'
import { type Grouping, isBillName, type Name, periodText, type Time } from './dimensions.ts'
import { type Cell, cellOf, NO_JOBS, type Part } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import { isOfBill } from './parts-of.ts'
import type { Visible } from './visible-question.ts'

/**
 * What the oldest document charged: the whole cost of every pool that a team or model held GPUs of in the period, the same
 * dollar many times. Read from what each held where, and what each pool cost; of the bill's names, what each group of
 * them cost in the pool.
 */
export function exposurePart(question: Visible, { time, names }: Grouping): Part {
  const isBilled = isOfBill(question, { time, names })
  const [ofBill, own] = [names.filter(isBillName), names.filter((name) => !isBillName(name))]
  const touched = ownersPart(question, { time, names: [...own, ...POOL] })
  const counted = ownersPart(question, { time, names: own })
  const priced = isBilled ? billPart(question, { time, names: [...ofBill, ...POOL] }) : poolCosts(question, time)
  return {
    statements: [...touched.statements, ...counted.statements, ...priced.statements],
    read: ([held = [], owners = [], costs = []]) => {
      const key = (...parts: unknown[]) => JSON.stringify(parts)
      const costsOf = Map.groupBy(priced.read([costs]), ({ period, names: texts }) => key(period, texts.slice(-2)))
      const sums = new Map<string, Cell>()
      const cellAt = (of: Cell, texts: string[], jobs: typeof NO_JOBS | object) => {
        const known = sums.get(key(of.period, of.teamId, texts))
        const cell = known ?? { ...of, names: texts, costNanoUsd: nanoUsd(0n), ...jobs }
        sums.set(key(of.period, of.teamId, texts), cell)
        return cell
      }
      if (!isBilled) for (const cell of counted.read([owners])) if (cell.gpuSeconds) cellAt(cell, [...cell.names], {})
      for (const one of touched.read([held])) {
        if (!one.gpuSeconds) continue
        for (const { names: texts, costNanoUsd } of costsOf.get(key(one.period, one.names.slice(-2))) ?? []) {
          const cell = cellAt(one, shown(names, one.names, texts), NO_JOBS)
          cell.costNanoUsd = nanoUsd(cell.costNanoUsd + costNanoUsd)
        }
      }
      return [...sums.values()]
    },
  }
}

const POOL = ['provider', 'gpu_type'] as const

/** Texts in the order of the names: the bill's among those of owners and pools. */
function shown(names: readonly Name[], own: readonly string[], ofBill: readonly string[]): string[] {
  const [owns, bills] = [[...own], [...ofBill]]
  return names.map((name) => (isBillName(name) ? bills : owns).shift() ?? '')
}

/** What each pool cost. */
function poolCosts(question: Visible, time: Time | null): Part {
  const cost = { effective: 'cost', billed: 'billed', list: 'list' }[question.cost]
  const period = time ? periodText(time, 'd.day') : 'null'
  const statement = sql`select ${sql.raw(period)} as period, p.provider, p.gpu_type as gpuType,
      coalesce(sum(d.${sql.raw(cost)}_nano_usd), 0) as cost
    from pool_days d join pools p on p.id = d.pool_id where ${inWindow(question, 'd.day')} and ${ofPools(question)}
    group by ${sql.raw([...(time ? [period] : []), 'd.pool_id'].join(', '))}`
  const read: Part['read'] = ([rows = []]) =>
    rows.map((row) => cellOf(row, [String(row.provider), String(row.gpuType)], 'owner'))
  return { statements: [statement], read }
}
