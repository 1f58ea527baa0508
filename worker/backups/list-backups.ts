import { z } from 'zod'
import { note } from '../audit/note.ts'
import { expected, HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Backup, type BackupStore, requireStore } from './backup-store.ts'
import { checkBackup } from './read-backup.ts'

/** What is kept. At most 30 days of them, so they come at once. */
export const Backups = z.object({
  isSetUp: z.boolean().describe('Whether this deployment has a bucket for backups'),
  backups: z.array(Backup).describe('The newest first'),
})
export type Backups = z.output<typeof Backups>

export const BackupAsked = z.object({ id: Backup.shape.id })
type Asked = z.output<typeof BackupAsked>
type Room = { backups: BackupStore | null }

/** @throws HelioxError forbidden */
export async function listBackups(scope: Scope, { backups }: Room): Promise<Backups> {
  allow(scope, 'backups:write')
  return { isSetUp: backups !== null, backups: (await backups?.list()) ?? [] }
}

/**
 * Reads a backup back to its end and notes when it was found whole. One that is damaged becomes a failed one; its file stays,
 * for who wants to look at it.
 * @throws HelioxError not_found `backups.unknown`; conflict `backups.no_file`; forbidden
 */
export async function verifyBackup(scope: Scope, { backups }: Room, { id }: Asked): Promise<Backup> {
  allow(scope, 'backups:write')
  const store = requireStore(backups)
  const backup = await requireFile(store, id)
  try {
    await checkBackup(await store.body(id))
  } catch (error) {
    const known = expected(error)
    if (known?.kind !== 'invalid') throw error // the bucket does not answer: that says nothing about the file
    const damaged: Backup = { ...backup, status: 'failed', message: known.message, verifiedAtMs: null }
    await store.note(damaged)
    return damaged
  }
  const whole: Backup = { ...backup, status: 'good', message: '', verifiedAtMs: scope.now() }
  await store.note(whole)
  return whole
}

/** The file to save. Who takes all that a company has away is in the audit log. */
export async function downloadBackup(scope: Scope, { backups }: Room, { id }: Asked): Promise<Response> {
  allow(scope, 'backups:write')
  const store = requireStore(backups)
  const { madeAtMs, bytes } = await requireFile(store, id)
  await note(scope.db, scope, { action: 'backups.download', targetId: id, target: id })
  const name = `heliox-${new Date(madeAtMs).toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson.gz`
  const headers = {
    ...{ 'content-type': 'application/gzip', 'cache-control': 'no-store' },
    ...{ 'content-disposition': `attachment; filename="${name}"`, 'x-backup-bytes': String(bytes) },
  }
  return new Response(await store.body(id), { headers })
}

async function requireFile(store: BackupStore, id: string): Promise<Backup> {
  const backup = await store.require(id)
  if (backup.sha256 !== '') return backup
  throw new HelioxError('conflict', 'backups.no_file', `${id} has no file: it is ${backup.status}`)
}
