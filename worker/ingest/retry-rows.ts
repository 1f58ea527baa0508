import { and, asc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { quarantinedRows } from '../../db/schema/ingest.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import { isTimeZone } from '../clock-offsets.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, importView } from './import-view.ts'
import type { FileFrame } from './importers/importer.ts'
import { importerOf } from './importers/index.ts'
import { ingestFile } from './ingest-file.ts'
import { isUnderWay } from './watch-import.ts'

/** What may be said otherwise than beside the file; absent stays as it was. */
export const RowsToRetry = z.object({
  importId: IdText('imp'),
  provider: z.string().max(100).optional(),
  currency: z
    .string()
    .regex(/^([A-Za-z]{3})?$/, 'a currency has three letters, such as USD')
    .optional(),
  timeZone: z.string().max(60).refine(isTimeZone, 'a time zone is named like Europe/Berlin').optional(),
})

const PAGE_ROWS = 1_000

/**
 * Reads the quarantined rows of an import again, just those, as an import of their own: after a rate, a rule or a setting
 * has changed. Rows of a bill are added to the bill that they came with, and go when it is replaced. The rows are marked
 * with the import that took them; what it cannot store either stands in its own list.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `ingest.under_way`, `ingest.superseded`,
 *   `ingest.nothing_to_retry`, and what `ingestFile` throws
 */
export async function retryRows(scope: Scope, asked: z.output<typeof RowsToRetry>): Promise<ImportView> {
  allow(scope, 'imports:write')
  const view = await importView(scope, asked.importId)
  if (isUnderWay(view))
    throw new HelioxError('conflict', 'ingest.under_way', 'The import is still under way: wait until it has ended')
  // What is added to a bill that does not stand would stand alone.
  if (view.isDryRun || view.status === 'removed' || view.status === 'cancelled')
    throw new HelioxError('conflict', 'ingest.nothing_to_retry', 'Nothing of this import counts: send the file again')
  const frame = await frameOf(scope, asked.importId)
  const hasSome = await hasRows(scope, asked.importId)
  const taken = hasSome ? null : await takenBy(scope, asked.importId)
  if (taken)
    throw new HelioxError(
      'conflict',
      'ingest.nothing_to_retry',
      `Its rows were read again by ${taken}: retry what that one has`,
    )
  if (!frame || !hasSome)
    throw new HelioxError(
      'conflict',
      'ingest.nothing_to_retry',
      'There is no quarantined row of this import that can be read alone: correct the file and send it again',
    )
  await requireStanding(scope, asked.importId)
  const { provider, currency, timeZone } = { ...view, ...withoutAbsent(asked) }
  await claim(scope, asked.importId)
  try {
    const ended = await ingestFile(scope, {
      ...{ format: recordFormat(view.format), source: view.source, provider, currency, timeZone },
      ...{ progress: { bytesRead: 0 }, isDryRun: false, part: `${view.part}+${asked.importId}` },
      fileName: `quarantined rows of ${view.fileName || asked.importId}`.slice(0, 255),
      text: recordsOf(scope, asked.importId, frame, CLAIMED),
    })
    await settle(scope, asked.importId, ended.importId)
    return ended
  } catch (error) {
    await settle(scope, asked.importId, null)
    throw error
  }
}

/** In `resolved_by`: somebody is reading the row again. */
const CLAIMED = -1

/** Takes the rows for one reading: of two at once, one goes on. @throws HelioxError conflict `ingest.under_way` */
async function claim({ db }: Scope, importId: ImportId): Promise<void> {
  const { rowsAffected } = await db.run(sql`update quarantined_rows set resolved_by = ${BigInt(CLAIMED)}
    where import_id = ${BigInt(rowOf('imp', importId) ?? 0)} and record <> '' and resolved_by = 0`)
  if (rowsAffected === 0)
    throw new HelioxError('conflict', 'ingest.under_way', 'Somebody is reading these rows again right now')
}

/** Gives the rows to the import that has read them, or back. */
async function settle({ db }: Scope, importId: ImportId, by: ImportId | null): Promise<void> {
  await db.run(sql`update quarantined_rows set resolved_by = ${BigInt(by ? (rowOf('imp', by) ?? 0) : 0)}
    where import_id = ${BigInt(rowOf('imp', importId) ?? 0)} and resolved_by = ${BigInt(CLAIMED)}`)
}

/**
 * Gives back the rows of readings that have died: no import of theirs is under way. For the clock. Answers how many.
 */
export async function freeClaimed({ db }: Pick<Scope, 'db'>): Promise<number> {
  const { rowsAffected } = await db.run(sql`update quarantined_rows set resolved_by = 0
    where resolved_by = ${BigInt(CLAIMED)} and not exists (select 1 from imports i
      where i.part like '%+imp_' || quarantined_rows.import_id and i.status in ('reading', 'storing', 'interrupted'))`)
  return rowsAffected
}

/** Rows of a bill whose place another export has taken would count beside it. @throws HelioxError conflict `ingest.superseded` */
async function requireStanding({ db }: Scope, importId: ImportId): Promise<void> {
  const [ended] = await db.all<{ by: bigint | null }>(sql`select n.import_id as "by" from bills o
    left join bills n on n.id = o.superseded_by
    where o.import_id = ${BigInt(rowOf('imp', importId) ?? 0)} and o.status = 'superseded' limit 1`)
  if (!ended) return
  const next = ended.by ? `: read the rows of ${idText('imp', ended.by)} again` : ''
  throw new HelioxError('conflict', 'ingest.superseded', `What it brought does not count any more${next}`)
}

/** The format of single records: a file that is read by ranges keeps them as text. */
function recordFormat(format: string): string {
  const importer = importerOf(format)
  return 'retriedAs' in importer ? importer.retriedAs : format
}

/**
 * The quarantined rows of an import as a file of its format, to be corrected and sent again; rows that could not be kept
 * are not in it. Streams.
 *
 * @throws HelioxError not_found `ingest.no_import`, `ingest.no_rejects`
 */
export async function rejectedRows(scope: Scope, { importId }: { importId: ImportId }): Promise<AsyncIterable<string>> {
  allow(scope, 'imports:read')
  await importView(scope, importId)
  const frame = await frameOf(scope, importId)
  if (!frame || !(await hasRows(scope, importId)))
    throw new HelioxError('not_found', 'ingest.no_rejects', 'The import has no quarantined rows that were kept')
  return recordsOf(scope, importId, frame)
}

async function frameOf({ db }: Scope, importId: ImportId): Promise<FileFrame | null> {
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const [stored] = await db.all<{ frame: string }>(sql`select frame_json as frame from imports where id = ${row}`)
  return stored?.frame ? (JSON.parse(stored.frame) as FileFrame) : null
}

const isKept = (importId: ImportId, resolvedBy = 0) =>
  and(
    ...[eq(quarantinedRows.importId, importId), sql`${quarantinedRows.record} <> ''`],
    eq(quarantinedRows.resolvedBy, resolvedBy),
  )

/** The import that has read its rows again last; null: none has. */
async function takenBy({ db }: Scope, importId: ImportId): Promise<ImportId | null> {
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const [last] = await db.all<{ row: bigint | null }>(
    sql`select max(resolved_by) as row from quarantined_rows where import_id = ${row}`,
  )
  return last?.row ? idText('imp', last.row) : null
}

async function hasRows({ db }: Scope, importId: ImportId): Promise<boolean> {
  const [one] = await db.select({ line: quarantinedRows.line }).from(quarantinedRows).where(isKept(importId)).limit(1)
  return one !== undefined
}

async function* recordsOf({ db }: Scope, importId: ImportId, frame: FileFrame, resolvedBy = 0): AsyncGenerator<string> {
  yield frame.before
  // Behind the last row, not by count: rows may be resolved meanwhile.
  for (let after = { line: -1, id: idText('row', 0) }, isFirst = true; ; isFirst = false) {
    const rows = await db
      .select({ id: quarantinedRows.id, line: quarantinedRows.line, record: quarantinedRows.record })
      .from(quarantinedRows)
      .where(
        and(
          isKept(importId, resolvedBy),
          sql`(${quarantinedRows.line}, ${quarantinedRows.id}) > (${BigInt(after.line)}, ${BigInt(rowOf('row', after.id) ?? 0)})`,
        ),
      )
      .orderBy(asc(quarantinedRows.line), asc(quarantinedRows.id))
      .limit(PAGE_ROWS)
    const text = rows.map(({ record }) => record).join(frame.between)
    if (text !== '') yield (isFirst ? '' : frame.between) + text
    const last = rows.at(-1)
    if (!last || rows.length < PAGE_ROWS) break
    after = last
  }
  yield frame.after
}

function withoutAbsent({ provider, currency, timeZone }: z.output<typeof RowsToRetry>) {
  return Object.fromEntries(
    Object.entries({ provider, currency, timeZone }).filter(([, value]) => value !== undefined),
  ) as { provider?: string; currency?: string; timeZone?: string }
}
