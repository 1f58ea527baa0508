import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { requests } from '../../db/schema/requests.ts'
import type { KeyId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, dayOf, type EpochMs, startOf } from '../../db/units/time.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { removeDemo } from './demo.ts'
import { fillDemo } from './load-demo.ts'

const ASKED = { start: '2025-11-01', end: '2026-03-31' }

test('the demo has calls, tokens, keys, budgets and a served and a bought model, and all sums are the same', async () => {
  const heliox = await startHeliox()
  await fillDemo(heliox.scope)
  const total = await heliox.trpc.requests.total.query(ASKED)
  expect(total.requestCount).toBeGreaterThan(300)
  expect(total.failedCount).toBeGreaterThan(3)
  const [stored] = await heliox.db.all<{ cost: bigint; days: bigint; calls: bigint }>(sql`select
    sum(cost_nano_usd) as cost, (select sum(cost_nano_usd) from gateway_days) as days, count(*) as calls from requests`)
  expect([stored?.cost, stored?.days, stored?.calls]).toEqual([
    ...[nano(total.costUsd ?? ''), nano(total.costUsd ?? ''), BigInt(total.requestCount)],
  ])
  const { served, bought } = await heliox.trpc.analytics.unitEconomics.query(ASKED)
  const [own] = served
  expect(served.map(({ model }) => model)).toEqual(['demo-atlas-8b'])
  expect(bought.map(({ model }) => model)).toEqual(['demo-frontier'])
  expect(own?.teams.filter(({ kind }) => kind === 'team')).toHaveLength(3)
  expect(Math.abs(own?.marginShare ?? 9)).toBeLessThan(1) // neither absurdly cheap nor dear
  const models = await heliox.trpc.analytics.models.query(ASKED)
  const perJob = models.rows.filter(({ isServed }) => isServed).map(({ name, costPerJobUsd }) => [name, costPerJobUsd])
  expect(perJob).toEqual([['demo-atlas-8b', null]]) // a deployment is no job
  const { total: tokens } = await heliox.trpc.tokenUsage.total.query(ASKED)
  expect(tokens.totalTokens).toBe((own?.tokens ?? 0) + (bought[0]?.tokens ?? 0))
  const { keys } = await heliox.trpc.keys.list.query({})
  expect(keys.filter(({ usedAt }) => usedAt !== null)).toHaveLength(3)
  const { budgets } = await heliox.trpc.budgets.list.query({})
  expect(budgets.map(({ mode, period }) => [mode, period])).toEqual([
    ...[
      ['hard', 'month'],
      ['hard', 'month'],
      ['soft', 'day'],
    ],
  ])
  expect((await heliox.trpc.analytics.reconciliation.query(ASKED)).differenceUsd).toBe('0.00')
})

test('removing the demo leaves real calls, keys, prices and budgets as they are, also those of a rotated demo key', async () => {
  const heliox = await startHeliox()
  await fillDemo(heliox.scope)
  await real(heliox, 'req_real', null)
  const { keys } = await heliox.trpc.keys.list.query({})
  const taken = keys.find(({ name }) => name === 'demo evaluations')
  await heliox.db.run(sql`update api_keys set prefix = 'hlx_abcdef' where id = ${BigInt(taken?.id.slice(4) ?? 0)}`) // as a rotation does
  await real(heliox, 'req_taken', taken?.id as KeyId)
  await heliox.write('POST', '/api/v1/budgets', { scope: 'company', period: 'month', mode: 'hard', limit_usd: '5' })
  await removeDemo(heliox.scope)
  const total = await heliox.trpc.requests.total.query({})
  expect([total.requestCount, total.costUsd, total.tokensUsed]).toEqual([2, '0.02', 240])
  expect(await heliox.db.all(sql`select sum(request_count) as n, sum(input_tokens) as i from gateway_days`)).toEqual([
    { n: 2n, i: 200n },
  ])
  expect((await heliox.trpc.keys.list.query({})).keys.map(({ name }) => name)).toEqual(['demo evaluations'])
  const left = (await heliox.trpc.budgets.list.query({})).budgets
  expect(left.map(({ scope }) => scope)).toEqual(['key', 'company'])
  expect((await heliox.trpc.deployments.list.query({})).total).toBe(0)
})

/** A call of a real client on a day and of a model of the demo. */
async function real({ db, now }: TestHeliox, id: string, keyId: KeyId | null): Promise<void> {
  await db.insert(requests).values({
    ...{ id, startedAtMs: now() as EpochMs, day: dayOf(now()), endpoint: 'chat.completions', keyId },
    ...{ modelAsked: 'demo-atlas-8b', model: 'demo-atlas-8b', backend: 'demo own GPUs', provider: 'self' },
    ...{ isStream: false, status: 'completed', httpStatus: 200, inputTokens: 100, outputTokens: 20 },
    ...{ costNanoUsd: 10_000_000n as NanoUsd, costGrade: 'computed' },
  })
}

test('the bill of the day on which the demo is loaded is of the hours so far, and of other days whole', async () => {
  const heliox = await startHeliox() // noon
  await fillDemo(heliox.scope)
  const today = dayOf(heliox.now()) as Day
  const hours = async (day: Day) => {
    const [row] = await heliox.db.all<{ h: bigint }>(sql`select p.capacity_gpu_seconds / 3600 as h from pool_days p
      join pools on pools.id = p.pool_id where p.day = ${day} and provider = 'aws' and gpu_type = 'h100'`)
    return Number(row?.h)
  }
  expect(await hours(today)).toBe((await hours(addDays(today, -1))) / 2)
  expect(heliox.now() - startOf(today)).toBe(12 * 3_600_000)
})
