import type { BackedUpTable } from './backup-file.ts'

/** Rows of one page at most. */
const PAGE_ROWS = 5_000
/** A page ends after the row that passes so many characters, so that memory does not depend on how large rows are. */
const PAGE_CHARS = 1_000_000
/** Columns whose sum a person would compare: money, tokens, GPU time. */
const TOTALLED = /(_nano_usd|_tokens|gpu_ms|gpu_seconds|_count)$/

type Shape = Pick<BackedUpTable, 'name' | 'columns' | 'key'>

/**
 * The next rows of a table in the order of its key, as JSON lines: `n` of them, joined by line feeds. Lines are made by
 * SQLite, so that whole numbers beyond 2^53 keep each digit. `isFirst` false: `?` is the last line of the page before.
 */
export function pageSql({ name, columns, key }: Shape, isFirst: boolean): string {
  const line = `json_array(${columns.map(quoted).join(', ')})`
  const keys = key.map(quoted).join(', ')
  const seen = key.map((column) => valueAt('?1', columns.indexOf(column))).join(', ')
  const after = isFirst ? '' : ` where (${keys}) > (${seen})`
  return `select count(*) as n, group_concat(line, char(10)) as lines from (
    select line, sum(length(line)) over (rows unbounded preceding) - length(line) as before from (
      select ${line} as line from ${quoted(name)}${after} order by ${keys} limit ${PAGE_ROWS}))
    where before < ${PAGE_CHARS}`
}

/** Stores the rows of a JSON list of lines. */
export function loadSql({ name, columns }: Shape): string {
  const values = columns.map((_, at) => valueAt('value', at)).join(', ')
  return `insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) select ${values} from json_each(?)`
}

/** The table's totals as one row, whole numbers as text; null where it has none. */
export function totalsSql({ name, columns }: Shape): string | null {
  const totalled = columns.filter((column) => TOTALLED.test(column))
  if (totalled.length === 0) return null
  const sums = totalled.map((column) => `cast(coalesce(sum(${quoted(column)}), 0) as text) as ${quoted(column)}`)
  return `select ${sums.join(', ')} from ${quoted(name)}`
}

/** A name in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function valueAt(json: string, index: number): string {
  return `json_extract(${json}, '$[${index}]')`
}
