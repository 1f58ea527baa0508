import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'

/** A part of the cost that advice can be about, and all that it costs: "this pool-day", "of it this team", "of it this job". */
export type CostPart = { id: string; costNanoUsd: bigint }

/**
 * What advice would do to one part of the cost: `path` from the whole (a pool-day, or a team's tokens of a model) to the
 * part, of it the cost that it touches, and what of that it saves.
 */
export type Claim = { path: readonly CostPart[]; touchedNanoUsd: bigint; savedNanoUsd: bigint }

/**
 * What each piece of advice adds to a total in which no dollar is saved twice: greedily, the surest first, of equally sure ones the greatest saving (then by key), each takes of every part what none before it touched, and is counted for that share of its saving. So the
 * sum is at most each part's cost, and a single piece of advice is counted in full. In the order of `all`.
 */
export function withoutOverlap(
  all: readonly { key: string; confidence: 'high' | 'medium' | 'low'; claims: readonly Claim[] }[],
): NanoUsd[] {
  const left = new Map<string, bigint>()
  const counted = new Map<string, bigint>()
  const size = new Map(all.map(({ key, claims }) => [key, claims.reduce((sum, one) => sum + savedOf(one), 0n)]))
  const ordered = [...all].sort((a, b) => {
    const doubt = DOUBT[a.confidence] - DOUBT[b.confidence]
    if (doubt !== 0) return doubt
    const [ofA, ofB] = [size.get(a.key) ?? 0n, size.get(b.key) ?? 0n]
    return ofA === ofB ? (a.key < b.key ? -1 : 1) : ofA > ofB ? -1 : 1
  })
  for (const { key, claims } of ordered) {
    let sum = 0n
    for (const claim of claims) {
      const { path, touchedNanoUsd: touched } = claim
      if (touched <= 0n) continue
      const free = path.reduce((least, { id, costNanoUsd }) => {
        const here = left.get(id) ?? (costNanoUsd > 0n ? costNanoUsd : 0n)
        return here < least ? here : least
      }, touched)
      if (free <= 0n) continue
      for (const { id, costNanoUsd } of path) left.set(id, (left.get(id) ?? costNanoUsd) - free)
      sum += (savedOf(claim) * free) / touched
    }
    counted.set(key, sum)
  }
  return all.map(({ key }) => nanoUsd(counted.get(key) ?? 0n))
}

const DOUBT = { high: 0, medium: 1, low: 2 } as const

/** Never more than what it is about. */
function savedOf({ touchedNanoUsd, savedNanoUsd }: Claim): bigint {
  if (savedNanoUsd <= 0n) return 0n
  return savedNanoUsd < touchedNanoUsd ? savedNanoUsd : touchedNanoUsd
}
