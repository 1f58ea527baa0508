import { divideHalfEven, type NanoUsd, nanoUsd, usdText } from '../../db/units/money.ts'
import { type Day, startOf } from '../../db/units/time.ts'
import { inThousands } from '../usd-words.ts'
import type { Term } from './bridge.ts'

const CENT = 10_000_000n

/** "$1,240.00": to the cent, below one all digits; what is exact stands beside. */
export function dollars(amount: NanoUsd): string {
  const size = amount < 0n ? -amount : amount
  const cents = size >= CENT ? divideHalfEven(size, CENT) * CENT : size
  return `${amount < 0n ? '−' : ''}$${inThousands(usdText(nanoUsd(cents)))}`
}

const FULL_DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

/** "Tuesday 13 January". */
export function fullDay(day: Day): string {
  return FULL_DAY.format(startOf(day)).replace(',', '')
}

/** A part of the impact that is worth a clause. */
const WORTH_SAYING = 0.2

/**
 * "vision spent $1,240.00 on Tuesday 13 January, $820.00 more than expected ($380.00–$460.00): 3 × the GPU-hours on aws
 * h100".
 */
export function sentenceOf(asked: {
  name: string
  day: Day
  actual: NanoUsd
  impact: NanoUsd
  low: NanoUsd
  high: NanoUsd
  terms: readonly Pick<Term, 'kind' | 'provider' | 'gpuType' | 'sku' | 'amountNanoUsd' | 'beforeGpuMs' | 'afterGpuMs'>[]
}): string {
  const { name, day, actual, impact, low, high, terms } = asked
  const more = impact < 0n ? 'less' : 'more'
  const usual = `${dollars(low < 0n ? nanoUsd(0n) : low)}–${dollars(high)}`
  const main = terms.filter(({ kind }) => kind !== 'level').sort((a, b) => Number(rank(b, impact) - rank(a, impact)))[0]
  const isMain = main && Number(rank(main, impact)) >= WORTH_SAYING * Number(impact < 0n ? -impact : impact)
  const why = isMain ? `: ${whyOf(main)}` : ''
  const by = dollars(nanoUsd(impact < 0n ? -impact : impact))
  return `${name} spent ${dollars(actual)} on ${fullDay(day)}, ${by} ${more} than expected (${usual})${why}`
}

/** How much of the impact a term is, in its direction. */
function rank({ amountNanoUsd }: Pick<Term, 'amountNanoUsd'>, impact: bigint): bigint {
  return impact < 0n ? -amountNanoUsd : amountNanoUsd
}

function whyOf(term: Parameters<typeof sentenceOf>[0]['terms'][number]): string {
  const { kind, provider, gpuType, sku, amountNanoUsd, beforeGpuMs, afterGpuMs } = term
  const what = [provider, gpuType, sku].filter(Boolean).join(' ') || 'tokens'
  if (kind === 'new') return `${what} is new, ${dollars(amountNanoUsd)}`
  if (kind === 'gone') return `nothing for ${what}`
  if (kind === 'price') return `another rate for ${what}`
  if (kind === 'mix') return `other GPUs for the same hours, ${what}`
  if (kind === 'other') return `${what}, ${dollars(amountNanoUsd)} of it`
  if (!beforeGpuMs || afterGpuMs === null) return 'more or fewer tokens'
  const times = Number(afterGpuMs) / Number(beforeGpuMs)
  return `${times >= 9.95 ? Math.round(times) : Math.round(times * 10) / 10} × the GPU-hours on ${what}`
}
