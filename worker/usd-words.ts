/** "1234567.5" → "1,234,567.5", on the text: no digit goes through a float. No sign. */
export function inThousands(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.')
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.')
}

/** Whole cents for people: "$1,234.56", "-$0.10". */
export function centsText(cents: bigint): string {
  const size = cents < 0n ? -cents : cents
  return `${cents < 0n ? '-' : ''}$${inThousands(`${size / 100n}.${String(size % 100n).padStart(2, '0')}`)}`
}
