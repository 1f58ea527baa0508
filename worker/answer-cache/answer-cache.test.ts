import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { expect, test, vi } from 'vitest'
import type { AppRouter } from '../router.ts'
import { ADMIN_KEY } from '../testing.ts'
import { BY_TEAM, counts, FILES, QUESTIONS, startCompany, statementsOf } from './testing.ts'

const VERSION = 'select version from ledger_version'
const CSV = { accept: 'text/csv' }

test('the second identical question is answered from memory, to the byte, and reads nothing but the version', async () => {
  const { fetch, db, stranger } = await startCompany()
  for (const path of QUESTIONS) {
    const first = await fetch(path)
    const body = await first.text()
    let second = ''
    const statements = await statementsOf(db, async () => {
      second = await (await fetch(path)).text()
    })
    expect([path, first.status, statements, second]).toEqual([path, 200, [VERSION], body])
  }
  expect(await counts({ stranger })).toEqual({ hit: QUESTIONS.length, miss: QUESTIONS.length, not_modified: 0 })
})

test('a question that nobody holds an answer to reads the version beside its facts: one batch is all', async () => {
  const { anew, db } = await startCompany()
  for (const path of QUESTIONS.filter((one) => /by-|daily/.test(one))) {
    const batch = vi.spyOn(db.$client, 'batch')
    const execute = vi.spyOn(db.$client, 'execute')
    await anew(path)
    const [first] = batch.mock.calls.map(([statements]) => (statements[0] as { sql: string }).sql)
    expect([path, first, batch.mock.calls.length, execute.mock.calls.length]).toEqual([path, VERSION, 1, 0])
    batch.mockRestore()
    execute.mockRestore()
  }
})

test('a batch of the page’s questions is answered from memory as well, and reads the version once', async () => {
  const { fetch, db, stranger } = await startCompany()
  const asked: string[] = []
  const viaTrpc = (url: URL | RequestInfo, init?: unknown) => {
    asked.push(`${(init as RequestInit).method} ${String(url).split('?')[0]}`)
    return fetch(String(url), init as RequestInit)
  }
  const { analytics } = createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: 'http://localhost/trpc', fetch: viaTrpc })],
  })
  const window = { start: '2026-01-05', end: '2026-01-07' }
  const all = () =>
    Promise.all([analytics.byTeam.query(window), analytics.daily.query(window), analytics.extent.query()])
  const first = await all()
  let second: unknown
  const statements = await statementsOf(db, async () => {
    second = await all()
  })
  expect(statements).toEqual([VERSION])
  expect(second).toEqual(first)
  expect(first[0].rows.map(({ name }) => name)).toEqual(['alpha', 'beta'])
  const path = 'GET http://localhost/trpc/analytics.byTeam,analytics.daily,analytics.extent'
  expect(asked).toEqual([path, path])
  expect(await counts({ stranger })).toEqual({ hit: 3, miss: 3, not_modified: 0 })
})

test('a signed-in person’s hit reads their session and the version, and no fact', async () => {
  const { as, db } = await startCompany()
  const developer = await as('developer', ['team_1'])
  await developer.fetch(BY_TEAM)
  const statements = await statementsOf(db, () => developer.fetch(BY_TEAM))
  expect(statements).toEqual([expect.stringMatching(/^select [^;]* from "sessions" inner join "users" /), VERSION])
})

test('who holds the answer gets 304 in any form of If-None-Match, and no fact is read', async () => {
  const { fetch, db, stranger } = await startCompany()
  const tag = (await fetch(BY_TEAM)).headers.get('etag') ?? ''
  expect(tag).toMatch(/^"[\w-]{27}"$/)
  const forms = [tag, `W/${tag}`, `"other", W/${tag}`, `"a",${tag},"b"`]
  for (const held of forms) {
    let answer = new Response()
    const statements = await statementsOf(db, async () => {
      answer = await fetch(BY_TEAM, { headers: { 'if-none-match': held } })
    })
    expect([held, answer.status, await answer.text(), statements]).toEqual([held, 304, '', [VERSION]])
    expect(answer.headers.get('etag')).toBe(tag)
    expect(answer.headers.get('cache-control')).toBe('private, no-cache')
    expect(answer.headers.get('vary')).toBe('Authorization, Cookie, X-API-Key, Accept')
  }
  expect(await counts({ stranger })).toEqual({ hit: 0, miss: 1, not_modified: forms.length })
  expect((await fetch(BY_TEAM, { headers: { 'if-none-match': '*' } })).status).toBe(304)
  for (const held of ['"other"', '', tag.replaceAll('"', ''), tag.toLowerCase()])
    expect([held, (await fetch(BY_TEAM, { headers: { 'if-none-match': held } })).status]).toEqual([held, 200])
})

test('an isolate that has kept nothing gives the same tag, so it answers 304 without making the answer', async () => {
  const { fetch, anew, db } = await startCompany()
  const tag = (await fetch(BY_TEAM)).headers.get('etag') ?? ''
  let status = 0
  const statements = await statementsOf(db, async () => {
    status = (await anew(BY_TEAM, { 'x-api-key': ADMIN_KEY, 'if-none-match': tag })).status
  })
  expect([status, statements]).toEqual([304, [VERSION]])
})

test('CSV has a tag of its own, and comes from the same kept answer', async () => {
  const { fetch, anew, stranger } = await startCompany()
  const json = await fetch(BY_TEAM)
  const csv = await fetch(BY_TEAM, { headers: CSV })
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(await csv.text()).toBe(await (await anew(BY_TEAM, { 'x-api-key': ADMIN_KEY, ...CSV })).text())
  expect(await counts({ stranger })).toEqual({ hit: 1, miss: 1, not_modified: 0 })
  const [ofJson, ofCsv] = [json, csv].map(({ headers }) => headers.get('etag') ?? '')
  expect(ofCsv).not.toBe(ofJson)
  const asked = async (held: string, headers = {}) =>
    (await fetch(BY_TEAM, { headers: { ...headers, 'if-none-match': held } })).status
  expect([await asked(ofJson!), await asked(ofCsv!, CSV)]).toEqual([304, 304])
  expect([await asked(ofCsv!), await asked(ofJson!, CSV)]).toEqual([200, 200])
})

test('a file has a tag as well; it is kept nowhere, and is 304 for who holds it without a fact being read', async () => {
  const { fetch, db, stranger, as } = await startCompany()
  const developer = await as('developer', ['team_1'])
  for (const path of FILES) {
    const first = await fetch(path)
    const tag = first.headers.get('etag') ?? ''
    expect([first.headers.get('cache-control'), (await first.text()).split('\n').length > 3]).toEqual([
      ...['private, no-cache', true],
    ])
    const held = { headers: { 'if-none-match': tag } }
    let status = 0
    const statements = await statementsOf(db, async () => {
      status = (await fetch(path, held)).status
    })
    expect([path, status, statements]).toEqual([path, 304, [VERSION]])
    expect((await developer.fetch(path, held)).status).toBe(403)
  }
  expect(await counts({ stranger })).toEqual({ hit: 0, miss: FILES.length, not_modified: FILES.length })
})

test('a question is what it means, not how it is written; another question is another', async () => {
  const { fetch } = await startCompany()
  const tagOf = async (query: string) =>
    (await fetch(`/api/v1/analytics/cost/by-team?${query}`)).headers.get('etag') ?? ''
  const tag = await tagOf('start=2026-01-05&end=2026-01-07')
  for (const same of ['end=2026-01-07&start=2026-01-05', 'start=2026-01-05&end=2026-01-07&basis=allocation'])
    expect([same, await tagOf(same)]).toEqual([same, tag])
  const others = [
    'basis=usage',
    'team_id=team_1',
    'team_id=team_2',
    'provider=aws',
    'model_name=llama',
    'gpu_type=h100',
  ]
  const tags = await Promise.all(others.map((other) => tagOf(`start=2026-01-05&end=2026-01-07&${other}`)))
  expect(new Set([tag, ...tags]).size).toBe(others.length + 1)
})

test('a refusal is kept nowhere, has no tag and is not counted', async () => {
  const { as, stranger } = await startCompany()
  const viewer = await as('viewer')
  for (const _ of [1, 2]) {
    const refused = await viewer.fetch('/api/v1/analytics/cost/daily?start=2026-01-05&end=2026-01-07&group_by=account')
    expect([refused.status, refused.headers.get('etag')]).toEqual([403, null])
  }
  expect(await counts({ stranger })).toEqual({ hit: 0, miss: 0, not_modified: 0 })
})
