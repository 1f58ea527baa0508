import { and, eq, not, sql } from 'drizzle-orm'
import { imports } from '../../db/schema/ingest.ts'
import type { ImportId } from '../../db/units/ids.ts'
import { rootCause } from '../errors.ts'
import type { Scope } from '../scope.ts'
import type { ImportView } from './import-view.ts'
import { run } from './ingest-file.ts'
import { reopenImport } from './open-import.ts'
import { senderOf } from './sender.ts'

/**
 * Stores what an import that broke off has staged, if its file was read whole: it needs no file and no sender any more.
 * Runs with the rights of who sent it. Null: it was not read whole, somebody else has it, or its sender may nothing now.
 */
export async function finishInterrupted(scope: Omit<Scope, 'actor'>, id: ImportId): Promise<ImportView | null> {
  const [row] = await scope.db.select().from(imports).where(eq(imports.id, id))
  const actor = row?.isReadWhole && row.status === 'interrupted' ? await senderOf(scope, row) : null
  if (!actor) return null
  const open = await reopenImport({ ...scope, actor }, id, { bytesRead: 0 })
  return open && run({ ...scope, actor }, open, null)
}

/** Whether a later file of the same source, format and part has been stored: what is older must not count after it. */
const isOutdated = sql`exists (select 1 from imports n where n.id > ${imports.id} and n.source = ${imports.source}
  and n.format = ${imports.format} and n.part = ${imports.part} and n.is_dry_run = 0
  and n.status in ('success', 'partial_success'))`

/**
 * Stores every import that broke off with its file read whole, that no queue looks after and no later file has overtaken;
 * the clock calls it. One that fails again is tried the next time. Answers how many have ended.
 */
export async function finishReadWhole(scope: Omit<Scope, 'actor'>): Promise<number> {
  const waiting = await scope.db
    .select({ id: imports.id })
    .from(imports)
    .where(
      and(eq(imports.status, 'interrupted'), eq(imports.isReadWhole, true), eq(imports.objectKey, ''), not(isOutdated)),
    )
  let ended = 0
  for (const { id } of waiting) {
    const view = await finishInterrupted(scope, id).catch((error: unknown) => {
      scope.log.warn('import.not_finished', { importId: id, error: String(rootCause(error)) })
    })
    if (view) ended += 1
  }
  return ended
}
