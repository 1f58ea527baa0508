import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetScan, parquetSchema } from 'hyparquet'
import { HelioxError } from '../../errors.ts'
import { csvLine } from './csv-rows.ts'
import { type FileFrame, type RangedFile, wrongFormat } from './importer.ts'
import { CODECS } from './parquet-codecs.ts'
import { checkPages } from './parquet-pages.ts'
import { columnsOfSchema, PARSERS, type ParquetColumn, valueText } from './parquet-text.ts'
import { endOfThrift } from './parquet-thrift.ts'

/** Rows whose values are unpacked at a time: a page is unpacked again for each batch that it reaches into. */
const BATCH_ROWS = 50_000
/** Rows that are handed on together: what becomes of them takes more memory than their values. */
const YIELDED_ROWS = 5_000
/** What describes the columns and row groups: some kilobytes in real files. */
const LARGEST_FOOTER = 8 * 1024 * 1024
/** A column of one row group, packed: it is read whole. Writers close a row group at 128 MiB of all columns. */
const LARGEST_COLUMN = 64 * 1024 * 1024
/** Packed columns of a row group that are kept between its batches; of a larger one they are read for each. */
const KEPT_BYTES = 24 * 1024 * 1024
/** Even rows that are all alike take more room than this. */
const MOST_ROWS_A_BYTE = 100
const MOST_COLUMNS = 5_000
const MAGIC = 0x31524150

/** Some rows of a Parquet file. */
export type ParquetBatch = {
  /** The first one's number; the file's first row is 1. */
  line: number
  size: number
  /** The value of a row (from 0 within the batch) as text, '' for null and for columns that the file does not have. */
  text(column: string, row: number): string
}

export type ParquetTable = {
  header: readonly string[]
  /** The rows in order, with these of its columns. */
  batches(columns: readonly string[]): AsyncGenerator<ParquetBatch>
}

/** A row of a batch as a line of CSV. */
export function recordOf({ text }: ParquetBatch, columns: readonly string[], row: number): string {
  return csvLine(
    columns.map((name) => text(name, row)),
    ',',
  )
}

/** What makes a file of such lines. */
export function frameOf(columns: readonly string[]): FileFrame {
  return { before: `${csvLine(columns, ',')}\n`, between: '\n', after: '\n' }
}

/** Whether a file begins as Parquet does. */
export async function isParquet(file: RangedFile): Promise<boolean> {
  if (file.byteLength < 12) return false
  return new DataView(await file.slice(0, 4)).getUint32(0, true) === MAGIC
}

/**
 * Opens a Parquet file. One row group's needed columns are in memory at most, one of them unpacked; what a file claims of
 * itself is held against its bytes before it is believed.
 *
 * @throws HelioxError invalid `ingest.wrong_format`
 */
export async function openParquet(file: RangedFile, expected: string): Promise<ParquetTable> {
  const refuse = (why: string, cause?: unknown) => {
    const { kind, code, message } = wrongFormat(`expected ${expected}; ${why}`)
    return new HelioxError(kind, code, message, { cause })
  }
  if (!(await isParquet(file))) throw refuse('the file does not begin with PAR1 as Parquet does')
  const { metadata, columns } = await footerOf(file, refuse)
  return {
    header: [...columns.keys()],
    async *batches(names) {
      const wanted = names.filter((name) => columns.has(name))
      const columnOf = (name: string) => columns.get(name) ?? PLAIN
      let line = 1
      for (const group of metadata.row_groups) {
        const size = Number(group.num_rows)
        if (size === 0) continue
        const alone: FileMetaData = { ...metadata, num_rows: group.num_rows, row_groups: [group] }
        const read = await groupReader(file, alone, wanted, refuse)
        const whole = new Map<string, string[]>()
        for (const name of wanted)
          if (columnOf(name).isNested) whole.set(name, alike(await read(name, 0, size), columnOf(name)))
        for (let start = 0; start < size; start += BATCH_ROWS) {
          const end = Math.min(start + BATCH_ROWS, size)
          const values = new Map<string, ArrayLike<unknown>>()
          for (const name of wanted)
            values.set(name, whole.get(name)?.slice(start, end) ?? (await read(name, start, end)))
          for (let part = 0; part < end - start; part += YIELDED_ROWS)
            yield {
              line: line + start + part,
              size: Math.min(YIELDED_ROWS, end - start - part),
              text: (name, row) => valueText(values.get(name)?.[part + row], whole.has(name) ? PLAIN : columnOf(name)),
            }
        }
        line += size
      }
    },
  }
}

const PLAIN: ParquetColumn = { scale: null, isSingle: false, isNested: false }

/** Maps and lists as text, equal ones once: a group's are all unpacked together, and tags repeat. */
function alike(values: ArrayLike<unknown>, column: ParquetColumn): string[] {
  const known = new Map<string, string>()
  return Array.from(values, (value) => {
    const text = valueText(value, column)
    const found = known.get(text)
    if (found === undefined) known.set(text, text)
    return found ?? text
  })
}

type Refuse = (why: string, cause?: unknown) => HelioxError

type Footer = { metadata: FileMetaData; columns: Map<string, ParquetColumn> }

async function footerOf(file: RangedFile, refuse: Refuse): Promise<Footer> {
  const tail = new DataView(await file.slice(file.byteLength - 8))
  if (tail.getUint32(4, true) !== MAGIC) throw refuse('the file is cut off: it does not end with PAR1')
  const length = tail.getUint32(0, true)
  if (length > file.byteLength - 12) throw refuse('its footer is longer than the file')
  if (length > LARGEST_FOOTER)
    throw refuse(`its footer has ${length} bytes: write it with fewer columns and row groups`)
  const bytes = new Uint8Array(await file.slice(file.byteLength - 8 - length))
  try {
    endOfThrift(bytes.subarray(0, length), 0)
    const metadata = parquetMetadata(bytes, { parsers: PARSERS, geoparquet: false })
    if (metadata.schema.length > MOST_COLUMNS) throw refuse(`it has ${metadata.schema.length} columns`)
    if (metadata.row_groups.some(({ columns }) => columns.some(({ file_path }) => file_path)))
      throw refuse('its columns are in other files')
    if (metadata.schema.some(({ name }) => name === undefined)) throw refuse('a column has no name')
    parquetSchema(metadata) // throws where the tree of columns is none
    const rows = metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n)
    if (rows !== metadata.num_rows || metadata.row_groups.some(({ num_rows }) => num_rows < 0n))
      throw refuse('its row groups do not add up to its rows')
    if (rows > BigInt(file.byteLength) * BigInt(MOST_ROWS_A_BYTE))
      throw refuse(`it claims ${rows} rows in ${file.byteLength} bytes`)
    return { metadata, columns: columnsOfSchema(metadata) }
  } catch (error) {
    if (error instanceof HelioxError) throw error
    throw refuse('its footer cannot be read', error)
  }
}

type Read = (column: string, start: number, end: number) => Promise<ArrayLike<unknown>>

/** Reads rows [start, end) of a column of the one row group that `metadata` has. */
async function groupReader(
  file: RangedFile,
  metadata: FileMetaData,
  wanted: readonly string[],
  refuse: Refuse,
): Promise<Read> {
  const spans = new Map(wanted.map((column) => [column, spanOf(metadata, column, file, refuse)]))
  const isKept = [...spans.values()].reduce((sum, { start, end }) => sum + end - start, 0) <= KEPT_BYTES
  const kept = new Map<string, ArrayBuffer>()
  const checked = new Set<string>()
  return async (column, rowStart, rowEnd) => {
    const { start, end, chunks } = spans.get(column) ?? { start: 0, end: 0, chunks: [] }
    const bytes = kept.get(column) ?? (await file.slice(start, end))
    if (isKept) kept.set(column, bytes)
    // Of the column's own bytes alone, so that nothing is read behind its back.
    const source: RangedFile = {
      byteLength: file.byteLength,
      slice: async (from, to = file.byteLength) => bytes.slice(Math.max(from - start, 0), Math.max(to - start, 0)),
    }
    try {
      if (!checked.has(column))
        for (const meta of chunks) {
          const place = placeOf(meta)
          checkPages(new Uint8Array(bytes, place.start - start, place.end - place.start), meta, metadata)
        }
      checked.add(column)
      const options = { compressors: CODECS, parsers: PARSERS, utf8: false, geoparquet: false, useOffsetIndex: false }
      const scan = await parquetScan({ file: source, metadata, columns: [column], ...options })
      const values = await scan.readColumn({ column, rowStart, rowEnd })
      if (values.length !== rowEnd - rowStart) throw new RangeError('it has fewer rows than its row group')
      return values
    } catch (error) {
      throw refuse(`column ${column.slice(0, 60)} is damaged`, error)
    }
  }
}

type Span = { start: number; end: number; chunks: ColumnMetaData[] }

/** Where a column's bytes are: those of all its parts, which stand side by side. */
function spanOf({ row_groups }: FileMetaData, column: string, file: RangedFile, refuse: Refuse): Span {
  const name = column.slice(0, 60)
  const chunks = row_groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data }) => (meta_data?.path_in_schema?.[0] === column ? [meta_data] : [])),
  )
  const places = chunks.map(placeOf)
  const start = Math.min(...places.map((place) => place.start))
  const end = Math.max(...places.map((place) => place.end))
  if (!(places.every((place) => place.end >= place.start) && start >= 4 && end <= file.byteLength))
    throw refuse(`column ${name} is cut off`)
  if (end - start > LARGEST_COLUMN)
    throw refuse(`a row group has ${end - start} bytes of ${name}: write the file with smaller row groups`)
  return { start, end, chunks }
}

function placeOf(meta: ColumnMetaData): { start: number; end: number } {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
  return { start, end: start + Number(meta.total_compressed_size) }
}
