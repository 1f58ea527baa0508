import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath, isFlatColumn } from 'hyparquet/src/schema.js'
import { CODECS, LARGEST_PAGE } from './parquet-codecs.ts'
import { endOfThrift } from './parquet-thrift.ts'
import { checkValues } from './parquet-values.ts'

/** Rows of one page: writers close it after 20,000, or after a MiB, which a column of one value never fills. */
const MOST_PAGE_VALUES = 4_000_000
/** Of a row group, where rows have several: all of them are unpacked together. */
const MOST_VALUES = 16_000_000

/**
 * Walks the pages of a column's bytes and throws RangeError for a page that claims more than the column, than its bytes
 * could hold, or than fits into memory: the reader would believe it.
 */
export function checkPages(
  bytes: Uint8Array,
  meta: ColumnMetaData,
  { schema, num_rows }: Pick<FileMetaData, 'schema' | 'num_rows'>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const path = getSchemaPath(schema, meta.path_in_schema)
  const maxRepetition = getMaxRepetitionLevel(path)
  const maxDefinition = getMaxDefinitionLevel(path)
  // As far as the reader goes: to the last row, or to the end where rows have several values.
  const isFlat = isFlatColumn(path)
  const last = isFlat ? Math.max(Number(meta.num_values), Number(num_rows)) : Number.POSITIVE_INFINITY
  let values = 0
  for (let at = 0; at < bytes.length - 1 && values < last; ) {
    const end = endOfThrift(bytes, at)
    const header = parquetHeader({ view, offset: at })
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header
    if (!(packed >= 0 && packed <= bytes.length - end)) throw new RangeError('a page is cut off')
    if (!(unpacked >= 0 && unpacked <= LARGEST_PAGE)) throw new RangeError('a page is too large')
    const dictionary = header.dictionary_page_header
    // Text takes four bytes a value and everything else at least one; a dictionary of booleans is of no use.
    if (dictionary && !(dictionary.num_values >= 0 && dictionary.num_values <= unpacked))
      throw new RangeError('a dictionary claims more than it has')
    const { data_page_header: first, data_page_header_v2: second } = header
    const count = (first ?? second)?.num_values ?? 0
    if (!(count >= 0 && count <= MOST_PAGE_VALUES)) throw new RangeError('a page has too many values')
    values += count
    if (isFlat && values > Number(meta.num_values)) throw new RangeError('the pages have more values than the column')
    if (values > MOST_VALUES) throw new RangeError('a row group has too many values')
    const page = bytes.subarray(end, end + packed)
    const isBoolean = meta.type === 'BOOLEAN'
    const claim = { valueCount: count, isBoolean, isSecond: second !== undefined, maxRepetition, maxDefinition }
    if (header.type === 'DATA_PAGE' && second) throw new RangeError('a page is of two versions')
    if (header.type === 'DATA_PAGE' && first) {
      const whole = decompressPage(page, unpacked, meta.codec, CODECS)
      checkValues({ ...claim, bytes: whole, encoding: first.encoding, levelBytes: null })
    }
    if (header.type === 'DATA_PAGE_V2' && second) {
      const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = second
      const levels = repetition + definition
      if (!(repetition >= 0 && definition >= 0 && levels <= packed && levels <= unpacked))
        throw new RangeError('the levels of a page are cut off')
      if (!(second.num_nulls >= 0 && second.num_nulls <= count)) throw new RangeError('a page has too many nulls')
      const data = page.subarray(levels)
      const isPacked = second.is_compressed !== false
      const rest = isPacked ? decompressPage(data, unpacked - levels, meta.codec, CODECS) : data
      checkValues({
        ...claim,
        bytes: page.subarray(0, levels),
        encoding: 'PLAIN',
        levelBytes: { repetition, definition },
      })
      const none = { maxRepetition: 0, maxDefinition: 0, levelBytes: { repetition: 0, definition: 0 } }
      checkValues({ ...claim, ...none, bytes: rest, encoding: second.encoding })
    }
    at = end + packed
  }
}
