import { createHash } from 'node:crypto'
import type { BackedUpTable, TableSum } from './backup-file.ts'
import { pageSql, totalsSql } from './table-sql.ts'
import { type Asks, rowsOf } from './tables-in.ts'

/** Lines of rows, each with its line feed. */
export type Lines = { text: string; rows: number }

/** The rows of a table in the order of its key, page after page; at its end their sum. */
export async function* tableLines(asks: Asks, table: BackedUpTable): AsyncGenerator<Lines, TableSum> {
  const hash = createHash('sha256')
  let rows = 0
  for (let last: string | null = null; ; ) {
    const [page] = await rowsOf(asks, pageSql(table, last === null), last === null ? [] : [last])
    const found = Number(page?.n ?? 0)
    // More than were counted: somebody writes, and what only grows would be read for ever.
    if (found === 0 || rows > table.rows) break
    const text = `${page?.lines}\n`
    rows += found
    hash.update(text)
    yield { text, rows: found }
    last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1, -1)
  }
  return { name: table.name, rows, sha256: hash.digest('hex'), totals: await totalsOf(asks, table) }
}

/** The sum of a table as it is now, without its rows. */
export async function tableSum(asks: Asks, table: BackedUpTable, onRows: (rows: number) => void): Promise<TableSum> {
  const lines = tableLines(asks, table)
  for (let next = await lines.next(); ; next = await lines.next()) {
    if (next.done) return next.value
    onRows(next.value.rows)
  }
}

async function totalsOf(asks: Asks, table: BackedUpTable): Promise<Record<string, string>> {
  const sql = totalsSql(table)
  if (sql === null) return {}
  const [row] = await rowsOf(asks, sql)
  return Object.fromEntries(Object.entries(row ?? {}).map(([column, sum]) => [column, String(sum)]))
}
