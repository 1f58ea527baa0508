import { sql } from 'drizzle-orm'
import { inWindow, ofPools } from './conditions.ts'
import { type Grouping, periodText } from './dimensions.ts'
import type { Part } from './ledger.ts'
import { ownersPart } from './owners-part.ts'
import type { Visible } from './visible-question.ts'

/**
 * What the oldest document charged: the whole cost of every pool that a team or model held GPUs of in the period, the same
 * dollar many times. Read from what each held where, and what each pool cost.
 */
export function exposurePart(question: Visible, { time, names }: Grouping): Part {
  const touched = ownersPart(question, { time, names: [...names, 'provider', 'gpu_type'] })
  const counted = ownersPart(question, { time, names })
  const cost = { effective: 'cost', billed: 'billed', list: 'list' }[question.cost]
  const period = time ? periodText(time, 'd.day') : 'null'
  const priced = sql`select ${sql.raw(period)} as period, p.provider, p.gpu_type as gpuType,
      coalesce(sum(d.${sql.raw(cost)}_nano_usd), 0) as cost
    from pool_days d join pools p on p.id = d.pool_id where ${inWindow(question, 'd.day')} and ${ofPools(question)}
    group by ${sql.raw([...(time ? [period] : []), 'd.pool_id'].join(', '))}`
  return {
    statements: [...touched.statements, ...counted.statements, priced],
    read: ([held = [], owners = [], costs = []]) => {
      const key = (...parts: unknown[]) => JSON.stringify(parts)
      const costOf = new Map(costs.map((row) => [key(row.period, row.provider, row.gpuType), row.cost as bigint]))
      const sums = new Map<string, bigint>()
      for (const { period: when, names: texts, teamId, gpuSeconds } of touched.read([held])) {
        if (!gpuSeconds) continue
        const pool = texts.slice(-2)
        const owner = key(when, teamId, texts.slice(0, -2))
        sums.set(owner, (sums.get(owner) ?? 0n) + (costOf.get(key(when, ...pool)) ?? 0n))
      }
      return counted
        .read([owners])
        .filter(({ gpuSeconds }) => gpuSeconds)
        .map((cell) => ({
          ...cell,
          costNanoUsd: (sums.get(key(cell.period, cell.teamId, cell.names)) ?? 0n) as typeof cell.costNanoUsd,
        }))
    },
  }
}
