import { gunzipSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { INSIDE, machine, type Scope } from '../scope.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { memoryPlatform } from '../uploads/testing.ts'
import { BackupStore } from './backup-store.ts'
import { listBackups, verifyBackup } from './list-backups.ts'
import { backUpNightly, makeBackup } from './make-backup.ts'

async function withBucket() {
  const heliox = await startHeliox({ now: '2026-03-01T12:00:00Z' })
  const { objects, bindings } = memoryPlatform()
  const backups = new BackupStore(bindings.UPLOADS)
  const scope: Scope = { ...heliox.scope, actor: machine('clock'), origin: INSIDE }
  return { heliox, objects, backups, scope, bucket: bindings.UPLOADS, room: { backups, meter: null } }
}

const filesIn = (objects: Map<string, Uint8Array>) => [...objects.keys()].filter((key) => key.startsWith('backups/'))
const ids = async (backups: BackupStore) => (await backups.list()).map(({ id }) => id)

test('the clock makes one good backup a night, after three at night, and reads it back', async () => {
  const { heliox, backups, scope, room } = await withBucket()
  expect(await backUpNightly(scope, room)).toBe(true)
  const [made] = await backups.list()
  expect(made).toMatchObject({ status: 'good', madeBy: 'clock', verifiedAtMs: heliox.now(), message: '' })
  expect(made?.sha256).toMatch(/^[0-9a-f]{64}$/)
  expect(made?.rows).toBeGreaterThan(0)
  for (const [at, isMade] of [
    ['2026-03-02T02:59:00Z', false],
    ['2026-03-02T03:00:00Z', true],
    ['2026-03-02T03:05:00Z', false],
    ['2026-03-03T02:55:00Z', false],
  ] as const) {
    heliox.moveTo(at)
    expect([at, await backUpNightly(scope, room)]).toEqual([at, isMade])
  }
})

test('backups are kept for 30 days, and the newest good one for ever', async () => {
  const { heliox, backups, scope, room, objects } = await withBucket()
  const first = await makeBackup(scope, room)
  heliox.moveTo('2026-03-31T12:00:00Z') // 30 days later it is not older than that
  const second = await makeBackup(scope, room)
  expect(await ids(backups)).toEqual([second.id, first.id])
  heliox.moveTo('2026-03-31T12:00:01Z')
  const third = await makeBackup(scope, room)
  expect(await ids(backups)).toEqual([third.id, second.id])
  expect(filesIn(objects)).toHaveLength(2)
  // A year of failures: nothing newer is good.
  heliox.moveTo('2027-03-31T12:00:00Z')
  const broken = { ...room, meter: failingMeter() }
  await expect(makeBackup(scope, broken)).rejects.toThrow('no meter today')
  expect((await backups.list()).map(({ id, status }) => [id, status])).toEqual([
    [expect.stringMatching('backup_'), 'failed'],
    [third.id, 'good'],
    [second.id, 'good'],
  ])
})

function failingMeter() {
  const flush = async () => {
    throw new Error('no meter today')
  }
  return { flush } as unknown as NonNullable<Parameters<typeof makeBackup>[1]['meter']>
}

test('a backup that fails, or that is read back damaged, leaves no file and shows as failed; a night is tried three times', async () => {
  const { backups, scope, room, objects, bucket, heliox } = await withBucket()
  const put = bucket.put
  bucket.put = async (key, value) => {
    if (!key.startsWith('backups/')) return put(key, value)
    const damaged = value.slice()
    damaged[100] = (damaged[100] ?? 0) ^ 1
    return put(key, damaged)
  }
  for (const minute of ['00', '05', '10']) {
    heliox.moveTo(`2026-03-02T03:${minute}:00Z`)
    await expect(backUpNightly(scope, room)).rejects.toMatchObject({ kind: 'invalid' })
  }
  heliox.moveTo('2026-03-02T03:15:00Z')
  expect(await backUpNightly(scope, room)).toBe(false)
  expect(filesIn(objects)).toEqual([])
  expect((await backups.list()).map(({ status }) => status)).toEqual(['failed', 'failed', 'failed'])
  expect((await backups.list())[0]?.message).toMatch(/cut or damaged|no backup/)
  expect(await heliox.db.all(sql`select 1 from clock_runs where task = 'backup'`)).toEqual([])
  expect(await heliox.db.all(sql`select 1 from leases`)).toEqual([])
})

test('what was being made when its process died is closed as failed and its parts go', async () => {
  const { backups, scope, room, objects, heliox } = await withBucket()
  const good = await makeBackup(scope, room)
  const id = 'backup_1772366400001'
  await backups.note({ ...good, id, status: 'running', sha256: '', verifiedAtMs: null, finishedAtMs: null })
  await backups.sink(id).write(new Uint8Array(5 * 1024 * 1024))
  expect(filesIn(objects)).toHaveLength(2)
  heliox.moveTo('2026-03-01T12:30:00Z')
  await backUpNightly(scope, room)
  expect(await backups.find(id)).toMatchObject({ status: 'failed', message: 'It was cut off' })
  expect(filesIn(objects)).toEqual([expect.stringContaining(good.id)])
})

test('a file that rots is found by reading it back, and is named as failed', async () => {
  const { backups, scope, room, objects, bucket, heliox } = await withBucket()
  const { id } = await makeBackup(scope, room)
  heliox.moveTo('2026-03-01T13:00:00Z')
  expect(await verifyBackup(scope, room, { id })).toMatchObject({ status: 'good', verifiedAtMs: heliox.now() })
  const [key = ''] = filesIn(objects)
  await bucket.put(key, (objects.get(key) ?? new Uint8Array()).slice(0, -9))
  expect(await verifyBackup(scope, room, { id })).toMatchObject({ status: 'failed', verifiedAtMs: null })
  expect((await listBackups(scope, { backups })).backups[0]?.message).toContain('cut or damaged')
})

test('an administrator makes, lists, reads back and downloads a backup over REST, and the audit log knows', async () => {
  const heliox: TestHeliox = await startHeliox()
  const { status, body } = await heliox.write('POST', '/api/v1/backups')
  expect([status, body.status]).toEqual([201, 'good'])
  const list = await heliox.json<{ is_set_up: boolean; backups: { id: string }[] }>('/api/v1/backups')
  expect([list.is_set_up, list.backups.map(({ id }) => id)]).toEqual([true, [body.id]])
  const file = await heliox.fetch(`/api/v1/backups/${body.id}/file`)
  const bytes = Buffer.from(await file.arrayBuffer())
  expect(bytes.length).toBe(body.bytes)
  expect(gunzipSync(bytes).toString().startsWith('{"helioxBackup":1')).toBe(true)
  expect((await heliox.fetch('/api/v1/backups/backup_0000000000001/file')).status).toBe(404)
  const notes = await heliox.db.all<{ action: string }>(sql`select action from audit_log order by id`)
  expect(notes.map(({ action }) => action)).toEqual(['backups.create', 'backups.download'])
  expect(await (await heliox.fetch('/metrics')).text()).toContain('heliox_last_backup_age_seconds 0')
})

test('no backup for two days is a degraded check where a bucket is bound', async () => {
  const heliox = await startHeliox()
  type Health = { checks: { name: string; status: string; message: string }[] }
  const check = async () => (await heliox.json<Health>('/health/detailed')).checks.find(({ name }) => name === 'backup')
  await heliox.write('POST', '/api/v1/backups')
  heliox.moveTo('2026-03-03T11:59:00Z')
  expect(await check()).toMatchObject({ status: 'healthy', message: 'Backups are made' })
  heliox.moveTo('2026-03-03T12:00:00Z')
  expect(await check()).toMatchObject({ status: 'degraded', message: 'No backup has been made for 48 hours' })
})
