import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { NO_COUNTS } from '../tokens/counts.ts'
import type { KeptBudget } from './budget-book.ts'
import { Ferry, type Sail } from './ferry.ts'
import type { Admission, Admitted, CallRecord, Trip } from './messages.ts'
import { MeterBook } from './meter-book.ts'
import { nodeStore } from './testing.ts'
import { UNSETTLED } from './write-calls.ts'

const LONGEST_CALL_MS = 60_000
const COST = 40n

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 2, 1, 12), toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function draftOf(at: number): CallRecord {
  return {
    ...{ id: `req_${at}`, startedAtMs: Date.now(), endedAtMs: null, endpoint: 'chat.completions', keyId: 'key_1' },
    ...{ teamId: null, userId: null, endUser: '', modelAsked: 'm', model: 'm', backendId: null, backend: '' },
    ...{ provider: '', isStream: false, status: 'cancelled', httpStatus: null, errorCode: UNSETTLED, errorMessage: '' },
    ...NO_COUNTS,
    ...{ inputTokens: 10, costNanoUsd: '10', costGrade: 'estimated', computedCostNanoUsd: null, priceId: null },
    ...{ serviceTier: '', latencyMs: null, timeToFirstTokenMs: null, retryCount: 0, cache: 'off', savedNanoUsd: '0' },
    ...{ parametersJson: '{}', bodyJson: null },
  }
}

const admissionOf = (at: number): Admission => ({
  ...{ version: 1, draft: draftOf(at), expiresAtMs: Date.now() + LONGEST_CALL_MS, rpm: 100_000, tpm: null },
  most: { inputTokens: 10, outputTokens: 10, isAsked: true, inputNanoUsd: 10, outputNanoUsdPerMillion: 3_000_000 },
  ...{ candidates: [{ id: 'echo', priority: 0, weight: 1, maxConcurrency: null }], strategy: 'weight', affinity: null },
})

const endOf = (draft: CallRecord): CallRecord => ({
  ...{ ...draft, status: 'completed', errorCode: '', costNanoUsd: String(COST), costGrade: 'computed' },
  ...{ inputTokens: 10, outputTokens: 10 },
})

/** A meter with one hard budget over everything, and what it wrote. */
function meterWith(limitNanoUsd: bigint) {
  const written = new Map<string, CallRecord>()
  const budget: KeptBudget = {
    ...{ id: 'bdgt_1', scope: 'company', scopeId: '', period: 'month', mode: 'hard', limitNanoUsd, limitTokens: null },
    ...{ words: 'the budget', name: 'the budget' },
  }
  const seen = new Map([['m', { costNanoUsd: COST, tokens: 20, outputTokens: 10 }]])
  const book = new MeterBook({
    ...{ store: nodeStore(), now: () => Date.now(), random: () => 0.5, isRefusal: () => false, wake: () => undefined },
    writeRefusals: async () => undefined,
    write: async (calls) => {
      for (const text of calls) {
        const record = JSON.parse(text) as CallRecord
        const known = written.get(record.id)
        if (!known || known.errorCode === UNSETTLED) written.set(record.id, record)
      }
    },
    read: async () => ({ version: 1, budgets: [budget], spent: new Map(), seen }),
  })
  return { book, written }
}

const outlive = () => undefined
const after = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))
const NEVER = new Promise<never>(() => undefined)

/** A way to the meter that takes so long, and keeps what was sent. */
function seaOf(book: MeterBook, ms: number) {
  const trips: Trip[] = []
  const sail: Sail = async (trip) => {
    trips.push(trip)
    await after(ms)
    return book.take(JSON.parse(JSON.stringify(trip)) as Trip)
  }
  return { sail, trips }
}

test('a single caller leaves at once; those who come while a trip is under way make the next one together', async () => {
  const { book } = meterWith(1_000_000n)
  const { sail, trips } = seaOf(book, 3)
  const ferry = new Ferry()
  const answers = [ferry.admit(admissionOf(0), sail, outlive)]
  expect(trips).toHaveLength(1)
  for (let at = 1; at < 30; at += 1) answers.push(ferry.admit(admissionOf(at), sail, outlive))
  await vi.advanceTimersByTimeAsync(10)
  expect((await Promise.all(answers)).map(({ is }) => is)).toEqual(Array(30).fill('admitted'))
  expect(trips.map(({ admissions }) => admissions.length)).toEqual([1, 29])
})

test('where the meter is far away nobody waits for a trip to come back for more than some milliseconds', async () => {
  const { book } = meterWith(1_000_000n)
  const { sail, trips } = seaOf(book, 100)
  const ferry = new Ferry()
  const first = ferry.admit(admissionOf(0), sail, outlive)
  const second = ferry.admit(admissionOf(1), sail, outlive)
  await vi.advanceTimersByTimeAsync(6)
  expect(trips).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(200)
  expect([(await first).is, (await second).is]).toEqual(['admitted', 'admitted'])
})

test('the trip that nobody hears of again holds up those aboard for two seconds; the same call asked twice is one', async () => {
  const { book } = meterWith(1_000_000n)
  const { sail } = seaOf(book, 1)
  const ferry = new Ferry()
  const lost: Sail = async (trip) => {
    await sail(trip)
    return NEVER // it got there, and its answer did not come back
  }
  const first = ferry.admit(admissionOf(0), sail, outlive)
  void ferry.admit(admissionOf(1), lost, outlive) // it leads the second boat
  const third = ferry.admit(admissionOf(2), sail, outlive)
  await vi.advanceTimersByTimeAsync(2_100)
  expect([(await first).is, (await third).is]).toEqual(['admitted', 'admitted'])
  expect(book.standing()).toMatchObject({ open: 3, backends: [{ inFlight: 3 }] })
  const fourth = ferry.admit(admissionOf(3), sail, outlive)
  await vi.advanceTimersByTimeAsync(10)
  expect((await fourth).is).toBe('admitted')
})

test('a boat whose leader is gone before it left is boarded by nobody who comes later', async () => {
  const { book } = meterWith(1_000_000n)
  const { sail, trips } = seaOf(book, 1)
  const ferry = new Ferry()
  // What is left of a request that the runtime has ended at the dock.
  Object.assign(ferry, { next: { aboard: [admissionOf(0)], landed: NEVER, madeAtMs: Date.now() } })
  const aboard = ferry.admit(admissionOf(1), sail, outlive)
  await vi.advanceTimersByTimeAsync(150)
  const later = ferry.admit(admissionOf(2), sail, outlive)
  await vi.advanceTimersByTimeAsync(2)
  expect((await later).is).toBe('admitted')
  expect(trips).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2_000)
  expect((await aboard).is).toBe('admitted')
})

test('ends go along with the next call, or by themselves a little later', async () => {
  const { book, written } = meterWith(1_000_000n)
  const { sail, trips } = seaOf(book, 1)
  const ferry = new Ferry()
  const admit = async (at: number) => {
    const answer = ferry.admit(admissionOf(at), sail, outlive)
    await vi.advanceTimersByTimeAsync(2)
    return answer
  }
  await admit(0)
  void ferry.put({ record: endOf(draftOf(0)), attempts: [] }, sail)
  await admit(1)
  expect(trips.map(({ admissions, ended }) => [admissions.length, ended.length])).toEqual([
    [1, 0],
    [1, 1],
  ])
  const told = ferry.put({ record: endOf(draftOf(1)), attempts: [] }, sail)
  await vi.advanceTimersByTimeAsync(20)
  await told
  expect(trips).toHaveLength(3)
  await book.flush()
  expect([...written.keys()]).toEqual(['req_0', 'req_1'])
})

test('an end that is told again is none, and an admission that arrives after it opens nothing', async () => {
  const { book } = meterWith(1_000_000n)
  const asked = admissionOf(0)
  await book.take({ admissions: [asked], ended: [] })
  const told = { record: endOf(asked.draft), attempts: [] }
  await book.take({ admissions: [], ended: [told, told] })
  await book.take({ admissions: [asked, admissionOf(1)], ended: [told] })
  expect(book.standing()).toMatchObject({ open: 1, received: 1, backends: [{ inFlight: 1 }] })
})

test('ends are heard while the database is away, and calls that came with them are asked for again', async () => {
  const away = async () => {
    throw new Error('the database is away')
  }
  const book = new MeterBook({
    ...{ store: nodeStore(), now: () => Date.now(), random: () => 0.5, isRefusal: () => false, wake: () => undefined },
    ...{ write: away, writeRefusals: away, read: away },
  })
  const told = { record: endOf(draftOf(0)), attempts: [] }
  expect(await book.take({ admissions: [], ended: [told] })).toEqual([])
  await expect(book.take({ admissions: [admissionOf(1)], ended: [told] })).rejects.toThrow('away')
  expect(book.standing()).toMatchObject({ open: 0, waiting: 1, received: 1 })
})

/** How a trip goes: there and back; not there; there, and its answer is lost; or nobody ever hears of it, there or not. */
const Fate = fc.constantFrom('well', 'well', 'well', 'fails', 'loses its answer', 'is never heard of', 'never arrives')
const Plan = fc.record({
  limit: fc.bigInt({ min: 0n, max: 900n }),
  calls: fc.array(
    fc.record({
      startMs: fc.integer({ min: 0, max: 40 }),
      lastsMs: fc.integer({ min: 0, max: 30 }),
      /** Its client hangs up meanwhile, and its request is gone. */
      dies: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  trips: fc.array(fc.record({ fate: Fate, thereMs: fc.integer({ min: 0, max: 8 }) }), { minLength: 1, maxLength: 60 }),
})

test('whatever becomes of trips and callers: no budget is passed, every call is written once, and nothing stays held', async () => {
  await fc.assert(
    fc.asyncProperty(Plan, async ({ limit, calls, trips }) => {
      const { book, written } = meterWith(limit)
      const ferry = new Ferry()
      let made = 0
      const sail: Sail = async (trip) => {
        const { fate, thereMs } = trips[made % trips.length] as (typeof trips)[number]
        made += 1
        await after(thereMs)
        if (made > 20 * calls.length) return book.take(trip) // fair weather at last
        if (fate === 'fails') throw new Error('the meter is away')
        if (fate === 'never arrives') return NEVER
        const answers = await book.take(JSON.parse(JSON.stringify(trip)) as Trip)
        if (fate === 'loses its answer') throw new Error('the connection broke')
        return fate === 'well' ? answers : NEVER
      }
      const letThrough = new Set<string>()
      const ended = new Set<string>()
      calls.forEach(({ startMs, lastsMs, dies }, at) => {
        const run = async () => {
          await after(startMs)
          const asked = admissionOf(at)
          const answer: Admitted | null = await ferry.admit(asked, sail, outlive).catch(() => null)
          if (answer?.is !== 'admitted') return
          expect(answer.order).toEqual(['echo'])
          letThrough.add(asked.draft.id)
          await after(lastsMs)
          if (dies) return
          ended.add(asked.draft.id)
          await ferry.put({ record: endOf(asked.draft), attempts: [] }, sail).catch(() => undefined)
        }
        void run()
      })
      await vi.advanceTimersByTimeAsync(2 * LONGEST_CALL_MS)
      await book.flush()
      const all = [...written.values()]
      for (const id of letThrough) expect(written.has(id)).toBe(true)
      for (const { id, status } of all) if (status === 'completed') expect(ended.has(id)).toBe(true)
      const spent = all.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd ?? '0'), 0n)
      expect(spent <= limit).toBe(true)
      const { open, waiting, received, stored, budgets, backends } = book.standing()
      expect([open, waiting, received - stored]).toEqual([0, 0, 0])
      expect(budgets).toMatchObject(budgets.length > 0 ? [{ heldNanoUsd: '0' }] : [])
      for (const { inFlight } of backends) expect(inFlight).toBe(0)
    }),
    { numRuns: 60 },
  )
}, 60_000)
