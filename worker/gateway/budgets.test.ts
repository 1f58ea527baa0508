import fc from 'fast-check'
import { expect, test } from 'vitest'
import { budgets } from '../../db/schema/budgets.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'

const MESSAGE = { role: 'user', content: 'a'.repeat(40) } // ten tokens, and ten back

/** A company whose echo costs 1 nano-dollar a token in and 3 out: 40 a call. */
async function withPrice() {
  const heliox = await startHeliox()
  const { body } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'], rpm: 100_000 })
  const price = { model: 'echo', effectiveFrom: '2026-01-01' as Day, input: '0.001', output: '0.003' }
  await heliox.db.insert(modelPrices).values({ ...price, createdAtMs: heliox.now() })
  const call = (more: object = {}) =>
    heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'echo', messages: [MESSAGE], ...more }),
      headers: { authorization: `Bearer ${body.key as string}` },
    })
  const limit = (limitNanoUsd: bigint, more: Partial<typeof budgets.$inferInsert> = {}) =>
    heliox.db.insert(budgets).values({
      ...{ scope: 'company', period: 'month', mode: 'hard', limitNanoUsd: nanoUsd(limitNanoUsd) },
      ...{ createdAtMs: heliox.now(), ...more },
    })
  const spent = async () => {
    await heliox.book.flush()
    const rows = await heliox.db.select().from(requests)
    return rows.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n) as NanoUsd
  }
  return { heliox, call, limit, spent }
}

test('of 200 calls at the same time against a budget for ten, ten are let through and the budget is not passed', async () => {
  const { call, limit, spent } = await withPrice()
  await limit(400n)
  const answers = await Promise.all(Array.from({ length: 200 }, () => call()))
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(10)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  const refused = answers.find(({ status }) => status === 429)
  expect(await refused?.json()).toMatchObject({
    error: { code: 'insufficient_quota', message: expect.stringContaining('bdgt_1') },
  })
  expect(await spent()).toBe(400n)
}, 60_000)

test('what was spent derives from the ledger: a new meter over the same facts lets through what the old one would', async () => {
  const { heliox, call, limit } = await withPrice()
  await limit(100n)
  expect((await call()).status).toBe(200)
  expect((await call()).status).toBe(200)
  await heliox.book.flush()
  await limit(10_000n, { scope: 'model', scopeId: 'echo' }) // the settings change, and all is read again
  heliox.moveTo('2026-03-01T12:00:02Z')
  const third = await call()
  expect(third.status).toBe(429)
  expect(heliox.book.standing().budgets).toMatchObject([{ spentNanoUsd: '80' }, { spentNanoUsd: '80' }])
})

test('no order of calls, limits and sizes ever passes a hard budget', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt({ min: 1n, max: 600n }),
      fc.array(
        fc.record({ length: fc.integer({ min: 4, max: 120 }), most: fc.option(fc.integer({ min: 1, max: 40 })) }),
        {
          minLength: 1,
          maxLength: 25,
        },
      ),
      async (limitNanoUsd, calls) => {
        const { call, limit, spent, heliox } = await withPrice()
        await limit(limitNanoUsd)
        await Promise.all(
          calls.map(({ length, most }) =>
            call({
              messages: [{ role: 'user', content: 'b'.repeat(length) }],
              ...(most === null ? {} : { max_tokens: most }),
            }),
          ),
        )
        expect(await spent()).toBeLessThanOrEqual(limitNanoUsd)
        expect(heliox.book.standing()).toMatchObject({ open: 0, waiting: 0, budgets: [{ heldNanoUsd: '0' }] })
      },
    ),
    { numRuns: 15 },
  )
}, 60_000)
