import { HelioxError } from '../errors.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Importer, type RangedFile, type Reader, type ReadOptions, wrongFormat } from './importers/importer.ts'
import { importerOf, recognise, recogniseFile } from './importers/index.ts'
import type { FileRows } from './stage-file.ts'

/** Text that `auto` looks at. */
const HEAD_LENGTH = 65_536

/** What a file holds: text as it arrives, or bytes that can be read from any place. */
export type Content = AsyncIterable<string> | RangedFile

/** A file whose format is known. `why`: how it was told, '' where it was stated. */
export type ToldFile = { importer: Importer; why: string; read(options: ReadOptions): FileRows }

/**
 * Tells what a file is, by its stated format or (`auto`) by how it begins, and checks that the actor may import it. What it
 * takes of a text it gives back to the reader; `letGo` ends the text, read or not.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.whole_company`
 * @throws HelioxError invalid `ingest.unknown_format`, `ingest.unrecognised`, `ingest.wrong_format`, `ingest.empty` for
 *   blanks alone, and what the text throws
 */
export async function tellFile(scope: Scope, content: Content, format: string): Promise<ToldFile> {
  const told = 'slice' in content ? await tellRanged(content, format) : await tellText(content, format)
  requireMayImport(scope, told.importer)
  return told
}

/** Bills and measured usage count for the whole company. @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.whole_company` */
export function requireMayImport(scope: Scope, { kind }: Importer): void {
  allow(scope, 'imports:write')
  if (kind !== 'costs' && kind !== 'usage') return
  requireWholeCompany(scope, kind === 'costs' ? 'Importing a bill' : 'Importing measured usage')
  allow(scope, 'bills:write')
}

async function tellText(content: AsyncIterable<string>, format: string): Promise<ToldFile> {
  const text = content[Symbol.asyncIterator]()
  const head = await headOf(text)
  if (/^\ufeff?\s*$/.test(head)) throw new HelioxError('invalid', 'ingest.empty', 'The file is empty')
  const { importer, why } = format === 'auto' ? recognise(head) : { importer: importerOf(format), why: '' }
  if (!('open' in importer)) throw wrongFormat(`a ${importer.id} file is not text`)
  return { importer, why, read: (options) => rowsOf(importer.open(options), beginningWith(head, text)) }
}

async function tellRanged(file: RangedFile, format: string): Promise<ToldFile> {
  const { importer, why } = format === 'auto' ? await recogniseFile(file) : { importer: importerOf(format), why: '' }
  if (!('openFile' in importer)) throw wrongFormat(`a ${importer.id} file is text, and this is Parquet`)
  const read = (options: ReadOptions): FileRows => {
    const rows = importer.openFile(file, options)
    return { rows, about: () => rows.about?.() ?? '', frame: () => rows.frame?.() ?? null }
  }
  return { importer, why, read }
}

/** The rows of a text as it arrives. */
export function rowsOf(reader: Reader, text: AsyncIterable<string>): FileRows {
  async function* rows() {
    for await (const piece of text) yield reader.push(piece)
    yield reader.end()
  }
  return { rows: rows(), about: () => reader.about?.() ?? '', frame: () => reader.frame?.() ?? null }
}

/** The first text of the file, as long as `auto` needs it. */
async function headOf(text: AsyncIterator<string>): Promise<string> {
  let head = ''
  while (head.length < HEAD_LENGTH) {
    const { done, value } = await text.next()
    if (done) break
    head += value
  }
  return head
}

async function* beginningWith(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head
  yield* { [Symbol.asyncIterator]: () => rest }
}

/** Lets go of a content, read to its end or not: its source closes what it holds. */
export async function letGo(content: Content): Promise<void> {
  if ('slice' in content) return
  await content[Symbol.asyncIterator]().return?.()
}
