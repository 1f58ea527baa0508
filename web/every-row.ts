import { rowsAsCsv } from './components/data-table/rows-as-csv.ts'

/** The most rows that the server hands out at once. */
const AT_ONCE = 5_000

export type RowPage<Row> = { rows: readonly Row[]; total: number }

/** Every row of a list, page after page; `onRows` hears how many are here, and of how many. */
export async function everyRow<Row>(
  ask: (skip: number, limit: number) => Promise<RowPage<Row>>,
  onRows: (count: number, total: number) => void,
): Promise<Row[]> {
  const rows: Row[] = []
  for (;;) {
    const page = await ask(rows.length, AT_ONCE)
    rows.push(...page.rows)
    onRows(rows.length, page.total)
    if (rows.length >= page.total || page.rows.length === 0) return rows
  }
}

/** Rows as CSV under the names that the documented list has for its fields, in their order. */
export function fieldsAsCsv(rows: readonly object[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({
    title: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    text: (row: object) => textOf((row as Record<string, unknown>)[name]),
  }))
  return rowsAsCsv(columns, rows)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`
}
