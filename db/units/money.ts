/**
 * Money is an integer count of nano-dollars (1,000,000,000 nano-USD = 1 USD), a `bigint` behind a brand.
 * One cached token costs about 1e-8 USD, too little for micro-dollars; totals pass 2^53, too much for
 * `number`. Range: a 64-bit column, ±9.2 billion USD. In Heliox a bigint is always money.
 */
declare const nanoUsdBrand: unique symbol
export type NanoUsd = bigint & { readonly [nanoUsdBrand]: true }

/** Money on the wire: decimal text, at least 2 and at most 9 fraction digits, no exponent ("52073.58"). */
export type UsdText = `${number}`

/** USD exactly as a file wrote it: digits × 10^-scale. For the totals of a file, never for storage. */
export type ExactUsd = { readonly digits: bigint; readonly scale: number }

export const ZERO_EXACT: ExactUsd = { digits: 0n, scale: 0 }

const NANO_SCALE = 9
const MAX_INT64 = 2n ** 63n - 1n

/** Marks a count of nano-USD. Throws RangeError when a 64-bit column could not hold it. */
export function nanoUsd(amount: bigint): NanoUsd {
  if (amount > MAX_INT64 || amount < -MAX_INT64) throw new RangeError(`not storable: ${amount} nano-USD`)
  return amount as NanoUsd
}

/** n ÷ d to the nearest whole number, ties to the even one. `d` is above zero. */
export function divideHalfEven(n: bigint, d: bigint): bigint {
  const quotient = n / d // towards zero
  const remainder = 2n * (n - quotient * d)
  const size = remainder < 0n ? -remainder : remainder
  const up = size > d || (size === d && quotient % 2n !== 0n)
  return up ? quotient + (n < 0n ? -1n : 1n) : quotient
}

/**
 * Reads "2.49" or "35.2E-7" digit by digit, never through a float. Null for "", "+1", "1,5", "$2", positive
 * exponents, more than 40 fraction digits, and from 1,000,000,000 USD on (nine such rows fit a 64-bit total).
 */
export function readUsd(text: string): ExactUsd | null {
  const match = /^(-?\d{1,9})(?:\.(\d{1,40}))?(?:[eE]-(\d{1,2}))?$/.exec(text.trim())
  if (!match) return null
  const [, whole = '', fraction = '', exponent = '0'] = match
  return { digits: BigInt(whole + fraction), scale: fraction.length + Number(exponent) }
}

/** The amount a column stores. Finer than a nano-dollar: rounded half to even, once. */
export function toNanoUsd({ digits, scale }: ExactUsd): NanoUsd {
  if (scale <= NANO_SCALE) return nanoUsd(digits * 10n ** BigInt(NANO_SCALE - scale))
  return nanoUsd(divideHalfEven(digits, 10n ** BigInt(scale - NANO_SCALE)))
}

/** What `exactText` wrote, such as a sum over a file: it may pass the length that `readUsd` allows one row. */
export function exactOfText(text: string): ExactUsd {
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

/** A stored amount as an exact one, to compare it with what a file said. */
export function exactOf(amount: NanoUsd): ExactUsd {
  return { digits: amount, scale: NANO_SCALE }
}

/** The exact sum, at the finer of the two scales. */
export function addExact(a: ExactUsd, b: ExactUsd): ExactUsd {
  const scale = Math.max(a.scale, b.scale)
  const at = ({ digits, scale: own }: ExactUsd) => (own === scale ? digits : digits * 10n ** BigInt(scale - own))
  return { digits: at(a) + at(b), scale }
}

/** a − b, exactly. */
export function subtractExact(a: ExactUsd, b: ExactUsd): ExactUsd {
  return addExact(a, { digits: -b.digits, scale: b.scale })
}

/** Decimal text with at least 2 fraction digits, no trailing zeros beyond them, no exponent. */
export function exactText({ digits, scale }: ExactUsd): UsdText {
  const all = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const cut = all.length - scale
  const fraction = all.slice(cut).replace(/0+$/, '')
  return `${digits < 0n ? '-' : ''}${all.slice(0, cut)}.${fraction.padEnd(2, '0')}` as UsdText
}

/** An amount as it goes on the wire: "52073.58", "0.0000025". */
export function usdText(amount: NanoUsd): UsdText {
  return exactText(exactOf(amount))
}

/** n ÷ d to the nearest whole number, ties away from zero. `d` is above zero. */
export function divideHalfUp(n: bigint, d: bigint): bigint {
  return n < 0n ? -((-2n * n + d) / (2n * d)) : (2n * n + d) / (2n * d)
}

/**
 * Splits `total` over `weights`: part j = round(C·cum_j/T) − round(C·cum_{j−1}/T), ties away from zero. The
 * differences telescope, so the parts sum to `total`, a credit's too, and weight 0 gets 0. Pass a stable order: it decides who carries
 * a stray nano-dollar. The ledger does the same in SQL (`worker/analytics/share.ts`) and is tested against this.
 * Throws RangeError when the weights do not sum above zero.
 */
export function allocate(total: NanoUsd, weights: readonly bigint[]): NanoUsd[] {
  const sum = weights.reduce((a, b) => a + b, 0n)
  if (sum <= 0n) throw new RangeError('allocate needs weights that sum above zero')
  let cumulated = 0n
  let given = 0n
  return weights.map((weight) => {
    cumulated += weight
    const upTo = divideHalfUp(total * cumulated, sum)
    const part = nanoUsd(upTo - given)
    given = upTo
    return part
  })
}
