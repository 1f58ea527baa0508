import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeBatch } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { KeptFiles } from '../uploads/kept-files.ts'
import { sweepFiles } from '../uploads/replay-upload.ts'
import { type ImportView, importView, readImport } from './import-view.ts'
import { forgetImport, noteOfImport } from './open-import.ts'

export const ImportCancelling = z.object({ importId: IdText('imp') })

/**
 * Stops an import. One that waits or broke off ends at once as cancelled; one that is being read is asked to, and ends with
 * its next chunk: nothing of it is in the ledger. One that is being stored is past stopping: it ends in a moment and can
 * be removed then. Asking again changes nothing. For who may import and sees it.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `ingest.too_late_to_cancel`
 */
export async function cancelImport(
  scope: Scope,
  { importId }: z.output<typeof ImportCancelling>,
  kept: KeptFiles | null = null,
): Promise<ImportView> {
  allow(scope, 'imports:write')
  const view = await importView(scope, importId)
  if (view.status === 'cancelled') return view
  const { db, now } = scope
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const isAtRest = sql`id = ${row} and status in ('queued', 'interrupted')`
  const [asked] = await writeBatch(db, [
    sql`update imports set is_cancel_asked = 1 where id = ${row} and status in ('queued', 'interrupted', 'reading')`,
    // Only a simple file or jobs that broke off while they were stored have rows in the ledger, a whole chunk each.
    sql`update imports set status = 'cancelled', finished_at_ms = ${BigInt(now())},
      progressed_at_ms = ${BigInt(now())}, message = iif(inserted + updated = 0, 'The import was cancelled',
        'The import was cancelled; ' || (inserted + updated) || ' rows of it had been stored: remove it to take them away')
      where ${isAtRest}`,
  ])
  if (asked?.rowsAffected !== 1) throw tooLate(view)
  const after = await readImport(db, importId)
  if (after.status !== 'cancelled') return after
  await writeBatch(db, [...forgetImport(row), ...noteOfImport(scope, after)])
  if (kept) await sweepFiles(scope, kept, [importId])
  return after
}

function tooLate({ status }: ImportView): HelioxError {
  const why =
    status === 'storing' ? 'it is being stored: wait until it has ended, then remove it' : 'it has ended: remove it'
  return new HelioxError('conflict', 'ingest.too_late_to_cancel', `The import cannot be cancelled any more: ${why}`)
}
