import { beforeEach, expect, test } from 'vitest'
import { modelPrices } from '../../db/schema/prices.ts'
import { gatewayDays, requests } from '../../db/schema/requests.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { type Day, type EpochMs, parseInstant } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

let heliox: TestHeliox
beforeEach(async () => {
  heliox = await startHeliox()
  for (const name of ['ml', 'nlp']) await heliox.write('POST', '/api/v1/teams', { name })
})

type Row = typeof requests.$inferInsert
let made = 0

/** A call at that time of 1 March 2026, such as "08:00"; a cent unless told otherwise. */
function call(id: string, time: string, more: Partial<Row> = {}): Row {
  made += 1
  return {
    ...{ id: `req_${id}`, startedAtMs: parseInstant(`2026-03-01T${time}:00Z`) as EpochMs, day: '2026-03-01' as Day },
    ...{ endpoint: 'chat.completions', modelAsked: 'small', model: 'small-2026', backend: 'vllm', provider: 'own' },
    ...{ isStream: false, status: 'completed', httpStatus: 200, inputTokens: 100, outputTokens: 20 },
    ...{ costNanoUsd: 10_000_000n as NanoUsd, costGrade: 'computed', latencyMs: made * 10, teamId: 'team_1' as TeamId },
    ...more,
  } as Row
}

const store = (...rows: Row[]) => heliox.db.insert(requests).values(rows)
const idsOf = async (query: string, by: Pick<TestHeliox, 'json'> = heliox) =>
  (await by.json<{ requests: { id: string }[] }>(`/api/v1/requests${query}`)).requests.map(({ id }) => id.slice(4))

test('a call is in the list as soon as it has been answered, with its tokens, and no price is not $0', async () => {
  const sent = await heliox.write('POST', '/v1/chat/completions', {
    ...{ model: 'echo', temperature: 0.5, messages: [{ role: 'user', content: 'four words are here' }] },
  })
  const id = sent.headers.get('x-request-id')
  const page = await heliox.json<{ requests: unknown[]; total: number }>('/api/v1/requests')
  expect(page).toMatchObject({
    total: 1,
    requests: [
      {
        ...{ id, model: 'echo', backend: 'echo', status: 'completed', stream: false, team_id: null, key_id: null },
        ...{ prompt_tokens: 5, completion_tokens: 5, tokens_used: 10, cost_usd: null, cost_grade: 'unpriced' },
        ...{ created_at: '2026-03-01T12:00:00.000Z', ttft_ms: null, error_message: '', retry_count: 0, cache: 'off' },
      },
    ],
  })
  expect(page.requests[0]).not.toHaveProperty('parameters')
  expect(await heliox.json(`/api/v1/requests/${id}`)).toMatchObject({
    ...{ id, parameters: '{"temperature":0.5}', body: null, body_state: 'none', price: null },
  })
})

test('paging by cursor shows each call once while new ones come in, also those of one millisecond', async () => {
  await store(call('a', '08:00'), call('b', '08:00'), call('c', '08:00'), call('d', '09:00'))
  const first = await heliox.json<{ next_cursor: string; total: number }>('/api/v1/requests?limit=2')
  expect(first.total).toBe(4)
  await store(call('e', '10:00'))
  expect(await idsOf('?limit=2')).toEqual(['e', 'd'])
  expect(await idsOf(`?limit=2&cursor=${first.next_cursor}`)).toEqual(['b', 'a'])
  const last = await heliox.json<{ next_cursor: null; has_more: boolean }>(
    `/api/v1/requests?limit=2&cursor=${first.next_cursor}`,
  )
  expect([last.next_cursor, last.has_more]).toEqual([null, false])
  expect(await idsOf('?limit=2&skip=2')).toEqual(['c', 'b'])
  expect((await heliox.fetch('/api/v1/requests?cursor=x')).status).toBe(400)
})

test('every filter narrows the list and its totals alike', async () => {
  const person = await heliox.as('developer', ['team_1'])
  const { body: key } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  await store(
    call('plain', '08:00', { latencyMs: 100 }),
    call('team', '08:01', { teamId: 'team_2', latencyMs: 100 }),
    call('key', '08:02', { keyId: key.id, latencyMs: 100 }),
    call('user', '08:03', { userId: person.userId, latencyMs: 100 }),
    call('model', '08:04', { modelAsked: 'large', model: 'large-1', latencyMs: 100 }),
    call('backend', '08:05', { backend: 'azure', latencyMs: 100 }),
    call('failed', '08:06', { status: 'failed', costNanoUsd: 0n as NanoUsd, latencyMs: 100 }),
    call('cut', '08:07', { status: 'cancelled', costGrade: 'estimated', latencyMs: 100 }),
    call('hit', '08:08', { cache: 'hit', savedNanoUsd: 5n as NanoUsd, costNanoUsd: 0n as NanoUsd, latencyMs: 100 }),
    call('dear', '08:09', { costNanoUsd: 2_000_000_000n as NanoUsd, latencyMs: 100 }),
    call('slow', '08:10', { latencyMs: 9_000 }),
    call('yesterday', '08:00', {
      startedAtMs: parseInstant('2026-02-28T23:59:59Z') as EpochMs,
      day: '2026-02-28' as Day,
    }),
  )
  const cases: [string, string[]][] = [
    ['team_id=team_2', ['team']],
    [`key_id=${key.id}`, ['key']],
    [`user_id=${person.userId}`, ['user']],
    ['model=large', ['model']],
    ['model=large-1', ['model']],
    ['backend=azure', ['backend']],
    ['status=failed', ['failed']],
    ['errors=true', ['cut', 'failed']],
    ['cost_grade=estimated', ['cut']],
    ['cost_grade=estimated&cost_grade=reported', ['cut']],
    ['cache=hit', ['hit']],
    ['min_cost_usd=1.50', ['dear']],
    ['min_latency_ms=5000', ['slow']],
    ['end=2026-02-28', ['yesterday']],
    ['start=2026-03-01&status=cancelled', ['cut']],
    ['start=2026-03-01&team_id=team_2&min_latency_ms=50', ['team']],
  ]
  for (const [query, ids] of cases) {
    expect([query, await idsOf(`?${query}`)]).toEqual([query, ids])
    const total = await heliox.json<{ request_count: number }>(`/api/v1/requests/total?${query}`)
    expect([query, total.request_count]).toEqual([query, ids.length])
    expect([query, (await heliox.json<{ total: number }>(`/api/v1/requests?${query}`)).total]).toEqual([
      query,
      ids.length,
    ])
  }
})

test('what calls can be narrowed by is of the days and of the teams that one sees, the busiest first', async () => {
  const { body: key } = await heliox.write('POST', '/api/v1/keys', { name: 'app', scopes: ['inference'] })
  await store(
    call('a', '08:00', { modelAsked: 'large' }),
    call('b', '08:01', { keyId: key.id }),
    call('c', '08:02', { keyId: key.id }),
    call('d', '08:03', { teamId: 'team_2', modelAsked: 'secret', backend: 'azure' }),
  )
  expect(await heliox.json('/api/v1/requests/facets')).toEqual({
    ...{ models: ['small', 'large', 'secret'], backends: ['vllm', 'azure'], users: [] },
    keys: [{ id: key.id, name: 'app' }],
  })
  const viewer = await heliox.as('viewer', ['team_1'])
  expect(await viewer.json('/api/v1/requests/facets')).toMatchObject({ models: ['small', 'large'], backends: ['vllm'] })
  expect(await heliox.json('/api/v1/requests/facets?end=2026-02-01')).toMatchObject({ models: [], keys: [] })
})

test('totals add tokens and cost by grade, and know the middle and the slow end of the times', async () => {
  await store(
    ...[10, 20, 30, 40].map((latencyMs, at) => call(`t${at}`, '08:00', { latencyMs, timeToFirstTokenMs: 5 })),
    call('none', '08:01', {
      costNanoUsd: null,
      costGrade: 'unpriced',
      inputTokens: null,
      outputTokens: null,
      latencyMs: 50,
    }),
  )
  const said = {
    ...{ request_count: 5, failed_count: 0, input_tokens: 400, output_tokens: 80, cached_input_tokens: null },
    ...{ tokens_used: 480, cost_usd: '0.04', is_bounded: false, is_partial: false },
    by_grade: [
      { cost_grade: 'computed', request_count: 4, cost_usd: '0.04' },
      { cost_grade: 'unpriced', request_count: 1, cost_usd: null },
    ],
    latency: { request_count: 5, p50_ms: 30, p95_ms: 50 },
    time_to_first_token: { request_count: 4, p50_ms: 5, p95_ms: 5 },
  }
  expect(await heliox.json('/api/v1/requests/total')).toMatchObject(said)
  // The same from the calls themselves, where a filter needs them.
  expect(await heliox.json('/api/v1/requests/total?min_latency_ms=0')).toMatchObject(said)
})

test('who sees one team sees its calls and no others, alone, in lists and in totals', async () => {
  await store(
    call('own', '08:00'),
    call('other', '08:01', { teamId: 'team_2' }),
    call('nobodys', '08:02', { teamId: null }),
  )
  const viewer = await heliox.as('viewer', ['team_1'])
  expect(await idsOf('', viewer)).toEqual(['own'])
  expect(await viewer.json('/api/v1/requests/total')).toMatchObject({ request_count: 1, is_partial: true })
  expect((await viewer.fetch('/api/v1/requests?team_id=team_2')).status).toBe(403)
  for (const id of ['req_other', 'req_nobodys', 'req_gone']) {
    const answer = await viewer.fetch(`/api/v1/requests/${id}`)
    expect([id, answer.status, await answer.json()]).toMatchObject([id, 404, { detail: `There is no request ${id}` }])
  }
  expect(await idsOf('', await heliox.as('viewer'))).toEqual([])
  expect(await idsOf('', await heliox.as('finance'))).toEqual(['nobodys', 'other', 'own'])
})

test('what was said is for developers of the team and administrators, and for nobody else', async () => {
  const messages = [{ role: 'user', content: 'a secret', camelCase: true }]
  const bodyJson = JSON.stringify({ messages, response: 'an answer' })
  await store(call('kept', '08:00', { bodyJson }))
  const bodyFor = async (by: Pick<TestHeliox, 'json'>) =>
    by.json<{ body: unknown; body_state: string }>('/api/v1/requests/req_kept')
  for (const by of [heliox, await heliox.as('developer', ['team_1'])])
    expect(await bodyFor(by)).toMatchObject({
      body_state: 'kept',
      body: { messages: JSON.stringify(messages), response: '"an answer"' },
    })
  const { body: key } = await heliox.write('POST', '/api/v1/keys', { name: 'reader', scopes: ['usage:read'] })
  const reader = heliox.callerWith({ authorization: `Bearer ${key.key}` })
  for (const by of [await heliox.as('viewer', ['team_1']), await heliox.as('finance'), reader])
    expect(await bodyFor(by)).toMatchObject({ body_state: 'hidden', body: null })
})

test('a call says the price that it was charged by, with the rates of its size', async () => {
  await heliox.db.insert(modelPrices).values({
    ...{ model: 'small', effectiveFrom: '2026-01-01' as Day, input: '1.50', output: '2', createdAtMs: heliox.now() },
    variantsJson: JSON.stringify([{ aboveTokens: 50, input: '3' }]),
  })
  await store(call('priced', '08:00', { priceId: 'price_1' }))
  expect((await heliox.json<{ price: unknown }>('/api/v1/requests/req_priced')).price).toEqual({
    ...{ id: 'price_1', model: 'small', effective_from: '2026-01-01', source: 'by hand' },
    rates: [
      { bucket: 'input', usd_per_million: '3.00' },
      { bucket: 'output', usd_per_million: '2.00' },
    ],
  })
})

test('the list as CSV has the columns of the list', async () => {
  await store(call('a', '08:00', { errorMessage: '=1+1' }))
  const file = await (await heliox.fetch('/api/v1/requests', { headers: { accept: 'text/csv' } })).text()
  const [names = '', row = ''] = file.split('\r\n')
  expect(names.split(',')).toEqual(
    expect.arrayContaining(['id', 'created_at', 'tokens_used', 'cost_usd', 'cost_grade']),
  )
  expect(row).toContain('req_a')
  expect(row).toContain("'=1+1")
})

test('no question walks the calls: lists and percentiles go by an index, sums by those of days', async () => {
  await store(call('a', '08:00'))
  const plans = async (ask: () => Promise<unknown>) => {
    const { $client } = heliox.db
    const asked: { sql: string; args: never }[] = []
    const [execute, batch] = [$client.execute.bind($client), $client.batch.bind($client)]
    const note = (one: unknown) => asked.push(one as (typeof asked)[number])
    Object.assign($client, {
      execute: (one: never) => {
        note(one)
        return execute(one)
      },
      batch: (all: never[], mode: never) => {
        all.forEach(note)
        return batch(all, mode)
      },
    })
    await ask()
    Object.assign($client, { execute, batch })
    const found: string[] = []
    for (const { sql, args } of asked.filter((one) => /"requests"|"gateway_days"/.test(one.sql)))
      for (const { detail } of (await execute({ sql: `explain query plan ${sql}`, args })).rows)
        found.push(String(detail))
    return found
  }
  // Walked without an index is only what an index has found: the newest calls, up to a limit.
  const walked = (plan: string) => plan.match(/SCAN requests(?! USING)/g)?.length ?? 0
  const found = (plan: string) => plan.match(/(CO-ROUTINE|MATERIALIZE) requests/g)?.length ?? 0
  const days = 'start=2026-02-01&end=2026-03-01'
  const developer = await heliox.as('developer', ['team_1', 'team_2'])
  for (const [by, query] of [
    ...[
      '',
      `?${days}`,
      `?${days}&model=small`,
      '?team_id=team_1',
      `?${days}&key_id=key_1`,
      `?${days}&min_latency_ms=1`,
    ].map((query) => [heliox, query] as const),
    [developer, `?${days}`] as const,
  ]) {
    const list = (await plans(() => by.json(`/api/v1/requests${query}`))).join('\n')
    expect([query, walked(list)]).toEqual([query, found(list)])
    expect([query, list]).not.toMatchObject([query, expect.stringMatching(/USE TEMP B-TREE FOR ORDER BY/)])
    expect([query, list]).toMatchObject([
      query,
      expect.stringMatching(/requests USING INDEX requests_(started|team|key)_idx/),
    ])
    const total = (await plans(() => by.json(`/api/v1/requests/total${query}`))).join('\n')
    expect([query, walked(total)]).toEqual([query, found(total)])
    expect([query, total]).toMatchObject([query, expect.stringMatching(/requests USING INDEX/)])
    if (!query.includes('min')) expect([query, total]).toMatchObject([query, expect.stringMatching(/gateway_days/)])
  }
  expect(await heliox.db.select().from(gatewayDays)).toHaveLength(1)
})

test('a page of another site cannot spend with the cookie of somebody who is signed in', async () => {
  const signedIn = await heliox.stranger('/trpc/auth.register', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost' },
    body: JSON.stringify({ email: 'ann@example.com', password: 'a tall ship and a star', name: 'Ann' }),
  })
  const cookies = signedIn.headers.getSetCookie().map((one) => one.split(';')[0])
  const cookie = cookies.join('; ')
  expect(cookie).not.toBe('')
  await heliox.db.$client.execute("update users set role = 'admin' where email = 'ann@example.com'")
  const ask = (headers: Record<string, string>) =>
    heliox.stranger('/v1/chat/completions', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hi' }] }),
    })
  const foreign = await ask({ origin: 'https://evil.example' })
  expect([foreign.status, await foreign.json()]).toMatchObject([403, { error: { code: 'permission_denied' } }])
  expect((await ask({})).status).toBe(403) // no browser of today sends neither header
  expect((await ask({ origin: 'http://localhost' })).status).toBe(200)
  expect((await ask({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test('a page of REST has at most 100 calls; tables of the dashboard take more at once', async () => {
  const heliox = await startHeliox()
  const { status, body } = await heliox.write('GET', '/api/v1/requests?limit=101')
  expect([status, body.error.details]).toEqual([400, [expect.stringMatching(/^limit/)]])
  expect(await heliox.json('/api/v1/requests?limit=100')).toMatchObject({ limit: 100 })
  expect(await heliox.trpc.requests.list.query({ limit: 5_000 })).toMatchObject({ limit: 5_000 })
})
