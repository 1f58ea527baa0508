import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshDb } from '../../../db/testing.ts'
import { NO_COUNTS } from '../tokens/counts.ts'
import type { Admission, CallRecord } from './messages.ts'
import { MeterBook } from './meter-book.ts'
import { readBudgets } from './read-budgets.ts'
import { nodeStore } from './testing.ts'
import { isRefusedForGood, UNSETTLED, writeCalls } from './write-calls.ts'

const START_MS = Date.UTC(2026, 2, 1, 12)
const LASTS_MS = 1_000

function draftOf(at: number): CallRecord {
  return {
    ...{
      id: `req_${at}`,
      startedAtMs: START_MS,
      endedAtMs: null,
      endpoint: 'chat.completions',
      keyId: null,
      teamId: null,
    },
    ...{ userId: null, endUser: '', modelAsked: 'm', model: 'm', backendId: null, backend: '', provider: '' },
    ...{ isStream: false, status: 'cancelled', httpStatus: null, errorCode: UNSETTLED, errorMessage: '' },
    ...NO_COUNTS,
    ...{ inputTokens: 1, costNanoUsd: '1', costGrade: 'estimated', computedCostNanoUsd: null, priceId: null },
    ...{ serviceTier: '', latencyMs: null, timeToFirstTokenMs: null, retryCount: 0, cache: 'off', savedNanoUsd: '0' },
    ...{ parametersJson: '{}', bodyJson: null },
  }
}

function endOf(at: number): CallRecord {
  const cost = { costNanoUsd: String(1_000 * (at + 1)), costGrade: 'computed' } as const
  return { ...draftOf(at), ...cost, status: 'completed', errorCode: '', inputTokens: 10, outputTokens: at }
}

const admissionOf = (at: number, version: number): Admission => ({
  ...{ version, draft: draftOf(at), expiresAtMs: START_MS + LASTS_MS, rpm: null, tpm: null },
  most: { inputTokens: 1, outputTokens: 1, isAsked: true, inputNanoUsd: 1, outputNanoUsdPerMillion: 1 },
  ...{ candidates: [{ id: 'echo', priority: 0, weight: 1, maxConcurrency: null }], strategy: 'weight', affinity: null },
})

/** What happens to one of eight calls, or to all: let through, ended so often, written, killed; and how the database does. */
const Step = fc.record({
  does: fc.constantFrom('admit', 'settle', 'flush', 'kill', 'wait') as fc.Arbitrary<
    'admit' | 'settle' | 'flush' | 'kill' | 'wait'
  >,
  call: fc.integer({ min: 0, max: 7 }),
  times: fc.integer({ min: 1, max: 5 }),
  /** Fails before it has written, or after: the commit stands and its answer is lost. */
  database: fc.constantFrom('well', 'fails', 'loses its answer') as fc.Arbitrary<'well' | 'fails' | 'loses its answer'>,
})

test('whatever is killed, fails, comes twice or late: every call is in the ledger once, and repeating changes nothing', async () => {
  const db = await freshDb()
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const dir = mkdtempSync(join(tmpdir(), 'heliox-meter-'))
      await db.run(sql`delete from requests`)
      await db.run(sql`delete from gateway_days`)
      let nowMs = START_MS
      let database: 'well' | 'fails' | 'loses its answer' = 'well'
      const open = () =>
        new MeterBook({
          ...{ store: nodeStore(join(dir, 'meter.db')), now: () => nowMs, random: () => 0.5, wake: () => undefined },
          isRefusal: isRefusedForGood,
          write: async (calls) => {
            if (database === 'fails') throw new Error('the database is away')
            await writeCalls(db, calls)
            if (database === 'loses its answer') throw new Error('the connection broke')
          },
          writeRefusals: async () => undefined,
          read: (atMs) => readBudgets(db, atMs),
        })
      let book = open()
      const [version = 1] = (await db.all<{ version: bigint }>(sql`select version from gateway_version`)).map((row) =>
        Number(row.version),
      )
      const admitted = new Set<number>()
      const settled = new Set<number>()
      for (const { does, call, times, database: mood } of steps) {
        database = mood
        if (does === 'admit' && !admitted.has(call)) {
          const answer = await book.admit(admissionOf(call, version)).catch(() => null)
          if (answer?.is === 'admitted') admitted.add(call)
        }
        if (does === 'settle' && admitted.has(call)) {
          for (let at = 0; at < times; at += 1) book.settle({ record: endOf(call), attempts: [] })
          settled.add(call)
        }
        if (does === 'flush') await book.flush().catch(() => undefined)
        if (does === 'wait') nowMs += LASTS_MS / 2
        if (does === 'kill') {
          void book.flush().catch(() => undefined) // in the middle of it
          book = open()
        }
      }
      database = 'well'
      nowMs += 2 * LASTS_MS
      book = open()
      await book.flush()
      const ledger = async () => {
        const calls = await db.all(sql`select * from requests order by id`)
        const days = await db.all(sql`select * from gateway_days order by model, status, cost_grade`)
        return { calls, days }
      }
      const before = await ledger()
      const cost = (at: number) => (settled.has(at) ? 1_000 * (at + 1) : 1)
      const expected = [...admitted].sort().map((at) => ({ id: `req_${at}`, cost_nano_usd: BigInt(cost(at)) }))
      expect(before.calls).toMatchObject(expected)
      expect(before.calls).toHaveLength(expected.length)
      const sum = (name: string) =>
        (before.days as Record<string, bigint>[]).reduce((all, day) => all + (day[name] ?? 0n), 0n)
      expect(sum('request_count')).toBe(BigInt(admitted.size))
      expect(sum('cost_nano_usd')).toBe(expected.reduce((all, one) => all + one.cost_nano_usd, 0n))
      const { open: left, waiting, received, stored, rejected } = book.standing()
      expect([left, waiting, stored + rejected]).toEqual([0, 0, received])
      for (let turn = 0; turn < 5; turn += 1) {
        for (const at of settled) book.settle({ record: endOf(at), attempts: [] })
        for (const at of admitted) book.settle({ record: draftOf(at), attempts: [] })
        await book.flush()
      }
      expect(await ledger()).toEqual(before)
      rmSync(dir, { recursive: true, force: true })
    }),
    { numRuns: 15 },
  )
}, 120_000)
