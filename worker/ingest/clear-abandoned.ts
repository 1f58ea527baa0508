import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { type ImportId, idText } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { readImport } from './import-view.ts'
import { forgetImport, interruptedWords, noteOfImport } from './open-import.ts'

/** A live import moves at least once in this time; the slowest allowed upload of a chunk is well below it. */
export const ABANDONED_AFTER_MS = 15 * 60_000

/** What broke off can be taken up again for so long. */
export const RESUMABLE_MS = 24 * 3_600_000
/** A kept file that has been tried so often and took its process along each time will do so again. */
export const MOST_ATTEMPTS = 5

/**
 * Looks after imports that stopped moving, because their process died: what they have staged is kept for a day, to be gone
 * on with (by the sender; by the clock where the file was read whole; by the queue where it is kept). One that was to
 * be cancelled is, a dry run has failed, and so has what nobody took up within the day. What jobs and simple costs had stored
 * stays, each chunk whole. Answers the ids. Idempotent.
 */
export async function clearAbandoned(
  scope: Pick<Scope, 'db' | 'now' | 'log' | 'actor' | 'origin'>,
  afterMs = ABANDONED_AFTER_MS,
): Promise<ImportId[]> {
  const { db, now, log } = scope
  const stood = sql`status in ('reading', 'storing') and progressed_at_ms <= ${BigInt(now() - afterMs)}`
  const isLost = sql`is_cancel_asked = 1 or (is_dry_run = 1 and object_key = '')
    or (object_key <> '' and attempts >= ${BigInt(MOST_ATTEMPTS)})`
  const forgotten = sql`status in ('queued', 'interrupted') and object_key = ''
    and progressed_at_ms <= ${BigInt(now() - RESUMABLE_MS)}`
  const ids: ImportId[] = []
  for (const { id, isKept } of await db.all<{ id: bigint; isKept: bigint }>(
    sql`select id, (${stood}) and not (${isLost}) as isKept from imports where (${stood}) or (${forgotten}) order by id`,
  )) {
    await (isKept ? breakOff(scope, id, stood) : giveUp(scope, id, sql`(${stood}) or (${forgotten})`))
    log.warn('import.abandoned', { importId: idText('imp', id) })
    ids.push(idText('imp', id))
  }
  return ids
}

async function breakOff({ db, now }: Pick<Scope, 'db' | 'now'>, row: bigint, stood: SQL): Promise<void> {
  await db.run(sql`update imports set status = 'interrupted', progressed_at_ms = ${BigInt(now())},
    message = ${interruptedWords(row)} where id = ${row} and ${stood}`)
}

async function giveUp(scope: Pick<Scope, 'db' | 'now' | 'actor' | 'origin'>, row: bigint, still: SQL): Promise<void> {
  const view = await readImport(scope.db, idText('imp', row))
  const status = view.isCancelAsked ? ('cancelled' as const) : ('failed' as const)
  const message = view.isCancelAsked
    ? 'The import was cancelled'
    : view.status === 'queued'
      ? 'The file was announced and never came'
      : 'The import was interrupted and not taken up again: send the file again'
  await writeBatch(scope.db, [
    sql`update imports set status = ${status}, finished_at_ms = ${BigInt(scope.now())}, message = ${message}
      where id = ${row} and (${still})`,
    ...forgetImport(row),
    ...noteOfImport(scope, { ...view, status }),
  ])
}

/** Rows that one transaction clears away. */
const FORGOTTEN_ROWS = 20_000

/** Clears away what ended imports have left in the staging tables. Answers how many rows. Idempotent, cut off anywhere. */
export async function forgetStaged({ db }: Pick<Scope, 'db'>): Promise<number> {
  let forgotten = 0
  for (const table of [sql.raw('staged_costs'), sql.raw('staged_jobs')])
    for (;;) {
      const { rowsAffected } = await db.run(sql`delete from ${table} where id in (
        select s.id from ${table} s join imports i on i.id = s.import_id
        where i.status not in ('queued', 'reading', 'storing', 'interrupted') order by s.id limit ${BigInt(FORGOTTEN_ROWS)})`)
      forgotten += rowsAffected
      if (rowsAffected < FORGOTTEN_ROWS) break
    }
  return forgotten
}
