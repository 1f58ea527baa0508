import type { InStatement, InValue, ResultSet } from '@libsql/client/web'
import { type BackedUpTable, LEFT_OUT, SEQUENCES } from './backup-file.ts'
import { quoted } from './table-sql.ts'

/** What can be asked: a client, or one transaction of it. */
export type Asks = { execute(statement: InStatement): Promise<ResultSet> }

/** Rows of a question; columns by name. */
export async function rowsOf(asks: Asks, sql: string, args: InValue[] = []): Promise<ResultSet['rows']> {
  return (await asks.execute({ sql, args })).rows
}

/**
 * The tables that a backup holds, by name, and the number of their rows; how ids go on is the last.
 * Every table of Heliox has a primary key and columns of INTEGER and TEXT alone (STRICT).
 */
export async function tablesIn(asks: Asks): Promise<BackedUpTable[]> {
  const columns = await rowsOf(
    asks,
    `select m.name as tableName, p.name as columnName, p.pk as pk from sqlite_master m join pragma_table_info(m.name) p
     where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' and m.name not like 'libsql\\_%' escape '\\'
     order by m.name, p.cid`,
  )
  const tables = new Map<string, { columns: string[]; key: { column: string; at: number }[] }>()
  for (const { tableName, columnName, pk } of columns) {
    const name = String(tableName)
    if (LEFT_OUT.includes(name)) continue
    const table = tables.get(name) ?? { columns: [], key: [] }
    table.columns.push(String(columnName))
    if (Number(pk) > 0) table.key.push({ column: String(columnName), at: Number(pk) })
    tables.set(name, table)
  }
  const known = [...tables].map(([name, { columns, key }]) => ({
    ...{ name, columns },
    key: key.sort((a, b) => a.at - b.at).map(({ column }) => column),
  }))
  const counted: BackedUpTable[] = []
  for (const table of [...known, { name: SEQUENCES, columns: ['name', 'seq'], key: ['name'] }]) {
    const [row] = await rowsOf(asks, `select count(*) as n from ${quoted(table.name)}`)
    counted.push({ ...table, rows: Number(row?.n ?? 0) })
  }
  return counted
}
