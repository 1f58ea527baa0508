import { addExact, type ExactUsd, readUsd, ZERO_EXACT } from '../../db/units/money.ts'
import { HelioxError } from '../errors.ts'
import { RATE_NAMES } from '../gateway/pricing/price.ts'
import type { PriceTexts, RateTexts } from './price-fields.ts'

/** A price that is so many times another, or so small a part of it, was most likely typed in another unit. */
const JUMP = 100n

/**
 * Where a price is a hundred times (or a hundredth of) what the same bucket cost before: "input: 2.50 → 250.00". Of a
 * variant the ordinary price is what it is held against. Zero jumps nowhere: free is a decision.
 */
export function jumpsBetween(before: RateTexts, after: PriceTexts): string[] {
  const all: [string, RateTexts][] = [['', after.rates]]
  for (const { tier, aboveTokens, ...rates } of after.variants)
    all.push([[tier, aboveTokens && `above ${aboveTokens} tokens`].filter(Boolean).join(' '), rates])
  return all.flatMap(([of, rates]) =>
    RATE_NAMES.flatMap((name) => {
      const [was, is] = [before[name], rates[name]]
      return was && is && isJump(was, is) ? [`${of && `${of}, `}${name}: ${was} → ${is}`] : []
    }),
  )
}

/** Whether one is at least a hundred times the other. */
export function isJump(one: string, other: string): boolean {
  const [a, b] = [readUsd(one), readUsd(other)]
  if (!a || !b || a.digits <= 0n || b.digits <= 0n) return false
  return isAtLeast(a, times(b)) || isAtLeast(b, times(a))
}

/** @throws HelioxError conflict `prices.jump`, unless `confirm` or nothing jumps */
export function requireSane(jumps: readonly string[], confirm: boolean | undefined, against: string): void {
  if (confirm || jumps.length === 0) return
  const message = `This is a hundred times ${against}, or a hundredth of it. If it is right, confirm it (confirm: true)`
  throw new HelioxError('conflict', 'prices.jump', message, { details: [...jumps] })
}

function times({ digits, scale }: ExactUsd): ExactUsd {
  return { digits: digits * JUMP, scale }
}

function isAtLeast(a: ExactUsd, b: ExactUsd): boolean {
  const scale = Math.max(a.scale, b.scale)
  const at = (one: ExactUsd) => addExact(one, { ...ZERO_EXACT, scale }).digits
  return at(a) >= at(b)
}
