import { exactText, readUsd, subtractExact, type UsdText } from '../../db/units/money.ts'
import { formatUsd } from './usd.ts'

export type Change = { direction: 'up' | 'down' | 'same'; amount: string; percent: string; words: string }

const percentage = new Intl.NumberFormat('en-US', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})

/** How `now` compares with `before`, which is `of` that; null when nothing was spent before, or when either is beyond reading. */
export function changeOf(now: UsdText, before: UsdText, of = 'the period before'): Change | null {
  const [a, b] = [readUsd(now), readUsd(before)]
  if (!a || !b || b.digits <= 0n) return null
  const { digits, scale } = subtractExact(a, b)
  const amount = formatUsd(exactText({ digits: digits < 0n ? -digits : digits, scale }))
  const percent = percentage.format(Math.abs(Number(now) / Number(before) - 1))
  if (digits === 0n) return { direction: 'same', amount, percent, words: `the same as ${of}` }
  const direction = digits > 0n ? 'up' : 'down'
  return { direction, amount, percent, words: `${direction} ${amount} (${percent}) from ${of}` }
}

/** "12.5%" of `whole`; a part that is there but tiny is "< 0.1%"; null when the whole is not above zero. */
export function formatShare(part: UsdText, whole: UsdText): string | null {
  if (!(Number(whole) > 0)) return null
  const share = Number(part) / Number(whole)
  if (share === 0) return '0%'
  return Math.abs(share) < 0.0005 ? '< 0.1%' : percentage.format(share)
}

/** "72.8%" of a share between 0 and 1, or beyond where it says so; null, which nobody knows, is a dash. */
export function formatRatio(share: number | null): string {
  return share === null ? '–' : percentage.format(share)
}
