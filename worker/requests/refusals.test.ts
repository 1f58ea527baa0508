import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { budgets } from '../../db/schema/budgets.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { startHeliox } from '../testing.ts'

async function world() {
  const heliox = await startHeliox()
  for (const name of ['ml', 'nlp']) await heliox.write('POST', '/api/v1/teams', { name })
  const { body: key } = await heliox.write('POST', '/api/v1/keys', {
    ...{ name: 'app', scopes: ['inference'], team_id: 'team_1', rpm: 5 },
  })
  const call = (model = 'echo') =>
    heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'a'.repeat(40) }] }),
      headers: { authorization: `Bearer ${key.key as string}` },
    })
  return { heliox, call, key }
}

type Refused = { call_count: number; by_code: Record<string, unknown>[]; refusals: Record<string, unknown>[] }

test('refused calls are counted by reason, with the id, the words and the instant of the last, and none is in requests', async () => {
  const { heliox, call } = await world()
  await heliox.write('POST', '/api/v1/budgets', {
    scope: 'team',
    scope_id: 'team_1',
    limit_tokens: 1,
    period: 'month',
    mode: 'hard',
  })
  for (let time = 0; time < 3; time += 1) expect((await call()).status).toBe(429)
  heliox.moveTo('2026-03-01T12:30:00Z')
  const last = await call()
  expect((await call('no-such')).status).toBe(404)
  const refused = await heliox.json<Refused>('/api/v1/requests/refused?start=2026-03-01&end=2026-03-01')
  expect(refused).toMatchObject({
    ...{ call_count: 5, is_partial: false },
    by_code: [
      {
        ...{ code: 'insufficient_quota', call_count: 4, last_at: '2026-03-01T12:30:00.000Z' },
        last_request_id: last.headers.get('x-request-id'),
      },
      { code: 'model_not_found', call_count: 1 },
    ],
  })
  expect(refused.refusals.find(({ code }) => code === 'insufficient_quota')).toMatchObject({
    ...{ team_name: 'ml', key_name: 'app', model: 'echo', budget_id: 'bdgt_1', first_at: '2026-03-01T12:00:00.000Z' },
    last_message: expect.stringContaining('1 token is left, and this call could use more. It begins again on April 1'),
  })
  expect(await heliox.json('/api/v1/requests')).toMatchObject({ total: 0 })
  const [budget] = (await heliox.json<{ budgets: Record<string, unknown>[] }>('/api/v1/budgets')).budgets
  expect(budget).toMatchObject({
    refused: { call_count: 4, since_at: '2026-03-01T12:00:00.000Z', last_at: '2026-03-01T12:30:00.000Z' },
  })
  heliox.moveTo('2026-03-01T13:00:00Z')
  await heliox.write('PUT', '/api/v1/budgets/bdgt_1', { limit_tokens: 1_000 })
  expect(await heliox.json('/api/v1/budgets/bdgt_1')).toMatchObject({ refused: null })
})

test('a flood of refused calls is one row of its hour, and no name of a model makes more than fifty', async () => {
  const { heliox, call } = await world()
  await Promise.all(Array.from({ length: 70 }, (_, at) => call(`made-up-${at}`)))
  for (let time = 0; time < 40; time += 1) await call()
  const { call_count, by_code } = await heliox.json<Refused>('/api/v1/requests/refused')
  expect(call_count).toBe(105)
  expect(by_code).toMatchObject([
    { code: 'model_not_found', call_count: 70 },
    { code: 'rate_limit_exceeded', call_count: 35 },
  ])
  const rows = await heliox.db.all<{ n: bigint }>(sql`select count(*) as n from refused_calls`)
  expect(rows[0]?.n).toBe(52n)
})

test('who sees only a team sees what was refused to it, and nobody else', async () => {
  const { heliox, call } = await world()
  await call('no-such')
  await heliox.write('POST', '/v1/chat/completions', { model: 'neither', messages: [] }) // of no team
  const own = await heliox.as('viewer', ['team_1'])
  expect(await own.json('/api/v1/requests/refused')).toMatchObject({
    ...{ call_count: 1, is_partial: true, refusals: [{ model: 'no-such', team_id: 'team_1' }] },
  })
  const other = await heliox.as('viewer', ['team_2'])
  expect(await other.json('/api/v1/requests/refused')).toMatchObject({ call_count: 0, refusals: [] })
  expect((await other.fetch('/api/v1/requests/refused?team_id=team_1')).status).toBe(403)
})

test('a budget says how much is left where a call could cost more', async () => {
  const { heliox, call } = await world()
  await heliox.db.run(sql`insert into model_prices (model, effective_from, input_usd_per_million, output_usd_per_million, created_at_ms)
    values ('echo', '2026-01-01', '10', '30', 0)`)
  await heliox.db.insert(budgets).values({
    ...{
      scope: 'team',
      scopeId: 'team_1',
      period: 'day',
      mode: 'hard',
      limitNanoUsd: nanoUsd(10_000n),
      createdAtMs: heliox.now(),
    },
  })
  const answer = await (await call()).json()
  expect(answer).toMatchObject({
    error: {
      code: 'insufficient_quota',
      message: expect.stringMatching(
        /^Of the daily budget of .+, \$0\.00001 is left, and this call could cost more\. It begins again on March 2, 2026 at 00:00 UTC\.$/,
      ),
    },
  })
})
