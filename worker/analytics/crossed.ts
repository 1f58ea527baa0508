/** One pool-day: what its charges and its owners cost, each in a fixed order. Both sum to the cost of the pool-day. */
export type PoolDay = {
  charges: readonly bigint[]
  owners: readonly bigint[]
  /** One per owner, not below zero: in whose proportion the charges are spread. */
  weights: readonly bigint[]
}

/**
 * What charge i cost owner j, as `cells[i][j]`. Spreads each charge over the owners so that both borders are exact, whatever
 * the rounding: an owner's parts sum to the owner's cost, a charge's to the charge, a credit's too. With F(i, j) =
 * round(Σ charges to i × Σ weights to j ÷ Σ weights), half away from zero, and for the last charge what the owners up to j
 * cost, cell (i, j) is the difference of F over i and over j. Pass a stable order: neighbours added up are the same as one
 * group of them. Without any weight a charge but the last is the last owner's.
 */
export function crossed({ charges, owners, weights }: PoolDay): bigint[][] {
  if (charges.length === 1) return [[...owners]]
  if (owners.length === 1) return charges.map((charge) => [charge])
  const weighed = upTo(weights)
  const total = weighed.at(-1) ?? 0n
  const owned = upTo(owners)
  let before = owners.map(() => 0n)
  let amount = 0n
  return charges.map((charge, i) => {
    amount += charge
    const row = i === charges.length - 1 ? owned : spread(amount, weighed, total)
    let left = 0n
    const cells = row.map((f, j) => {
      const up = f - (before[j] ?? 0n)
      const cell = up - left
      left = up
      return cell
    })
    before = row
    return cells
  })
}

/** round(amount × weight ÷ total) for each cumulated weight; all of it for the last. */
function spread(amount: bigint, weighed: readonly bigint[], total: bigint): bigint[] {
  const last = weighed.length - 1
  if (total === 0n) return weighed.map((_, j) => (j === last ? amount : 0n))
  const [size, half] = [amount < 0n ? -amount : amount, total / 2n]
  const row = weighed.map((weight) => (size * weight + half) / total)
  return amount < 0n ? row.map((part) => -part) : row
}

function upTo(parts: readonly bigint[]): bigint[] {
  let sum = 0n
  return parts.map((part) => {
    sum += part
    return sum
  })
}
