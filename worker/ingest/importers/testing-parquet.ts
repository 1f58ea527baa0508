import type { SchemaElement } from 'hyparquet'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import { addExact, type ExactUsd, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import type { RangedFile, RangedImporter, Row } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'

/** A column of a written file: its values, and its schema element where it is not text. */
export type Written = { data: unknown[]; element?: Partial<SchemaElement>; nested?: SchemaElement[] }

type Options = Partial<Pick<Parameters<typeof parquetWrite>[0], 'codec' | 'compressors' | 'rowGroupSize' | 'pageSize'>>

/** A Parquet file of these columns. */
export function parquetOf(columns: Record<string, Written>, options: Options = {}): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  const schema: SchemaElement[] = [{ name: 'root', num_children: Object.keys(columns).length }]
  for (const [name, { element, nested }] of Object.entries(columns))
    if (nested) schema.push(...nested)
    else
      schema.push({
        ...{ name, repetition_type: 'OPTIONAL' },
        ...(element ?? { type: 'BYTE_ARRAY', converted_type: 'UTF8' }),
      })
  const columnData = Object.entries(columns).map(([name, { data }]) => ({ name, data }))
  parquetWrite({ writer, columnData, schema, ...options })
  return new Uint8Array(writer.getBuffer())
}

/** A map of texts, as AWS and Athena write tags. */
export function mapOf(name: string): SchemaElement[] {
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
    { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
    { name: 'key', repetition_type: 'REQUIRED', ...text },
    { name: 'value', repetition_type: 'OPTIONAL', ...text },
  ]
}

/** Bytes as a file that is read by ranges; `seen` is told of each range. */
export function rangedFile(bytes: Uint8Array, seen: (length: number) => void = () => undefined): RangedFile {
  return {
    byteLength: bytes.length,
    slice: async (start, end) => {
      const part = bytes.slice(start, end)
      seen(part.length)
      return part.buffer
    },
  }
}

export async function readRanged(importer: RangedImporter, bytes: Uint8Array): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of importer.openFile(rangedFile(bytes), NOTHING_SAID)) rows.push(...batch)
  return rows
}

/** The exact sum of what rows bring, those that are refused too. */
export function sumOf(rows: readonly Row[], of: 'billed' | 'effective'): string {
  const amounts = rows.map((row) => (row.kind === 'cost' || row.kind === 'refused' ? row[of] : null) ?? ZERO_EXACT)
  return exactText(amounts.reduce<ExactUsd>((sum, amount) => addExact(sum, amount), ZERO_EXACT))
}
