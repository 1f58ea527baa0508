import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { apiKeys } from '../../db/schema/keys.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { removeTeam } from './remove-team.ts'

const WINDOW = { start: '2025-12-01', end: '2026-03-31' }

async function withMock() {
  const heliox = await startHeliox()
  for (const kind of ['cost', 'jobs']) await heliox.write('POST', `/api/v1/admin/ingest/${kind}/mock`)
  return heliox
}

async function differences({ trpc }: Pick<TestHeliox, 'trpc'>): Promise<(string | null)[]> {
  const both = await Promise.all(
    (['allocation', 'usage'] as const).map((basis) => trpc.analytics.reconciliation.query({ ...WINDOW, basis })),
  )
  return both.map(({ differenceUsd }) => differenceUsd)
}

test('a team is made, read, renamed and removed on both wires', async () => {
  const { write, trpc } = await startHeliox()
  const made = await write('POST', '/api/v1/teams', { name: ' Vision ', description: 'cars', budget_usd: '1234.5' })
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    ...{ id: 'team_1', name: 'Vision', description: 'cars', budget_usd: '1234.50', is_demo: false },
    ...{ created_at: '2026-03-01T12:00:00.000Z', job_count: 0, version: made.body.version },
  })
  expect(made.headers.get('etag')).toBe(`"${made.body.version}"`)
  const renamed = await trpc.teams.update.mutate({ id: 'team_1', name: 'Sight' })
  expect(renamed).toMatchObject({ name: 'Sight', description: 'cars', budgetUsd: '1234.50' })
  expect((await write('GET', '/api/v1/teams/team_1')).body).toMatchObject({ name: 'Sight', version: renamed.version })
  expect(await trpc.teams.list.query({})).toMatchObject({
    ...{ total: 1, skip: 0, limit: 50, hasMore: false, isPartial: false },
    teams: [{ id: 'team_1', name: 'Sight' }],
  })
  expect(await trpc.teams.remove.mutate({ id: 'team_1' })).toEqual({ status: 'success' })
  expect((await write('GET', '/api/v1/teams/team_1')).body.error.code).toBe('teams.no_team')
})

test('a budget is what was sent to the digit; null takes it away, and absent leaves it', async () => {
  const { write } = await startHeliox()
  await write('POST', '/api/v1/teams', { name: 'a', budget_usd: 50000.1 })
  const budget = async (body: object) => (await write('PUT', '/api/v1/teams/team_1', body)).body.budget_usd
  expect(await budget({})).toBe('50000.10')
  expect(await budget({ budget_usd: '0.000000001' })).toBe('0.000000001')
  expect(await budget({ budget_usd: 0 })).toBe('0.00')
  expect(await budget({ budget_usd: null })).toBeNull()
  const refused = await write('PUT', '/api/v1/teams/team_1', { budget_usd: -1 })
  expect([refused.status, refused.body.error.details]).toEqual([400, ['budget_usd: must not be below 0']])
})

test('a name is taken whatever its case, also by a rename; one’s own name in another case is free', async () => {
  const { write } = await startHeliox()
  await write('POST', '/api/v1/teams', { name: 'Vision' })
  await write('POST', '/api/v1/teams', { name: 'NLP' })
  for (const [method, path] of [
    ['POST', '/api/v1/teams'],
    ['PUT', '/api/v1/teams/team_2'],
  ] as const) {
    const refused = await write(method, path, { name: 'vISION' })
    expect([refused.status, refused.body.error.code]).toEqual([409, 'teams.name_taken'])
  }
  expect((await write('PUT', '/api/v1/teams/team_1', { name: 'VISION' })).status).toBe(200)
  for (const name of ['', '  ', '__idle__', 'x'.repeat(201)])
    expect([name.slice(0, 9), (await write('POST', '/api/v1/teams', { name })).status]).toEqual([name.slice(0, 9), 400])
})

test('finance changes the budget and nothing else', async () => {
  const { as, write } = await startHeliox()
  await write('POST', '/api/v1/teams', { name: 'Vision', description: 'cars' })
  const finance = await as('finance')
  const whole = { name: 'Vision', description: 'cars', budget_usd: '5' } // what a form sends back
  expect((await finance.write('PUT', '/api/v1/teams/team_1', whole)).body.budget_usd).toBe('5.00')
  for (const body of [{ name: 'Sight' }, { description: '' }, { name: 'vision', budget_usd: '7' }])
    expect((await finance.write('PUT', '/api/v1/teams/team_1', body)).body.error.code).toBe('auth.role')
  expect((await write('GET', '/api/v1/teams/team_1')).body).toMatchObject({ ...whole, budget_usd: '5.00' })
  expect((await finance.write('POST', '/api/v1/teams', { name: 'new' })).status).toBe(403)
  expect((await finance.write('DELETE', '/api/v1/teams/team_1')).status).toBe(403)
})

test('developers and viewers see their teams; for them there are no others', async () => {
  const { as, write } = await startHeliox()
  for (const name of ['a', 'b', 'c']) await write('POST', '/api/v1/teams', { name })
  for (const role of ['developer', 'viewer'] as const) {
    const person = await as(role, ['team_2'])
    const { body } = await person.write('GET', '/api/v1/teams')
    expect(body).toMatchObject({ total: 1, has_more: false, is_partial: true, teams: [{ id: 'team_2' }] })
    const [other, none] = [
      await person.write('GET', '/api/v1/teams/team_1'),
      await person.write('GET', '/api/v1/teams/team_9'),
    ]
    expect([other.status, other.body.detail]).toEqual([404, 'There is no team team_1'])
    expect([none.status, none.body.detail]).toEqual([404, 'There is no team team_9'])
    expect((await person.write('PUT', '/api/v1/teams/team_2', { budget_usd: 1 })).status).toBe(403)
  }
  const nobody = await as('viewer')
  expect((await nobody.write('GET', '/api/v1/teams')).body).toMatchObject({ teams: [], total: 0, is_partial: true })
})

test('two editors do not overwrite each other: the second is told, and the first’s change stands', async () => {
  const { write } = await startHeliox()
  const seen = (await write('POST', '/api/v1/teams', { name: 'a' })).headers.get('etag') ?? ''
  expect((await write('PUT', '/api/v1/teams/team_1', { budget_usd: '1' }, { 'if-match': seen })).status).toBe(200)
  const second = await write('PUT', '/api/v1/teams/team_1', { budget_usd: '2' }, { 'if-match': seen })
  expect([second.status, second.body.error.code]).toEqual([412, 'request.version_changed'])
  expect((await write('DELETE', '/api/v1/teams/team_1', undefined, { 'if-match': seen })).status).toBe(412)
  expect((await write('GET', '/api/v1/teams/team_1')).body.budget_usd).toBe('1.00')
})

test('jobs that come in do not change the version that an editor saw', async () => {
  const { write } = await withMock()
  const seen = (await write('GET', '/api/v1/teams/team_1')).headers.get('etag') ?? ''
  const job = { job_id: 'new', team_id: 'team_1', provider: 'aws', gpu_type: 'h100' }
  await write('POST', '/api/v1/jobs', job)
  const changed = await write('PUT', '/api/v1/teams/team_1', { budget_usd: 1 }, { 'if-match': seen })
  expect(changed.body).toMatchObject({ job_count: 11, budget_usd: '1.00' })
})

test('removing a team takes its jobs, keys and memberships; costs stay and the bill still adds up', async () => {
  const heliox = await withMock()
  const { write, as, db, trpc } = heliox
  const member = await as('developer', ['team_1'])
  const key = { name: 'k', prefix: 'hlx_', keyHash: 'h', scopes: '[]', createdAtMs: heliox.now() }
  await db.insert(apiKeys).values({ ...key, teamId: 'team_1' })
  expect((await write('DELETE', '/api/v1/teams/team_1')).status).toBe(204)
  expect(await differences(heliox)).toEqual(['0.00', '0.00'])
  const both = await trpc.analytics.reconciliation.query(WINDOW)
  expect(both).toMatchObject({ billedCostUsd: '52073.58', stalePoolDays: 0 })
  const { rows } = await trpc.analytics.byTeam.query(WINDOW)
  expect(rows.map(({ name }) => name).sort()).toEqual(['__unallocated__', 'ai-platform', 'data-science'])
  expect((await write('GET', '/api/v1/jobs')).body.total).toBe(20)
  expect((await write('GET', '/api/v1/costs/total')).body).toMatchObject({ total_cost_usd: '52073.58', count: 28 })
  const [left] =
    await db.all(sql`select (select count(*) from api_keys) as keys, (select count(*) from team_members) as members,
    (select count(*) from job_day_shares where job_id not in (select id from jobs)) as orphans`)
  expect(left).toEqual({ keys: 0n, members: 0n, orphans: 0n })
  expect((await member.write('GET', '/api/v1/teams')).body.total).toBe(0)
  const [line] = await db.all<{ action: string; target: string; before: string }>(
    sql`select action, target, before_json as before from audit_log order by id desc limit 1`,
  )
  expect(line).toMatchObject({ action: 'teams.remove', target: 'ml-research' })
  expect(JSON.parse(line?.before ?? '')).toMatchObject({ jobCount: 10, keyIds: ['key_1'], userIds: [member.userId] })
})

test('a large team goes in several transactions, and the ledger adds up after each of them', async () => {
  const heliox = await withMock()
  const { db, scope } = heliox
  const seen: (string | null)[] = []
  // The real database, watched: what a reader would see whenever a transaction has ended.
  const watched = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name)
      return async (...work: Parameters<typeof db.transaction>) => {
        await target.transaction(...work)
        seen.push(...(await differences(heliox)))
      }
    },
  })
  await removeTeam({ ...scope, db: watched }, { id: 'team_1', version: undefined }, 4)
  expect(seen.length).toBeGreaterThanOrEqual(2 * 5) // ten jobs of one or two days, four rows at a time
  expect(new Set(seen)).toEqual(new Set(['0.00']))
  expect(await differences(heliox)).toEqual(['0.00', '0.00'])
  const notes = await db.all<{ action: string }>(sql`select action from audit_log order by id`)
  expect(notes.at(-1)).toEqual({ action: 'teams.remove' })
  expect(new Set(notes.slice(0, -1).map(({ action }) => action))).toEqual(
    new Set(['imports.create', 'teams.remove_jobs']),
  )
})
