import { expect, test } from 'vitest'
import { budgetAlerts } from '../../db/schema/budgets.ts'
import { modelPrices } from '../../db/schema/prices.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'

/** Two teams, a key of the first one, and an echo that costs 1 cent a token in and 3 out. */
async function world() {
  const heliox = await startHeliox()
  for (const name of ['vision', 'speech']) await heliox.write('POST', '/api/v1/teams', { name })
  const key = { name: 'app', scopes: ['inference'], team_id: 'team_1', rpm: 10_000 }
  const made = await heliox.write('POST', '/api/v1/keys', key)
  const price = { model: 'echo', effectiveFrom: '2026-01-01' as Day, input: '10000', output: '30000' }
  await heliox.db.insert(modelPrices).values({ ...price, createdAtMs: heliox.now() })
  const call = (characters = 40) =>
    heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'a'.repeat(characters) }] }),
      headers: { authorization: `Bearer ${made.body.key as string}` },
    })
  const budget = (fields: object) =>
    heliox.write('POST', '/api/v1/budgets', { period: 'month', mode: 'hard', ...fields })
  return { heliox, call, budget }
}

test('a budget says what was spent of it, what is left, and when it begins again', async () => {
  const { heliox, call, budget } = await world()
  const made = await budget({ scope: 'team', scope_id: 'team_1', limit_usd: '1.00' })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    ...{ id: 'bdgt_1', scope: 'team', scope_id: 'team_1', name: 'vision', limit_usd: '1.00', limit_tokens: null },
    ...{ spent_usd: '0.00', held_usd: '0.00', spent_percent: 0, alerts: [], period_start: '2026-03-01' },
    begins_again_at: '2026-04-01T00:00:00.000Z',
  })
  expect((await call()).status).toBe(200) // 10 tokens in, 10 out: 40 cents
  const seen = await heliox.json('/api/v1/budgets')
  expect(seen).toMatchObject({ total: 1, budgets: [{ spent_usd: '0.40', spent_tokens: 20, spent_percent: 40 }] })
  expect((await call()).status).toBe(200)
  const refused = await call()
  expect([refused.status, await refused.json()]).toMatchObject([
    429,
    {
      error: {
        code: 'insufficient_quota',
        message:
          'Of the monthly budget of team vision, $1.00 (bdgt_1), $0.20 is left, and this call could cost more. It begins again on April 1, 2026 at 00:00 UTC.',
      },
    },
  ])
})

test('a call for a team is told no amount that its team may not read', async () => {
  const { heliox, call, budget } = await world()
  await budget({ scope: 'model', scope_id: 'echo', limit_usd: '0.10', mode: 'soft' })
  await budget({ scope: 'company', limit_usd: '0.20', period: 'day' })
  const told = async (response: Response) => [...response.headers].join() + (await response.text())
  const byTeam = await told(await call())
  expect(byTeam).toContain(
    'There is no room in the daily budget of the company (bdgt_2) for this call. It begins again on March 2',
  )
  expect(byTeam).not.toContain('0.20')
  await heliox.write('PUT', '/api/v1/budgets/bdgt_2', { limit_usd: '5' })
  const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'a'.repeat(40) }] })
  const company = () => heliox.fetch('/v1/chat/completions', { method: 'POST', body })
  expect((await company()).status).toBe(200)
  const warned = await call()
  expect(warned.headers.get('x-heliox-budget-warning')).toBe('Used up: the monthly budget of model echo (bdgt_1)')
  const admin = await company()
  expect(admin.headers.get('x-heliox-budget-warning')).toBe('Used up: the monthly budget of model echo, $0.10 (bdgt_1)')
})

test('what the meter does not know yet stands in the sums of days', async () => {
  const { heliox, call, budget } = await world()
  await call()
  const made = await budget({ scope: 'company', limit_tokens: 100 })
  expect(made.body).toMatchObject({ spent_tokens: 20, spent_percent: 20, limit_usd: null, scope_id: null, name: null })
  const key = await budget({ scope: 'key', scope_id: 'key_1', period: 'day', limit_usd: '4' })
  expect(key.body).toMatchObject({ spent_usd: '0.40', name: 'app', period_start: '2026-03-01' })
  heliox.moveTo('2026-03-02T00:00:00Z')
  const page = await heliox.json('/api/v1/budgets')
  expect(page).toMatchObject({ budgets: [{ spent_tokens: 20 }, { spent_usd: '0.00', period_start: '2026-03-02' }] })
})

test('passing 50, 80 and 100 per cent is told once a period', async () => {
  const { heliox, call, budget } = await world()
  await budget({ scope: 'company', limit_usd: '1', mode: 'soft' })
  const told = async () => {
    await heliox.book.flush()
    return (await heliox.db.select().from(budgetAlerts)).map(({ periodStart, percent }) => `${periodStart} ${percent}`)
  }
  await call()
  expect(await told()).toEqual([])
  await call()
  expect(await told()).toEqual(['2026-03-01 50', '2026-03-01 80'])
  const third = await call()
  expect([third.status, third.headers.get('x-heliox-budget-warning')]).toEqual([200, null])
  const fourth = await call()
  expect([fourth.status, fourth.headers.get('x-heliox-budget-warning')]).toEqual([
    200,
    'Used up: the monthly budget of the company (bdgt_1)',
  ])
  expect(await told()).toEqual(['2026-03-01 50', '2026-03-01 80', '2026-03-01 100'])
  const page = await heliox.json('/api/v1/budgets')
  expect(page).toMatchObject({ budgets: [{ alerts: [{ percent: 50 }, { percent: 80 }, { percent: 100 }] }] })
  heliox.moveTo('2026-04-01T00:20:00Z')
  await call(80)
  expect(await told()).toEqual(['2026-03-01 50', '2026-03-01 80', '2026-03-01 100', '2026-04-01 50', '2026-04-01 80'])
})

test('people of a team see the budgets of their team, of its keys and their own, and set none', async () => {
  const { heliox, budget } = await world()
  const developer = await heliox.as('developer', ['team_1' as TeamId])
  for (const fields of [
    { scope: 'company', limit_usd: '1' },
    { scope: 'team', scope_id: 'team_1', limit_usd: '1' },
    { scope: 'team', scope_id: 'team_2', limit_usd: '1' },
    { scope: 'key', scope_id: 'key_1', limit_usd: '1' },
    { scope: 'user', scope_id: developer.userId, limit_usd: '1' },
    { scope: 'model', scope_id: 'echo', limit_usd: '1' },
  ])
    expect((await budget(fields)).status).toBe(201)
  const seen = await developer.json<{ budgets: { id: string }[] }>('/api/v1/budgets')
  expect(seen).toMatchObject({ total: 3, is_partial: true })
  expect(seen.budgets.map(({ id }) => id)).toEqual(['bdgt_2', 'bdgt_4', 'bdgt_5'])
  expect((await developer.fetch('/api/v1/budgets/bdgt_3')).status).toBe(404)
  expect((await developer.write('DELETE', '/api/v1/budgets/bdgt_2')).status).toBe(403)
})

test('what makes no sense is refused, and says which field', async () => {
  const { budget } = await world()
  const wrong: [object, number, RegExp][] = [
    [{ scope: 'company', scope_id: 'team_1', limit_usd: '1' }, 400, /scope_id: the company has no id/],
    [{ scope: 'team', limit_usd: '1' }, 400, /scope_id: expected an id such as team_17/],
    [{ scope: 'team', scope_id: 'key_1', limit_usd: '1' }, 400, /scope_id/],
    [{ scope: 'model', limit_usd: '1' }, 400, /scope_id: must name a model/],
    [{ scope: 'company' }, 400, /limit_usd: give limit_usd or limit_tokens/],
    [{ scope: 'company', limit_usd: '1', limit_tokens: 1 }, 400, /limit_usd: give/],
    [{ scope: 'company', limit_usd: '-1' }, 400, /limit_usd: must not be below 0/],
    [{ scope: 'company', limit_usd: '0.0000000001' }, 400, /limit_usd: must have at most 9 decimals/],
    [{ scope: 'company', limit_usd: 1e-10 }, 400, /limit_usd: must have at most 9 decimals/],
    [{ scope: 'company', limit_usd: 'much' }, 400, /limit_usd: expected an amount/],
    [{ scope: 'company', limit_tokens: -1 }, 400, /limit_tokens/],
    [{ scope: 'company', limit_usd: '1', period: 'week' }, 400, /period/],
  ]
  for (const [fields, status, words] of wrong) {
    const answer = await budget(fields)
    expect([fields, answer.status]).toEqual([fields, status])
    expect(answer.body.error.details.join()).toMatch(words)
  }
  expect(await budget({ scope: 'team', scope_id: 'team_9', limit_usd: '1' })).toMatchObject({
    ...{ status: 404, body: { error: { code: 'budgets.no_subject' } } },
  })
})

test('of the same calls, period, unit and mode there is one budget', async () => {
  const { heliox, budget } = await world()
  const team = { scope: 'team', scope_id: 'team_1', limit_usd: '1' }
  expect((await budget(team)).status).toBe(201)
  const refused = await budget({ ...team, limit_usd: '2' })
  expect(refused.status).toBe(409)
  expect(refused.body.error).toMatchObject({ code: 'budgets.twin', message: expect.stringContaining('bdgt_1') })
  for (const other of [
    { period: 'day' },
    { mode: 'soft' },
    { limit_usd: null, limit_tokens: 9 },
    { scope_id: 'team_2' },
  ])
    expect([other, (await budget({ ...team, ...other })).status]).toEqual([other, 201])
  const put = (fields: object) => heliox.write('PUT', '/api/v1/budgets/bdgt_1', fields)
  for (const onto of [{ mode: 'soft' }, { limit_tokens: 5 }])
    expect(await put(onto)).toMatchObject({ status: 409, body: { error: { code: 'budgets.twin' } } })
  expect((await put({ limit_usd: '7' })).status).toBe(200)
})

test('a limit is what was entered, to the nano-dollar', async () => {
  const { heliox, budget } = await world()
  expect((await budget({ scope: 'company', limit_usd: '0.0000000010' })).body).toMatchObject({
    limit_usd: '0.000000001',
  })
  for (const [path, fields] of [
    ['/api/v1/budgets/bdgt_1', { limit_usd: '1.0000000001' }],
    ['/api/v1/keys/key_1', { monthly_limit_usd: '0.0000000001' }],
    ['/api/v1/teams/team_1', { budget_usd: '0.0000000001' }],
  ] as const) {
    const { status, body } = await heliox.write('PUT', path, fields)
    expect([path, status, body.error.details]).toEqual([path, 400, [expect.stringMatching(/at most 9 decimals/)]])
  }
})

test('a limit changes, also its unit, against the version that was seen; each change is audited', async () => {
  const { heliox, budget } = await world()
  const { headers } = await budget({ scope: 'company', limit_usd: '1' })
  const tag = headers.get('etag') ?? ''
  const put = (fields: object, more = {}) => heliox.write('PUT', '/api/v1/budgets/bdgt_1', fields, more)
  expect(await put({ limit_tokens: 500 }, { 'if-match': tag })).toMatchObject({
    ...{ status: 200, body: { limit_usd: null, limit_tokens: 500, mode: 'hard' } },
  })
  expect((await put({ mode: 'soft' }, { 'if-match': tag })).status).toBe(412)
  expect((await put({ mode: 'soft' })).body).toMatchObject({ limit_tokens: 500, mode: 'soft' })
  expect((await put({ limit_tokens: null })).status).toBe(400)
  expect((await heliox.write('DELETE', '/api/v1/budgets/bdgt_1')).status).toBe(204)
  const audit = await heliox.json<{ entries: { action: string }[] }>('/api/v1/audit?limit=3')
  expect(JSON.stringify(audit)).toMatch(/budgets.remove.*budgets.update.*budgets.update/)
})
