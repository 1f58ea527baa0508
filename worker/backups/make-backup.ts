import type { EpochMs } from '../../db/units/time.ts'
import type { Asking } from '../asking.ts'
import { note } from '../audit/note.ts'
import { expected, HelioxError, rootCause } from '../errors.ts'
import { withLease } from '../lease.ts'
import { noteRun } from '../monitoring/clock-runs.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Backup, type BackupStore, requireStore } from './backup-store.ts'
import { prune } from './prune.ts'
import { checkBackup } from './read-backup.ts'
import { writeBackup } from './write-backup.ts'

/** Where backups are kept, and the meter of the gateway, which holds ended calls for a moment. */
export type Room = Pick<Asking, 'backups' | 'meter'>

/** Longer than a cron may run: a lease that is still held belongs to nobody who lives. */
export const LONGEST_MS = 20 * 60_000
/** The record of a backup that is being made is written so often at most. */
const NOTE_EVERY_ROWS = 50_000

/**
 * Makes a backup, reads it back, forgets those that are too old, and answers it. One at a time; one that fails leaves its record
 * and no file.
 * @throws HelioxError unavailable `backups.not_set_up`, `backups.no_snapshot`; conflict `backups.under_way`; forbidden
 */
export async function makeBackup(scope: Scope, room: Room): Promise<Backup> {
  allow(scope, 'backups:write')
  const store = requireStore(room.backups)
  const made = await withLease(scope, 'backup', LONGEST_MS, () => storedBackup(scope, store, room))
  if (made) return made
  throw new HelioxError('conflict', 'backups.under_way', 'A backup is being made already')
}

async function storedBackup(scope: Scope, store: BackupStore, { meter }: Room): Promise<Backup> {
  const madeAtMs = scope.now()
  const blank = { bytes: 0, rows: 0, rowsExpected: 0, sha256: '', schema: '', verifiedAtMs: null, message: '' }
  const who = { madeBy: scope.actor.label, madeAtMs, finishedAtMs: null }
  let backup: Backup = { id: `backup_${String(madeAtMs).padStart(13, '0')}`, status: 'running', ...who, ...blank }
  await store.note(backup)
  try {
    await meter?.flush() // ended calls that are not in the database yet
    let noted = 0
    const written = await writeBackup(
      scope.db.$client,
      new Date(madeAtMs),
      () => store.sink(backup.id),
      async (rows, of) => {
        if (rows < noted) noted = 0 // it is read again
        if (rows - noted < NOTE_EVERY_ROWS) return
        noted = rows
        await store.note({ ...backup, rows, rowsExpected: of })
      },
    )
    const { manifest, end, bytes, sha256 } = written
    backup = { ...backup, bytes, sha256, schema: manifest.schema, rows: end.rows, rowsExpected: end.rows }
    await checkBackup(await store.body(backup.id))
    backup = { ...backup, status: 'good', verifiedAtMs: scope.now(), finishedAtMs: scope.now() }
    await store.note(backup)
  } catch (error) {
    const message = expected(error)?.message ?? 'Something went wrong: see the log'
    scope.log.error('backups.failed', { id: backup.id, error: String(rootCause(error)) })
    await store.removeFile(backup.id)
    await store.note({ ...backup, status: 'failed', finishedAtMs: scope.now(), message, verifiedAtMs: null })
    throw error
  }
  await noteRun(scope, 'backup')
  if (scope.actor.label !== 'clock')
    await note(scope.db, scope, {
      ...{ action: 'backups.create', targetId: backup.id, target: backup.id, before: null },
      after: { bytes: backup.bytes, rows: backup.rows, sha256: backup.sha256 },
    })
  await prune(scope, store)
  return backup
}

/** The hour (UTC) after which the nightly backup is made. */
const NIGHTLY_HOUR_UTC = 3
const DAY_MS = 86_400_000
/** So often a night that fails is tried. */
const TRIES_A_NIGHT = 3

/** The clock's: one good backup a night, if a bucket is there. Answers whether it made one. */
export async function backUpNightly(scope: Scope, room: Room): Promise<boolean> {
  const { backups } = room
  if (!backups) return false
  const nightMs = lastNight(scope.now())
  const all = await backups.list()
  await closeDead(scope, backups, all)
  const tonight = all.filter(({ madeAtMs, madeBy }) => madeBy === scope.actor.label && madeAtMs >= nightMs)
  if (tonight.some(({ status }) => status !== 'failed') || tonight.length >= TRIES_A_NIGHT) return false
  await makeBackup(scope, room)
  return true
}

function lastNight(nowMs: EpochMs): number {
  const todays = Math.floor(nowMs / DAY_MS) * DAY_MS + NIGHTLY_HOUR_UTC * 3_600_000
  return todays <= nowMs ? todays : todays - DAY_MS
}

/** What was being made when its process died is a failed one, and its file goes. */
async function closeDead({ now }: Scope, store: BackupStore, all: Backup[]): Promise<void> {
  for (const [at, backup] of all.entries()) {
    if (backup.status !== 'running' || now() - backup.madeAtMs < LONGEST_MS) continue
    const closed: Backup = { ...backup, status: 'failed', finishedAtMs: now(), message: 'It was cut off' }
    await store.removeFile(backup.id)
    await store.note(closed)
    all[at] = closed
  }
}
