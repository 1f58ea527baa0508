import type { Breakers } from './breakers.ts'
import type { BackendRef, Candidate } from './messages.ts'

type Asked = { candidates: readonly Candidate[]; strategy: 'weight' | 'least-latency'; affinity: string | null }

/**
 * In which order the backends of a model are asked: by priority, the lowest number first; among equals by weight at random,
 * or the quickest first (one that has not been asked yet before all others), or always the same one for a session. Those that
 * are switched off or full are left out. A weight of 0 is asked only after all others of its priority.
 */
export function routeOrder(
  { candidates, strategy, affinity }: Asked,
  breakers: Pick<Breakers, 'isOpen' | 'isFull' | 'latencyMs'>,
  nowMs: number,
  random: () => number,
): BackendRef[] {
  const open = candidates.filter((one) => !breakers.isOpen(one.id, nowMs) && !breakers.isFull(one))
  if (open.length <= 1) return open.map(({ id }) => id)
  const rankOf = (one: Candidate) => {
    if (affinity !== null) return -weighted(hashOf(`${affinity} ${one.id}`), one.weight)
    if (strategy === 'least-latency') return breakers.latencyMs(one.id) ?? -1
    return -weighted(random(), one.weight)
  }
  const ranked = open.map((one) => ({ one, rank: rankOf(one) }))
  ranked.sort((a, b) => a.one.priority - b.one.priority || a.rank - b.rank)
  return ranked.map(({ one }) => one.id)
}

/** The larger, the earlier: u^(1/w) orders by weight without a second draw (Efraimidis and Spirakis, 2006). */
function weighted(u: number, weight: number): number {
  return weight <= 0 ? -1 + u : u ** (1 / weight)
}

/** A number from 0 to 1 that a text always has: FNV-1a, mixed as MurmurHash3 ends so that texts of one beginning lie apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
