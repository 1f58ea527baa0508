import { protectedText } from '../ingest/importers/spreadsheet-cell.ts'

/** A row under its column names; what is not there is empty. */
export type CsvRow<Column extends string> = Partial<Record<Column, string>>

/** Columns that hold amounts, times and counts, which begin with a minus at worst and are no formula. */
const NUMBER = /^-?\d+(\.\d+)?$/

/** Lines of CSV, names first. Text that a spreadsheet would run is written so that importing the file gives it back. */
export async function* csvLines<Column extends string>(
  columns: readonly Column[],
  rows: AsyncIterable<readonly CsvRow<Column>[]>,
): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  for await (const batch of rows)
    if (batch.length > 0)
      yield batch.map((row) => `${columns.map((name) => cell(row[name] ?? '')).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const harmless = NUMBER.test(text) ? text : protectedText(text)
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
