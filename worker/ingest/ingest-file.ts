import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { ImportView } from './import-view.ts'
import { failImport, finishImport, type OpenImport, openImport } from './open-import.ts'
import { readOptions, type Said } from './read-options.ts'
import { type FileRows, stageFile } from './stage-file.ts'
import { storeFile } from './store-file.ts'
import { type Content, letGo, tellFile } from './told-file.ts'

export { rowsOf } from './told-file.ts'

export type IngestInput = Said & {
  /** An importer's id, or `auto`. */
  format: string
  /** Whose rows they are; null: the importer's own word. */
  source: string | null
  /** Which part of an export in several files; '': as the importer tells from the file's name, see `partOf`. */
  part: string
  fileName: string
  isDryRun: boolean
  /** What it holds: text as it arrives, or a file that can be read from any place. */
  text: Content
  /** Bytes received so far, for the progress that the page shows. */
  progress: { bytesRead: number }
  /** Refuse the whole file for one bad row; the documented mock ingest does. */
  isStrict?: boolean
}

/**
 * Reads a file and stores it. Memory does not grow with the file: rows are staged 10,000 at a time, and only when the
 * whole file has been read do they count. A bill takes the place of the export that it restates in one transaction; jobs
 * and simple costs move into the ledger chunk by chunk, each in one transaction with its counts and its shares. So a file
 * that breaks off or is not the stated format changes nothing, and one that is cut off while storing is completed by
 * itself: the same file again changes nothing, a corrected one replaces amounts and never adds to them. A row that cannot
 * be stored is quarantined and the rest go on. A dry run counts and stores nothing. Who does not see the whole company may
 * send jobs of their teams: other rows are quarantined, a bill is refused whole.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.whole_company`
 * @throws HelioxError invalid `ingest.unknown_format`, `ingest.unrecognised`, `ingest.wrong_format`, `ingest.no_rows`,
 *   `ingest.too_many_teams`, `ingest.too_much_money`, and what `readBody` throws
 * @throws HelioxError conflict `ingest.busy` while another bill of the same source is stored, `ingest.cancelled`, `ingest.interrupted`
 */
export async function ingestFile(scope: Scope, input: IngestInput): Promise<ImportView> {
  allow(scope, 'imports:write')
  try {
    const { importer, why, read } = await tellFile(scope, input.text, input.format)
    const part = input.part || (importer.partOf?.(input.fileName) ?? '')
    const open = await openImport(scope, importer, { ...input, part, recognisedBy: why })
    return await run(scope, open, read(await readOptions(scope, input)), input.isStrict)
  } finally {
    await letGo(input.text) // also when it was refused half-way
  }
}

/** Reads, stores and closes an import; one that was read whole before is only stored. */
export async function run(
  scope: Scope,
  open: OpenImport,
  file: FileRows | null,
  isStrict = false,
): Promise<ImportView> {
  try {
    if (file) await stageFile(scope, open, file, isStrict)
    await storeFile(scope, open)
    return await finishImport(scope, open)
  } catch (error) {
    await failImport(scope, open, error, isStrict)
    throw error
  }
}
