import { HelioxError } from '../errors.ts'
import type { ImportView } from '../ingest/import-view.ts'
import type { RangedFile } from '../ingest/importers/importer.ts'
import { type IngestInput, ingestFile } from '../ingest/ingest-file.ts'
import { readBody } from '../ingest/read-body.ts'
import type { Scope } from '../scope.ts'
import type { FileBody, PulledFile } from './kinds/kind.ts'
import type { SourceRow } from './source.ts'

/** A source's file as sent: far above any bill, and below what would keep a Worker busy for the night. */
const LARGEST_FILE = 2 * 1024 * 1024 * 1024

/** What is said about a source's files. */
export type Reading = Pick<SourceRow, 'format' | 'source' | 'provider' | 'currency' | 'timeZone'>

/** Imports one file of a source as somebody's upload of it would be. @throws what `ingestFile` and the source's server say */
export async function handOver(
  scope: Scope,
  reading: Reading,
  file: PulledFile,
  onText: () => Promise<void>,
): Promise<ImportView> {
  const { format, source, provider, currency, timeZone } = reading
  const progress = { bytesRead: 0, declaredBytes: file.byteLength ?? 0 }
  const body = await file.open()
  const text =
    'ranged' in body
      ? (watchedRanges(body.ranged, progress, onText) as unknown as IngestInput['text'])
      : watched(textIn(body, progress), onText)
  return ingestFile(scope, {
    ...{ format, provider, currency, timeZone, source: source || null, part: file.part, isDryRun: false },
    ...{ fileName: file.fileName.slice(-255), text, progress },
  })
}

/**
 * A file's text as it comes. Pieces of one export are one CSV: each repeats the header of the first, which is left out.
 *
 * @throws HelioxError invalid `sources.pieces_differ`, and what `readBody` throws
 */
export async function* textIn(
  body: Exclude<FileBody, { ranged: unknown }>,
  progress: { bytesRead: number; declaredBytes?: number },
): AsyncGenerator<string> {
  if ('text' in body) {
    progress.bytesRead += Buffer.byteLength(body.text)
    yield body.text
  } else if ('bytes' in body) yield* readBody(body.bytes, LARGEST_FILE, progress)
  else yield* joined(body.pieces, progress)
}

/** No header of a bill is longer; what comes without a line break is no CSV. */
const LONGEST_HEADER = 1024 * 1024

async function* joined(
  pieces: Extract<FileBody, { pieces: unknown }>['pieces'],
  progress: { bytesRead: number },
): AsyncGenerator<string> {
  let first: string | null = null
  for (const open of pieces) {
    const own = { bytesRead: 0 }
    const before = progress.bytesRead
    let head: string | null = ''
    let endsLine = true
    for await (const text of readBody(await open(), LARGEST_FILE, own)) {
      progress.bytesRead = before + own.bytesRead
      if (head === null) {
        endsLine = text.endsWith('\n')
        yield text
        continue
      }
      head += text
      const end = head.indexOf('\n')
      if (end < 0 && head.length <= LONGEST_HEADER) continue
      const header = head
        .slice(0, end)
        .replace(/^\ufeff/, '')
        .trimEnd()
      if (first === null) yield head
      else if (header !== first) throw piecesDiffer()
      else yield head.slice(end + 1)
      endsLine = head.endsWith('\n')
      first ??= header
      head = null
    }
    if (head !== null && head !== '' && first === null) yield head // a single line: the importer says what is missing
    if (!endsLine) yield '\n'
  }
}

function piecesDiffer(): HelioxError {
  const message =
    'The files of the export do not have the same columns in the same order: they are no export of one piece'
  return new HelioxError('invalid', 'sources.pieces_differ', message)
}

async function* watched(text: AsyncGenerator<string>, onText: () => Promise<void>): AsyncGenerator<string> {
  for await (const piece of text) {
    yield piece
    await onText()
  }
}

function watchedRanges(file: RangedFile, progress: { bytesRead: number }, onText: () => Promise<void>): RangedFile {
  const slice = async (start: number, end?: number) => {
    const bytes = await file.slice(start, end)
    progress.bytesRead += bytes.byteLength
    await onText()
    return bytes
  }
  return { byteLength: file.byteLength, slice }
}
