/** Groups by number, in the order in which they are met. */
export type Groups = { numberOf: (key: string) => number; keys: string[] }

/** The group of what the filters leave out: it takes part in the splitting, and is in no cell. */
export const LEFT_OUT = -1

/** One side of a pool-day in its order, neighbours of one group added up. */
export type Side = { groups: number[]; costs: bigint[]; weights: bigint[] }

export function newGroups(): Groups {
  const numbers = new Map<string, number>()
  const keys: string[] = []
  const numberOf = (key: string) => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, keys.length)
    return keys.push(key) - 1
  }
  return { numberOf, keys }
}

/** A dimension of charges: where it stands in the order of charges, and its group. */
export type Dimension = { order: number; group: number; isRuled: boolean }

/** The charges of a pool-day from `chargesOfPoolDays`, and whether a rule gave any of them to a team. */
export function chargeSide(
  text: string,
  dimensions: ReadonlyMap<string, Dimension>,
  isUnlisted: boolean,
): Side & { isRuled: boolean } {
  let isRuled = false
  const parts = text.split(',').map((part) => {
    const [dimension = '', unlisted = '', cost = '0'] = part.split(/[: ]/)
    const { order, group, isRuled: ruled } = dimensions.get(dimension) ?? NO_DIMENSION
    if (ruled) isRuled = true
    const isAsked = !isUnlisted || unlisted === '1'
    return { order: order * 2 + Number(unlisted), group: isAsked ? group : LEFT_OUT, cost: BigInt(cost), weight: 0n }
  })
  return { ...sideOf(parts), isRuled }
}

const NO_DIMENSION: Dimension = { order: 0, group: LEFT_OUT, isRuled: false }

/** What nobody was charged of a pool-day: last in the order of owners. */
export type LeftOver = { kind: string; cost: bigint; weight: bigint }

/**
 * The owners of a pool-day from `ownersOfPoolDays`, then what is left over. Weights are the GPU time they held, of which
 * there is none where cost is unmeasured. `byCost`: what they cost, because jobs are not what it was split by.
 */
export function ownerSide(text: string, left: LeftOver, groups: Groups, isLeftAsked: boolean, byCost: boolean): Side {
  const parts =
    text === ''
      ? []
      : text.split(',').map((part) => {
          const [key = '', cost = '0', gpuMs = '0'] = part.split(' ')
          const [team, model, status, asked] = key.split(':').map(Number) as [number, number, number, number]
          const order = ((team * 2 ** 20 + model) * 8 + status) * 2 + asked
          const group = asked ? groups.numberOf(`${team}:${model}:${status}`) : LEFT_OUT
          return { order, group, cost: BigInt(cost), weight: left.kind === 'unmeasured' ? 0n : BigInt(gpuMs) }
        })
  if (parts.length === 0 || left.cost !== 0n || left.weight !== 0n) {
    const group = isLeftAsked ? groups.numberOf(left.kind) : LEFT_OUT
    parts.push({ order: Number.MAX_SAFE_INTEGER, group, cost: left.cost, weight: left.weight })
  }
  const isOneSign = parts.every(({ cost }) => cost >= 0n) || parts.every(({ cost }) => cost <= 0n)
  return sideOf(
    byCost && isOneSign ? parts.map((part) => ({ ...part, weight: part.cost < 0n ? -part.cost : part.cost })) : parts,
  )
}

type Piece = { order: number; group: number; cost: bigint; weight: bigint }

function sideOf(parts: Piece[]): Side {
  parts.sort((a, b) => a.order - b.order)
  const side: Side = { groups: [], costs: [], weights: [] }
  for (const { group, cost, weight } of parts) {
    const last = side.groups.length - 1
    if (last >= 0 && side.groups[last] === group) {
      side.costs[last] = (side.costs[last] ?? 0n) + cost
      side.weights[last] = (side.weights[last] ?? 0n) + weight
    } else {
      side.groups.push(group)
      side.costs.push(cost)
      side.weights.push(weight)
    }
  }
  return side
}
