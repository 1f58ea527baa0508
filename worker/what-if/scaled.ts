import { divideHalfEven } from '../../db/units/money.ts'

/** A factor as a fraction; `down` is above zero. */
export type Factor = { up: bigint; down: bigint }
export const ONE: Factor = { up: 1n, down: 1n }

export function times(a: Factor, b: Factor): Factor {
  return { up: a.up * b.up, down: a.down * b.down }
}

/**
 * Amounts times a factor: their sum is the factor times their sum, rounded half-even once, and each carries what its
 * predecessors leave (differences of rounded running sums). By 1 nothing changes.
 */
export function scaled(amounts: readonly bigint[], { up, down }: Factor): bigint[] {
  if (up === down) return [...amounts]
  let sum = 0n
  let given = 0n
  return amounts.map((amount) => {
    sum += amount
    const upTo = divideHalfEven(sum * up, down)
    const part = upTo - given
    given = upTo
    return part
  })
}
