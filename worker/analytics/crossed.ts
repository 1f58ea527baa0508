import { divideHalfUp } from '../../db/units/money.ts'

/** One pool-day: what its charges and its owners cost, each in a fixed order. Both sum to the cost of the pool-day. */
export type PoolDay = {
  charges: readonly bigint[]
  owners: readonly bigint[]
  /** One per owner, not below zero: in whose proportion the charges are spread. */
  weights: readonly bigint[]
}

/**
 * What charge i cost owner j, as `cells[i][j]`. Spreads each charge over the owners so that both borders are exact, whatever the rounding: an owner's parts sum to the
 * owner's cost, a charge's to the charge, a credit's too. With F(i, j) = round(Σ charges to i × Σ weights to j ÷ Σ weights),
 * and for the last charge what the owners up to j cost, cell (i, j) is the difference of F over i and over j. Pass a stable
 * order: neighbours added up are the same as one group of them.
 */
export function crossed({ charges, owners, weights }: PoolDay): bigint[][] {
  const total = weights.reduce((a, b) => a + b, 0n)
  if (charges.length === 1) return [[...owners]]
  if (owners.length === 1) return charges.map((charge) => [charge])
  const [bill, owned, weighed] = [upTo(charges), upTo(owners), upTo(weights)]
  const last = charges.length - 1
  let before = owners.map(() => 0n)
  return bill.map((amount, i) => {
    const row = owned.map((cost, j) =>
      i === last
        ? cost
        : total === 0n
          ? j === owners.length - 1
            ? amount
            : 0n
          : divideHalfUp(amount * (weighed[j] ?? 0n), total),
    )
    const above = before
    before = row
    return row.map((f, j) => f - (above[j] ?? 0n) - (j > 0 ? (row[j - 1] ?? 0n) - (above[j - 1] ?? 0n) : 0n))
  })
}

function upTo(parts: readonly bigint[]): bigint[] {
  let sum = 0n
  return parts.map((part) => (sum += part))
}
