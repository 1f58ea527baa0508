import type { ImportStatus } from '../../db/schema/ingest.ts'
import type { ImportId } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, importView } from './import-view.ts'

const LOOK_EVERY_MS = 500
/** A connection that says nothing for longer is cut by proxies. */
const SILENT_LOOKS = 30
/** About two minutes; who still watches then asks again, and is checked again. */
const MOST_LOOKS = 240

const UNDER_WAY: readonly ImportStatus[] = ['queued', 'reading', 'storing', 'interrupted']

/** Whether it has not ended: it waits, is read or stored, or can be taken up again. */
export function isUnderWay({ status }: Pick<ImportView, 'status'>): boolean {
  return UNDER_WAY.includes(status)
}

/**
 * An import each time that it has moved, its first state at once and its final one last; null where nothing has happened
 * for a while. Ends with the import, or after about two minutes.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function* watchImport(
  scope: Scope,
  importId: ImportId,
  pause: () => Promise<void> = () => new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS)),
): AsyncGenerator<ImportView | null> {
  let last = ''
  let silent = 0
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    if (look > 0) await pause()
    const view = await importView(scope, importId)
    const now = JSON.stringify(view)
    silent = now === last ? silent + 1 : 0
    if (silent === 0) yield view
    else if (silent % SILENT_LOOKS === 0) yield null
    last = now
    if (!isUnderWay(view)) return
  }
}
