import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Breakers } from './breakers.ts'
import type { BackendRef, Candidate } from './messages.ts'
import { routeOrder } from './routing.ts'

const one = (row: number, more: Partial<Candidate> = {}): Candidate => ({
  ...{ id: `bknd_${row}`, priority: 0, weight: 1, maxConcurrency: null },
  ...more,
})
const call = (isWell: boolean, ms = 10, backend: BackendRef = 'bknd_1') => ({ backend, isWell, ms, message: '' })

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How often each backend comes first in 20,000 calls, as a share. */
function sharesOf(candidates: readonly Candidate[], affinityOf: (call: number) => string | null = () => null) {
  const random = seeded(7)
  const first = new Map<BackendRef, number>()
  const CALLS = 20_000
  for (let at = 0; at < CALLS; at += 1) {
    const [id] = routeOrder({ candidates, strategy: 'weight', affinity: affinityOf(at) }, new Breakers(), 0, random)
    if (id) first.set(id, (first.get(id) ?? 0) + 1)
  }
  return candidates.map(({ id }) => (first.get(id) ?? 0) / CALLS)
}

test('among equals calls go by weight, and nothing goes to a weight of 0', () => {
  const [a, b, c, none] = sharesOf([
    one(1, { weight: 1 }),
    one(2, { weight: 3 }),
    one(3, { weight: 6 }),
    one(4, { weight: 0 }),
  ])
  expect([a, b, c].map((share) => Math.round((share ?? 0) * 50) / 50)).toEqual([0.1, 0.3, 0.6])
  expect(none).toBe(0)
})

test('sessions are spread by weight as well', () => {
  const [a, b, c] = sharesOf(
    [one(1, { weight: 1 }), one(2, { weight: 3 }), one(3, { weight: 6 })],
    (at) => `user-${at}`,
  )
  expect([a, b, c].map((share) => Math.round((share ?? 0) * 50) / 50)).toEqual([0.1, 0.3, 0.6])
})

test('the lowest priority comes first, whatever the weights; every backend is in the order once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ priority: fc.integer({ min: 0, max: 3 }), weight: fc.integer({ min: 0, max: 9 }) }), {
        maxLength: 8,
      }),
      fc.option(fc.string()),
      fc.integer(),
      (some, affinity, seed) => {
        const candidates = some.map((more, at) => one(at + 1, more))
        const order = routeOrder({ candidates, strategy: 'weight', affinity }, new Breakers(), 0, seeded(seed))
        expect([...order].sort()).toEqual(candidates.map(({ id }) => id).sort())
        const inOrder = order.map((id) => candidates.find((candidate) => candidate.id === id) as Candidate)
        inOrder.slice(1).forEach((next, at) => {
          const before = inOrder[at] as Candidate
          expect(before.priority).toBeLessThanOrEqual(next.priority)
          // Of one priority a weight of 0 is asked after all others.
          if (before.priority === next.priority && before.weight === 0) expect(next.weight).toBe(0)
        })
      },
    ),
  )
})

test('a session keeps its backend while others come and go, and gets it back', () => {
  const all = [1, 2, 3, 4].map((row) => one(row))
  const firstOf = (session: string, candidates: readonly Candidate[]) =>
    routeOrder({ candidates, strategy: 'weight', affinity: session }, new Breakers(), 0, Math.random)[0]
  let moved = 0
  for (let at = 0; at < 2_000; at += 1) {
    const session = `session ${at}`
    const before = firstOf(session, all)
    const without = all.filter(({ id }) => id !== 'bknd_3')
    if (before !== 'bknd_3') expect(firstOf(session, without)).toBe(before)
    const more = [...all, one(5)]
    if (firstOf(session, more) !== before) {
      moved += 1
      expect(firstOf(session, more)).toBe('bknd_5')
    }
  }
  expect(moved / 2_000).toBeCloseTo(1 / 5, 1)
})

test('the quickest is asked first, and one that nobody has asked yet before all others', () => {
  const breakers = new Breakers()
  breakers.saw(call(true, 300, 'bknd_1'), 0)
  breakers.saw(call(true, 100, 'bknd_2'), 0)
  const order = (rows: number[]) =>
    routeOrder(
      { candidates: rows.map((row) => one(row)), strategy: 'least-latency', affinity: null },
      breakers,
      0,
      () => 0,
    )
  expect(order([1, 2])).toEqual(['bknd_2', 'bknd_1'])
  expect(order([1, 2, 3])).toEqual(['bknd_3', 'bknd_2', 'bknd_1'])
  for (let at = 0; at < 20; at += 1) breakers.saw(call(true, 900, 'bknd_2'), 0)
  expect(order([1, 2])).toEqual(['bknd_1', 'bknd_2'])
})

test('a full backend is passed over until one of its calls ends', () => {
  const breakers = new Breakers()
  const candidates = [one(1, { maxConcurrency: 2 }), one(2, { priority: 1 })]
  const order = () => routeOrder({ candidates, strategy: 'weight', affinity: null }, breakers, 0, () => 0)
  breakers.start('bknd_1', 'call 1', 0)
  expect(order()).toEqual(['bknd_1', 'bknd_2'])
  breakers.start('bknd_1', 'call 2', 0)
  expect(order()).toEqual(['bknd_2'])
  breakers.end('bknd_1', 'call 1')
  expect(order()).toEqual(['bknd_1', 'bknd_2'])
})
