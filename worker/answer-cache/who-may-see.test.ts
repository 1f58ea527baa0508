import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { teamMembers, users } from '../../db/schema/users.ts'
import { BY_TEAM, counts, QUESTIONS, startCompany } from './testing.ts'

const EXPOSURE = `${BY_TEAM}&basis=exposure`
const ACCOUNTS = '/api/v1/analytics/cost/daily?start=2026-01-05&end=2026-01-07&group_by=account'
type Fetch = (path: string, init?: RequestInit) => Promise<Response>

const answers = (fetch: Fetch) => Promise.all(QUESTIONS.map(async (path) => (await fetch(path)).text()))
const teamsIn = async (fetch: Fetch) =>
  ((await (await fetch(BY_TEAM)).json()) as { team_name: string }[]).map(({ team_name }) => team_name).sort()

test('each sees their own teams, whoever asked first, and nobody is answered 304 for what another holds', async () => {
  const { fetch, as } = await startCompany()
  const who = {
    admin: fetch,
    finance: (await as('finance')).fetch,
    alpha: (await as('developer', ['team_1'])).fetch,
    beta: (await as('developer', ['team_2'])).fetch,
    both: (await as('viewer', ['team_2', 'team_1'])).fetch,
    none: (await as('viewer')).fetch,
  }
  const expected = { admin: ['alpha', 'beta'], finance: ['alpha', 'beta'], alpha: ['alpha'], beta: ['beta'] }
  for (const _ of ['made', 'kept'])
    for (const [name, teams] of Object.entries({ ...expected, both: ['alpha', 'beta'], none: [] }))
      expect([name, await teamsIn(who[name as keyof typeof who])]).toEqual([name, teams])
  const tags = await Promise.all(Object.values(who).map(async (ask) => (await ask(BY_TEAM)).headers.get('etag') ?? ''))
  expect(new Set(tags).size).toBe(tags.length)
  for (const [mine, ask] of Object.values(who).entries())
    for (const [index, tag] of tags.entries()) {
      const { status } = await ask(BY_TEAM, { headers: { 'if-none-match': tag } })
      expect([mine, index, status]).toEqual([mine, index, mine === index ? 304 : 200])
    }
})

test('people who may see the same share an answer, which names none of them', async () => {
  const { as, stranger } = await startCompany()
  const [ada, bo] = [await as('developer', ['team_1', 'team_2']), await as('developer', ['team_2', 'team_1'])]
  const first = await answers(ada.fetch)
  expect(await answers(bo.fetch)).toEqual(first)
  expect(await counts({ stranger })).toEqual({ hit: QUESTIONS.length, miss: QUESTIONS.length, not_modified: 0 })
  expect(first.join()).not.toMatch(/user_|@example/)
})

test('what a role may not ask stays refused after another was answered, whatever the client says it holds', async () => {
  const { fetch, as } = await startCompany()
  const developer = await as('developer', ['team_1'])
  const others = `${BY_TEAM}&team_id=team_2`
  for (const [path, code] of [
    [EXPOSURE, 'auth.whole_company'],
    [ACCOUNTS, 'auth.whole_company'],
    [others, 'auth.other_team'],
  ] as const) {
    const allowed = await fetch(path)
    for (const held of ['', '*', allowed.headers.get('etag') ?? '']) {
      const answer = await developer.fetch(path, { headers: { 'if-none-match': held } })
      const { error } = (await answer.json()) as { error: { code: string } }
      expect([path, held, allowed.status, answer.status, error.code]).toEqual([path, held, 200, 403, code])
    }
  }
  const asked = developer.trpc.analytics.byTeam.query({ start: '2026-01-05', end: '2026-01-07', basis: 'exposure' })
  await expect(asked).rejects.toMatchObject({ data: { errorCode: 'auth.whole_company' } })
})

test('another role, another team or a closed account counts from the next request on', async () => {
  const { db, as } = await startCompany()
  const person = await as('developer', ['team_1'])
  const me = eq(users.id, person.userId)
  const tag = (await person.fetch(BY_TEAM)).headers.get('etag') ?? ''
  const asked = async () => {
    const answer = await person.fetch(BY_TEAM, { headers: { 'if-none-match': tag } })
    const rows = answer.status === 200 ? ((await answer.json()) as { team_name: string }[]) : []
    return [answer.status, ...rows.map(({ team_name }) => team_name).sort()]
  }
  expect(await asked()).toEqual([304])
  await db.insert(teamMembers).values({ userId: person.userId, teamId: 'team_2' })
  expect(await asked()).toEqual([200, 'alpha', 'beta'])
  await db.delete(teamMembers).where(eq(teamMembers.userId, person.userId))
  expect(await asked()).toEqual([200])
  await db.update(users).set({ role: 'finance' }).where(me)
  expect(await asked()).toEqual([200, 'alpha', 'beta'])
  await db.insert(teamMembers).values({ userId: person.userId, teamId: 'team_1' })
  await db.update(users).set({ role: 'developer' }).where(me)
  expect(await asked()).toEqual([304]) // as it was
  await db.update(users).set({ isDisabled: true }).where(me)
  expect(await asked()).toEqual([401])
})

test('a key is answered within its scopes and its team, though others were answered before', async () => {
  const { fetch, write, callerWith, stranger } = await startCompany()
  const keyFor = async (body: object) => {
    const { key } = (await write('POST', '/api/v1/keys', { name: JSON.stringify(body), ...body })).body
    return callerWith({ 'x-api-key': key }).fetch
  }
  const tag = (await fetch(BY_TEAM)).headers.get('etag') ?? ''
  const [ingests, reads, alphas] = [
    await keyFor({ scopes: ['ingest'] }),
    await keyFor({ scopes: ['usage:read'] }),
    await keyFor({ scopes: ['usage:read', 'ingest'], team_id: 'team_1' }),
  ]
  for (const held of ['', '*', tag]) {
    const init = { headers: { 'if-none-match': held } }
    expect([held, (await ingests(BY_TEAM, init)).status]).toEqual([held, 403])
    expect([held, (await stranger(BY_TEAM, init)).status]).toEqual([held, 401])
  }
  expect(await teamsIn(reads)).toEqual(['alpha', 'beta'])
  expect(await teamsIn(alphas)).toEqual(['alpha'])
})
