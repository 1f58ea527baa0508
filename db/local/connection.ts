import type { Statement } from './classify-sql.ts'
import { busyError, fromNative, HranaError, isNativeBusy } from './hrana-error.ts'
import { type NativeDatabase, type NativeStatement, openNative } from './native.ts'
import { encodeRow, type SqlValue } from './values.ts'

const CACHED_STATEMENTS = 128
const CACHED_SQL_CHARS = 65_536

/**
 * One connection to the file, for one stream at a time. Everything here is synchronous.
 */
export class Connection {
  readonly #db: NativeDatabase
  readonly #prepared = new Map<string, NativeStatement>()
  readonly #lastChange: NativeStatement
  #hasChangedPragmas = false
  #isSpoiled = false
  #isOpen = true

  /** @param synchronous FULL: a commit that was answered survives a power cut; NORMAL: a crash of the process. */
  constructor(file: string, synchronous: 'FULL' | 'NORMAL') {
    this.#db = openNative(file)
    this.#db.exec(
      `pragma busy_timeout=0; pragma journal_mode=wal; pragma synchronous=${synchronous}; pragma foreign_keys=on;
      pragma cache_size=-65536; pragma temp_store=memory; pragma wal_autocheckpoint=8000`,
    )
    this.#lastChange = this.#db.prepare('select changes(), last_insert_rowid()').raw(true)
  }

  /** True once a statement ended in SQLITE_BUSY: the driver never resets it, and no later COMMIT would succeed. */
  get isSpoiled(): boolean {
    return this.#isSpoiled
  }

  /** False when the connection would carry something over to the next stream. */
  get isReusable(): boolean {
    return !this.#isSpoiled && !this.#hasChangedPragmas
  }

  get inTransaction(): boolean {
    return this.#isOpen && this.#db.inTransaction
  }

  /**
   * Runs the statement to its end and answers with a StmtResult of the protocol as JSON text, its rows left out unless
   * wanted. `args` has one value for each of `statement.params`.
   * Throws HranaError with sqld's code.
   */
  run(statement: Statement, args: readonly SqlValue[], wantRows: boolean): string {
    if (statement.kind === 'session') this.#hasChangedPragmas = true
    const native = this.#prepare(statement.sql)
    try {
      return native.reader ? this.#query(native, statement, args, wantRows) : this.#change(native, statement, args)
    } catch (error) {
      if (isNativeBusy(error)) this.#isSpoiled = true
      throw fromNative(error, null)
    }
  }

  /** A DescribeResult of the protocol as JSON text; nothing runs. Throws HranaError when SQLite cannot read the SQL. */
  describe(statement: Statement): string {
    const native = this.#prepare(statement.sql)
    return JSON.stringify({
      params: statement.params.map((name) => ({ name })),
      cols: native.reader ? columnsOf(native) : [],
      is_explain: statement.isExplain,
      is_readonly: statement.kind !== 'write' && statement.kind !== 'begin_write',
    })
  }

  /** Ends an open transaction without its changes. False when that failed: then the connection is to be closed. */
  rollback(): boolean {
    if (!this.inTransaction) return true
    try {
      this.#db.exec('ROLLBACK')
    } catch {
      this.#isSpoiled = true
    }
    return !this.inTransaction
  }

  /** Moves the write-ahead log into the file and empties it, as far as readers elsewhere let it. */
  checkpoint(): void {
    this.#db.exec('pragma wal_checkpoint(truncate)')
  }

  /** Rolls back and closes; again and it does nothing. */
  close(): void {
    if (!this.#isOpen) return
    this.rollback()
    this.#prepared.clear()
    this.#isOpen = false
    this.#db.close()
  }

  #query(native: NativeStatement, statement: Statement, args: readonly SqlValue[], wantRows: boolean): string {
    const rows = native.all(args)
    let changes = 0n
    let rowid: bigint | null = null
    if (statement.countsRows) {
      const [change] = this.#lastChange.all([])
      changes = BigInt(change?.[0] as bigint)
      rowid = statement.insertsRows ? (change?.[1] as bigint) : null
    }
    return stmtResult(JSON.stringify(columnsOf(native)), wantRows ? rows.map(encodeRow).join(',') : '', changes, rowid)
  }

  #change(native: NativeStatement, statement: Statement, args: readonly SqlValue[]): string {
    const { changes, lastInsertRowid } = native.run(args)
    if (!statement.insertsRows) return stmtResult('[]', '', statement.countsRows ? changes : 0, null)
    if (Number.isSafeInteger(lastInsertRowid)) return stmtResult('[]', '', changes, lastInsertRowid)
    return stmtResult('[]', '', changes, this.#lastChange.all([])[0]?.[1] as bigint)
  }

  /** A statement prepared before is brought up to a changed schema by SQLite itself. */
  #prepare(sql: string): NativeStatement {
    if (!this.#isOpen) throw new HranaError('INTERNAL_ERROR', 'The connection is closed')
    const known = this.#prepared.get(sql)
    if (known) {
      this.#prepared.delete(sql)
      this.#prepared.set(sql, known)
      return known
    }
    let native: NativeStatement
    try {
      native = this.#db.prepare(sql)
      if (native.reader) native.raw(true)
    } catch (error) {
      if (isNativeBusy(error)) this.#isSpoiled = true
      throw isNativeBusy(error) ? busyError() : fromNative(error, sql)
    }
    if (sql.length <= CACHED_SQL_CHARS) {
      this.#prepared.set(sql, native)
      const oldest = this.#prepared.keys().next()
      if (this.#prepared.size > CACHED_STATEMENTS && !oldest.done) this.#prepared.delete(oldest.value)
    }
    return native
  }
}

/** The StmtResult of a statement that did nothing. */
export const EMPTY_RESULT = stmtResult('[]', '', 0, null)

function columnsOf(native: NativeStatement): { name: string; decltype: string | null }[] {
  return native.columns().map(({ name, type }) => ({ name, decltype: type }))
}

function stmtResult(cols: string, rows: string, changes: bigint | number, rowid: bigint | number | null): string {
  const lastInsertRowid = rowid === null ? 'null' : `"${rowid}"`
  return `{"cols":${cols},"rows":[${rows}],"affected_row_count":${changes},"last_insert_rowid":${lastInsertRowid},"replication_index":null}`
}
