import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { type ImportId, idText } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { readImport } from './import-view.ts'
import { forgetImport, noteOfImport } from './open-import.ts'

/** A live import moves at least once in this time; the slowest allowed upload of a chunk is well below it. */
export const ABANDONED_AFTER_MS = 15 * 60_000

/**
 * Closes imports that stopped moving (their process died) and forgets what they had staged. What they had stored stays,
 * each chunk whole; sending the file again completes it. Answers the ids. Idempotent.
 */
export async function clearAbandoned(
  scope: Pick<Scope, 'db' | 'now' | 'log' | 'actor' | 'origin'>,
  afterMs = ABANDONED_AFTER_MS,
): Promise<ImportId[]> {
  const { db, now, log } = scope
  const rows = await db.all<{ id: bigint }>(sql`
    select id from imports where status in ('reading', 'storing') and progressed_at_ms <= ${BigInt(now() - afterMs)}`)
  for (const { id } of rows) {
    const ended = { ...(await readImport(db, idText('imp', id))), status: 'failed' as const }
    await writeBatch(db, [
      sql`update imports set status = 'failed', finished_at_ms = ${BigInt(now())},
        message = 'The import was interrupted: send the file again' where id = ${id} and status in ('reading', 'storing')`,
      ...forgetImport(id),
      ...noteOfImport(scope, ended),
    ])
    log.warn('import.abandoned', { importId: idText('imp', id) })
  }
  return rows.map(({ id }) => idText('imp', id))
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
        where i.status not in ('reading', 'storing') order by s.id limit ${BigInt(FORGOTTEN_ROWS)})`)
      forgotten += rowsAffected
      if (rowsAffected < FORGOTTEN_ROWS) break
    }
  return forgotten
}
