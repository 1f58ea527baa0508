import type { DataColumn } from './column.ts'

/** What a spreadsheet would run as a formula; a plain number is none. */
const RUN = /^'*[=+\-@\t\r]/
const NUMBER = /^-?\d+(\.\d+)?$/

/** Rows as CSV under the titles of their columns, in the order given: what the screen shows, every digit of it. */
export function rowsAsCsv<Row>(
  columns: readonly Pick<DataColumn<Row>, 'title' | 'text'>[],
  rows: readonly Row[],
): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

function cellOf(text: string): string {
  const harmless = RUN.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
