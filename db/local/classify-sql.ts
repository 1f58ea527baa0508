import { HranaError } from './hrana-error.ts'
import { type ScannedStatement, scanSql } from './scan-sql.ts'
import { hasLoneSurrogateEscape } from './values.ts'

/**
 * What a statement asks of the server. `write` and `begin_write` need the write lock; `begin` may come to need it;
 * `end` and `rollback` give it back; `savepoint` opens, closes or rewinds one; `session` changes its connection for good.
 */
export type StatementKind = 'read' | 'write' | 'begin' | 'begin_write' | 'end' | 'rollback' | 'savepoint' | 'session'

/** A statement the server would run. */
export type Statement = {
  readonly sql: string
  readonly kind: StatementKind
  /** See ScannedStatement. */
  readonly params: readonly (string | null)[]
  readonly isExplain: boolean
  /** INSERT, REPLACE, UPDATE, DELETE: the answer counts the rows. */
  readonly countsRows: boolean
  /** INSERT, REPLACE: the answer names the last rowid. */
  readonly insertsRows: boolean
}

/** As in sqld (libsql-server/src/query_analysis.rs, read 2026-11-21): these pragmas may have an argument or not, */
const PRAGMAS = new Set(
  `table_list index_list table_info table_xinfo index_info index_xinfo pragma_list compile_options database_list
  function_list module_list encoding foreign_key_list foreign_key_check collation_list data_version freelist_count
  integrity_check legacy_file_format page_count quick_check stats`.split(/\s+/),
)
/** these are settings that can be asked for but not changed, */
const READ_ONLY_PRAGMAS = new Set(
  `analysis_limit application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check
  checkpoint_fullfsync fullfsync hard_heap_limit journal_mode journal_size_limit legacy_alter_table locking_mode
  max_page_count mmap_size page_size query_only read_uncommitted recursive_triggers reverse_unordered_selects
  schema_version secure_delete soft_heap_limit synchronous temp_store threads trusted_schema
  wal_autocheckpoint`.split(/\s+/),
)
/** and these change the connection they run on. */
const SESSION_PRAGMAS = new Set(['foreign_keys', 'defer_foreign_keys'])

const ROW_VERBS = new Set(['INSERT', 'REPLACE', 'UPDATE', 'DELETE'])
const SCHEMA_VERBS = new Set(['CREATE', 'DROP', 'ALTER', 'REINDEX'])
const REFUSED_VERBS = new Set(['ATTACH', 'DETACH', 'VACUUM', 'ANALYZE'])

const CACHED_TEXTS = 512
const CACHED_TEXT_CHARS = 65_536
const cache = new Map<string, readonly Statement[]>()

/**
 * The statements of a SQL text, in order; none for a text of blanks and comments. Texts up to 64 Ki characters are
 * remembered, the 512 used last.
 * Throws HranaError SQL_PARSE_ERROR for what sqld refuses too: ATTACH, DETACH, VACUUM, ANALYZE, temporary tables, most
 * pragmas; and for characters that the native driver cannot take.
 */
export function statementsOf(text: string): readonly Statement[] {
  const known = cache.get(text)
  if (known) {
    cache.delete(text)
    cache.set(text, known)
    return known
  }
  if (text.includes('\0')) throw parseError('unrecognized token: "\\u0000"')
  if (hasLoneSurrogateEscape(text)) throw parseError('unpaired surrogate escape')
  const statements = scanSql(text).map(classify)
  if (text.length <= CACHED_TEXT_CHARS) {
    cache.set(text, statements)
    const oldest = cache.keys().next()
    if (cache.size > CACHED_TEXTS && !oldest.done) cache.delete(oldest.value)
  }
  return statements
}

/**
 * The one statement of a SQL text.
 * Throws HranaError SQL_NO_STATEMENT, SQL_MANY_STATEMENTS, and as statementsOf does.
 */
export function statementOf(text: string): Statement {
  const [statement, second] = statementsOf(text)
  if (!statement) throw new HranaError('SQL_NO_STATEMENT', 'SQL string does not contain any statement')
  if (second) throw new HranaError('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement')
  return statement
}

function classify(scanned: ScannedStatement): Statement {
  const { sql, verb, params } = scanned
  const kind = kindOf(scanned)
  if (kind === null) throw parseError(`unsupported statement: ${sql.slice(0, 200)}`)
  return {
    sql,
    kind,
    params,
    isExplain: verb === 'EXPLAIN',
    countsRows: ROW_VERBS.has(verb),
    insertsRows: verb === 'INSERT' || verb === 'REPLACE',
  }
}

/** Null for what is refused. A word nobody knows is a read: SQLite itself will find the words for it. */
function kindOf({ head, verb }: ScannedStatement): StatementKind | null {
  if (ROW_VERBS.has(verb)) return 'write'
  if (SCHEMA_VERBS.has(verb)) return verb === 'CREATE' && isTemporary(head) ? null : 'write'
  if (REFUSED_VERBS.has(verb)) return null
  if (verb === 'PRAGMA') return pragmaKind(head)
  if (verb === 'BEGIN') return head[1] === 'IMMEDIATE' || head[1] === 'EXCLUSIVE' ? 'begin_write' : 'begin'
  if (verb === 'COMMIT' || verb === 'END') return 'end'
  if (verb === 'ROLLBACK') return head.includes('TO') ? 'savepoint' : 'rollback'
  return verb === 'SAVEPOINT' || verb === 'RELEASE' ? 'savepoint' : 'read'
}

function isTemporary(head: readonly string[]): boolean {
  if (head[1] === 'TEMP' || head[1] === 'TEMPORARY') return true
  return head.some((token, i) => head[i + 1] === '.' && /^["'`[]?temp["'`\]]?$/i.test(token))
}

function pragmaKind(head: readonly string[]): StatementKind | null {
  const nameAt = head[2] === '.' ? 3 : 1
  const name = (head[nameAt] ?? '').toLowerCase()
  const hasArgument = head.length > nameAt + 1
  if (PRAGMAS.has(name)) return 'read'
  if (READ_ONLY_PRAGMAS.has(name)) return hasArgument ? null : 'read'
  if (SESSION_PRAGMAS.has(name)) return hasArgument ? 'session' : 'read'
  if (name === 'user_version') return hasArgument ? 'write' : 'read'
  return null
}

function parseError(what: string): HranaError {
  return new HranaError('SQL_PARSE_ERROR', `SQL string could not be parsed: ${what}`)
}
