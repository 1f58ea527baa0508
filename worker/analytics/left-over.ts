import type { Row } from './ledger.ts'

/** What nobody was charged of a pool-day, and its weight beside the GPU time that jobs held. */
export type LeftOver = {
  kind: string
  cost: bigint
  weight: bigint
  /** The bill or jobs have changed since the pool-day was split. */
  isStale: boolean
}

/** Leftovers by `day pool`, of `leftOverOfDays`. */
export function leftOverAt(days: readonly Row[]): Map<string, LeftOver> {
  return new Map(
    days.flatMap((row) => {
      const [pools = [], costs = [], weights = [], kinds = []] = [row.pools, row.costs, row.weights, row.kinds].map(
        (list) => String(list).split(','),
      )
      return pools.map((pool, index): [string, LeftOver] => {
        const kind = kinds[index] ?? ''
        const [cost, weight] = [BigInt(costs[index] ?? 0), BigInt(weights[index] ?? 0)]
        return [`${row.day} ${pool}`, { kind: kind.replace('!', ''), cost, weight, isStale: kind.endsWith('!') }]
      })
    }),
  )
}

/** The owners of a pool-day. Weights: in whose proportion charges are spread. */
type Side = { groups: readonly number[]; costs: bigint[]; weights: bigint[] }

/**
 * The owners and behind them what is left over, which without owners is there even if it is 0. Unmeasured cost has all the
 * weight: what jobs held there costs them nothing. `isByCost`: the proportion is what each was charged, because that
 * follows more than the GPU time held.
 */
export function withLeftOver(
  { groups, costs, weights }: Side,
  left: Omit<LeftOver, 'isStale'> & { group: number; isByCost: boolean },
): Side {
  const isThere = groups.length === 0 || left.cost !== 0n || left.weight !== 0n
  const all = isThere ? [...costs, left.cost] : costs
  const isOfOneSign = all.every((cost) => cost >= 0n) || all.every((cost) => cost <= 0n)
  const held = left.kind === 'unmeasured' ? weights.map(() => 0n) : weights
  return {
    groups: isThere ? [...groups, left.group] : groups,
    costs: all,
    weights:
      left.isByCost && isOfOneSign
        ? all.map((cost) => (cost < 0n ? -cost : cost))
        : isThere
          ? [...held, left.weight]
          : held,
  }
}
