import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { apiKeys } from '../../db/schema/keys.ts'
import type { KeyId, TeamId } from '../../db/units/ids.ts'
import { type Actor, machine, type Scope } from '../scope.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { ImportView, importView } from './import-view.ts'
import { ImportFormats, importFormats } from './importers/index.ts'
import { ingestFile } from './ingest-file.ts'
import { ImportPage, importErrors, listImports, QuarantinePage } from './list-imports.ts'
import { UploadResult, uploadResult } from './upload.ts'

const HEADER = 'job_id,team_name,provider,gpu_type,start_time,end_time,status\n'
const JOBS = `${HEADER}a,own,aws,h100,2026-02-01,2026-02-02,completed\nb,nobody,aws,h100,2026-02-01,2026-02-02,completed\n`

async function key({ db, now }: TestHeliox, name: string, teamId: TeamId | null): Promise<KeyId> {
  const values = { name, prefix: 'hlx_', keyHash: name, teamId, scopes: '["ingest"]', createdAtMs: now() }
  const [created] = await db.insert(apiKeys).values(values).returning({ id: apiKeys.id })
  return created!.id
}

function asKey(heliox: TestHeliox, keyId: KeyId, teamIds: TeamId[] | null): Scope {
  const role = teamIds ? ('developer' as const) : ('admin' as const)
  const actor: Actor = { ...machine(keyId), keyId, role, teamIds, keyScopes: ['ingest'] }
  return { ...heliox.scope, actor }
}

async function sent(scope: Scope, text = JOBS): Promise<string> {
  async function* whole() {
    yield text
  }
  const input = {
    format: 'auto',
    source: null,
    fileName: 'f',
    isDryRun: false,
    provider: '',
    currency: '',
    timeZone: '',
    part: '',
  }
  return (await ingestFile(scope, { ...input, text: whole(), progress: { bytesRead: 1 } })).importId
}

/** Imports of the admin key, of a developer, and of keys of both teams and of the company. */
async function history() {
  const heliox = await startHeliox()
  await heliox.send('jobs-csv', `${HEADER}o,own,aws,h100,2026-02-01,2026-02-02,completed\n`)
  await heliox.send('jobs-csv', `${HEADER}x,other,aws,h100,2026-02-01,2026-02-02,completed\n`)
  const rows = await heliox.db.all<{ id: bigint }>(sql`select id from teams order by id`)
  const [own, other] = rows.map(({ id }) => `team_${id}` as TeamId)
  const keys = {
    own: await key(heliox, 'own', own!),
    second: await key(heliox, 'second', own!),
    other: await key(heliox, 'other', other!),
    company: await key(heliox, 'company', null),
  }
  const byKeys = [
    await sent(asKey(heliox, keys.own, [own!])),
    await sent(asKey(heliox, keys.second, [own!])),
    await sent(asKey(heliox, keys.other, [other!])),
    await sent(asKey(heliox, keys.company, null)),
  ]
  const developer = await heliox.as('developer', [own!])
  const uploaded = await developer.fetch('/api/v1/imports?format=auto', { method: 'POST', body: JOBS })
  const { import_id: byHand } = (await uploaded.json()) as { import_id: string }
  return { heliox, own: own!, other: other!, keys, byKeys, byHand, developer }
}

test('who is in a team sees the own imports and those of the team’s keys, and no other, in the list and one by one', async () => {
  const { heliox, developer, own, byKeys, byHand } = await history()
  const [first, second] = byKeys
  const list = await developer.trpc.imports.list.query({})
  expect(list.imports.map(({ importId }) => importId)).toEqual([byHand, second, first])
  expect([list.total, list.hasMore, list.isPartial]).toEqual([3, false, true])
  const page = await developer.json('/api/v1/imports?skip=1&limit=1')
  expect(page).toMatchObject({ total: 3, has_more: true, is_partial: true, imports: [{ import_id: second }] })
  const all = await heliox.trpc.imports.list.query({})
  expect([all.total, all.isPartial]).toEqual([7, false])
  const nothing = (await developer.write('GET', '/api/v1/imports/imp_999')).body
  for (const { importId } of all.imports) {
    const isMine = [byHand, first, second].includes(importId)
    for (const path of [`/api/v1/imports/${importId}`, `/api/v1/imports/${importId}/errors`]) {
      const { status, body } = await developer.write('GET', path)
      expect([path, status]).toEqual([path, isMine ? 200 : 404])
      if (!isMine) expect(body.error).toEqual({ ...nothing.error, message: `There is no import ${importId}` })
    }
    if (!isMine) await expect(developer.trpc.imports.get.query({ importId })).rejects.toThrow('There is no import')
  }
  const viewer = await heliox.as('viewer', [own])
  expect((await viewer.trpc.imports.list.query({})).imports.map(({ importId }) => importId)).toEqual([second, first])
  const nobody = await heliox.as('viewer')
  expect(await nobody.trpc.imports.list.query({})).toMatchObject({ imports: [], total: 0, isPartial: true })
  expect((await (await heliox.as('finance')).trpc.imports.list.query({})).total).toBe(7)
})

test('a key of a team sees its own and its team’s; one of the company all; the file says which key it was', async () => {
  const { heliox, own, keys, byKeys } = await history()
  const seen = await listImports(asKey(heliox, keys.own, [own]), { skip: 0, limit: 50 })
  expect(seen.imports.map(({ importId }) => importId)).toEqual([byKeys[1], byKeys[0]])
  expect((await listImports(asKey(heliox, keys.company, null), { skip: 0, limit: 50 })).total).toBe(7)
  const stored = await heliox.db.all<{ key: bigint | null }>(sql`select key_id as key from imports order by id`)
  const rows = Object.values(keys).map((id) => BigInt(id.slice(4)))
  expect(stored.map((one) => one.key)).toEqual([null, null, ...rows, null])
  const withoutScope = { ...asKey(heliox, keys.own, [own]).actor, keyScopes: ['inference' as const] }
  await expect(listImports({ ...heliox.scope, actor: withoutScope }, { skip: 0, limit: 1 })).rejects.toThrow('scope')
})

test('answers are what their schemas say', async () => {
  const { heliox, keys, own, byKeys } = await history()
  const scope = asKey(heliox, keys.own, [own])
  const importId = byKeys[0] as `imp_${number}`
  const view = await importView(scope, importId)
  expect(ImportView.strict().parse(view).failed).toBe(1)
  expect(UploadResult.strict().parse(await uploadResult(scope, view)).state).toBe('partial_success')
  expect(ImportPage.strict().parse(await listImports(scope, { skip: 0, limit: 1 })).hasMore).toBe(true)
  const errors = await importErrors(scope, { importId, skip: 0, limit: 5 })
  expect(QuarantinePage.strict().parse(errors).errors).toMatchObject([{ line: 3, column: 'team_name', costUsd: null }])
  expect(ImportFormats.parse(await importFormats(scope)).length).toBeGreaterThan(5)
})

test('the formats have an address of their own beside the imports', async () => {
  const { json, as } = await startHeliox()
  expect(await json('/api/v1/imports/formats')).toContainEqual(expect.objectContaining({ id: 'cost-csv' }))
  expect((await (await as('viewer')).fetch('/api/v1/imports/formats')).status).toBe(200)
})

test('each import is one line of the audit log with its counts, also a failed one; a dry run is none', async () => {
  const heliox = await startHeliox()
  const noted = () =>
    heliox.db.all<{ actor: string; targetId: string; target: string; after: string }>(sql`
      select actor, target_id as targetId, target, after_json as after from audit_log where action = 'imports.create' order by id`)
  await heliox.send('jobs-csv', JOBS, '&dry_run=1')
  expect(await noted()).toEqual([])
  await heliox.send('jobs-csv', JOBS, '&file_name=week.csv')
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n')
  const [first, second] = await noted()
  expect(first).toMatchObject({ actor: 'admin key', targetId: 'imp_2', target: 'week.csv' })
  expect(JSON.parse(first!.after)).toEqual({
    ...{ format: 'jobs-csv', source: '', fileName: 'week.csv', status: 'success' },
    ...{ inserted: 2, updated: 0, removed: 0, failed: 0 },
  })
  expect([second?.target, JSON.parse(second!.after)]).toEqual([
    'imp_3',
    expect.objectContaining({ status: 'failed', inserted: 0 }),
  ])
})

test('the history is narrowed by status, kind, format, source and file name, on both wires', async () => {
  const { send, trpc, json, as } = await startHeliox()
  const day = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,1\n'
  await send('cost-csv', day, '&file_name=January_a.csv&source=Finance')
  await send('cost-csv', `${day}2026-13-01,aws,a100,1\n`, '&file_name=january-b.csv')
  await send('jobs-csv', JOBS, '&file_name=week.csv&source=cluster-1')
  const ids = async (asked: Parameters<typeof trpc.imports.list.query>[0]) =>
    (await trpc.imports.list.query(asked)).imports.map(({ importId }) => importId)
  expect(await ids({})).toEqual(['imp_3', 'imp_2', 'imp_1'])
  expect(await ids({ status: 'partial_success' })).toEqual(['imp_2'])
  expect(await ids({ status: 'queued' })).toEqual([])
  expect(await ids({ kind: 'jobs' })).toEqual(['imp_3'])
  expect(await ids({ kind: 'tokens' })).toEqual([])
  expect(await ids({ format: 'cost-csv' })).toEqual(['imp_2', 'imp_1'])
  expect(await ids({ source: 'finan' })).toEqual(['imp_1'])
  expect(await ids({ fileName: 'january' })).toEqual(['imp_2', 'imp_1'])
  expect(await ids({ fileName: 'y_' })).toEqual(['imp_1'])
  expect(await ids({ fileName: 'january', status: 'success', kind: 'costs', format: 'cost-csv' })).toEqual(['imp_1'])
  const page = await json('/api/v1/imports?file_name=january&kind=costs&limit=1&skip=1')
  expect(page).toMatchObject({ total: 2, has_more: false, imports: [{ import_id: 'imp_1' }] })
  await expect(trpc.imports.list.query({ status: 'done' as 'success' })).rejects.toThrow('status')
  // Filters never widen what somebody sees.
  expect((await (await as('developer')).trpc.imports.list.query({ kind: 'jobs' })).total).toBe(0)
})
