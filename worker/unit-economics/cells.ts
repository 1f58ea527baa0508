import type { TeamId } from '../../db/units/ids.ts'
import { addExact, allocate, type ExactUsd, type NanoUsd, nanoUsd, ZERO_EXACT } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { exactCostOf } from '../gateway/pricing/cost.ts'
import { type ModelPrice, priceOn } from '../gateway/pricing/price.ts'
import { NO_COUNTS } from '../gateway/tokens/counts.ts'
import { BUCKETS } from '../tokens/token-usage.ts'
import type { Bucket, ModelRead, TeamDay } from './read-economics.ts'

/** A team's part of a model's day; `nobody`: a day of a deployment on which no token was metered. */
export type TeamPart = {
  day: Day
  teamId: TeamId | null
  isNobody: boolean
  call: TeamDay | null
  /** Null: the day's cost is not known on that basis. */
  allocation: bigint | null
  usage: bigint | null
}

/**
 * Each day's cost of a model's deployments over the teams whose tokens it served, in proportion to their tokens: the parts of
 * a day sum to its cost, and so do those of any window. Calls on days without a deployment have no cost here.
 */
export function teamParts({ served, calls }: ModelRead): TeamPart[] {
  const byDay = new Map<Day, TeamDay[]>()
  for (const call of calls) byDay.set(call.day, [...(byDay.get(call.day) ?? []), call])
  const parts: TeamPart[] = []
  for (const [day, { allocation, usage }] of served) {
    const day_ = (byDay.get(day) ?? []).sort((a, b) => rowOrder(a.teamId) - rowOrder(b.teamId))
    const weights = day_.map(({ tokens }) => total(tokens))
    if (weights.every((weight) => weight === 0n))
      parts.push({ day, teamId: null, isNobody: true, call: null, allocation, usage })
    const split = (cost: bigint | null) =>
      cost === null || weights.every((weight) => weight === 0n) ? null : allocate(cost as NanoUsd, weights)
    const [allocations, usages] = [split(allocation), split(usage)]
    const none = weights.every((weight) => weight === 0n) ? 0n : null
    for (const [at, call] of day_.entries())
      parts.push({
        ...{ day, teamId: call.teamId, isNobody: false, call },
        ...{ allocation: allocations?.[at] ?? none, usage: usages?.[at] ?? none },
      })
    byDay.delete(day)
  }
  for (const [day, rest] of byDay)
    for (const call of rest)
      parts.push({ day, teamId: call.teamId, isNobody: false, call, allocation: null, usage: null })
  return parts
}

function rowOrder(teamId: TeamId | null): number {
  return teamId === null ? 0 : Number(teamId.slice('team_'.length))
}

export function total(tokens: Record<Bucket, bigint>): bigint {
  return BUCKETS.reduce((sum, name) => sum + tokens[name], 0n)
}

/** Tokens of several parts by bucket. */
export function tokensOf(parts: readonly { call: TeamDay | null }[]): Record<Bucket, bigint> {
  const sums = Object.fromEntries(BUCKETS.map((name) => [name, 0n])) as Record<Bucket, bigint>
  for (const { call } of parts) for (const name of BUCKETS) sums[name] += call?.tokens[name] ?? 0n
  return sums
}

/** What tokens cost by the price of their day, bucket by bucket; null: on some day nobody knows. */
export function listCosts(
  parts: readonly { day: Day; call: TeamDay | null }[],
  priceOfDay: (day: Day) => ModelPrice | null,
): Record<Bucket, ExactUsd> | null {
  const sums = Object.fromEntries(BUCKETS.map((name) => [name, ZERO_EXACT])) as Record<Bucket, ExactUsd>
  for (const { day, call } of parts) {
    if (call === null || total(call.tokens) === 0n) continue
    const price = priceOfDay(day)
    if (price === null) return null
    for (const name of BUCKETS) {
      const none = { ...NO_COUNTS, inputTokens: 0, outputTokens: 0 }
      const cost = exactCostOf({ ...none, [name]: Number(call.tokens[name]) }, price, null)
      if (cost === null) return null
      sums[name] = addExact(sums[name], cost)
    }
  }
  return sums
}

/** The price of a day in the book. */
export function bookOf({ prices }: ModelRead): (day: Day) => ModelPrice | null {
  return (day) => priceOn(prices, day)
}

/** Prices have up to 12 decimals, of a million tokens. */
const FINEST = 24

export function weightOf({ digits, scale }: ExactUsd): bigint {
  return digits * 10n ** BigInt(Math.max(0, FINEST - scale))
}

/** Σ of the parts' cost on a basis; null: of one of them it is not known. */
export function costOn(basis: 'allocation' | 'usage', parts: readonly TeamPart[]): NanoUsd | null {
  let sum = 0n
  for (const part of parts) {
    const cost = part[basis]
    if (cost === null) return null
    sum += cost
  }
  return nanoUsd(sum)
}
