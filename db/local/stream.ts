import { setImmediate as nextTurn } from 'node:timers/promises'
import { bindArgs } from './bind-args.ts'
import { type Statement, statementOf, statementsOf } from './classify-sql.ts'
import { type Connection, EMPTY_RESULT } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { busyError, HranaError, protocolError } from './hrana-error.ts'
import type { SqlRef, Stmt } from './requests.ts'
import type { SqlValue } from './values.ts'
import type { WriteQueue } from './write-queue.ts'

/** Stored texts of one stream; clients keep fewer than 100. */
const MAX_STORED_SQLS = 256
const MAX_TURN_MS = 20

/**
 * One client's conversation with the database: its connection, its transaction, its stored SQL. The connection is
 * taken when the first statement really runs, so that whoever waits for the write lock holds none.
 */
export class Stream {
  readonly #pool: ConnectionPool
  readonly #queue: WriteQueue
  readonly #storedSqls = new Map<number, string>()
  #connection: Connection | null = null
  /** WriteQueue.commits when a transaction without the lock first read; null: nothing read yet. */
  #readAtCommits: number | null = null
  #lostTransaction = false
  #isClosed = false
  #turnStartedAt = performance.now()

  constructor(pool: ConnectionPool, queue: WriteQueue) {
    this.#pool = pool
    this.#queue = queue
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isAutocommit(): boolean {
    return !this.#connection?.inTransaction && !this.#lostTransaction
  }

  /** The text itself, or what was stored under the number. Throws HranaError PROTOCOL_ERROR when nothing was. */
  sqlOf(ref: SqlRef): string {
    const sql = 'sql' in ref ? ref.sql : this.#storedSqls.get(ref.sqlId)
    if (sql === undefined && 'sqlId' in ref) throw protocolError(`SQL text ${ref.sqlId} not found`)
    return sql ?? ''
  }

  /** Throws HranaError PROTOCOL_ERROR when the number is taken, SQL_STORE_TOO_MANY beyond 256 texts. */
  storeSql(sqlId: number, sql: string): void {
    if (this.#storedSqls.has(sqlId)) throw protocolError(`SQL text ${sqlId} already exists`)
    if (this.#storedSqls.size >= MAX_STORED_SQLS) {
      const message = `The server already stores ${MAX_STORED_SQLS} SQL texts, it cannot store more`
      throw new HranaError('SQL_STORE_TOO_MANY', message)
    }
    this.#storedSqls.set(sqlId, sql)
  }

  closeSql(sqlId: number): void {
    this.#storedSqls.delete(sqlId)
  }

  /**
   * Runs one statement and answers with a StmtResult as JSON text. `locksAtBegin`: a BEGIN takes the write lock at
   * once, because a later step of its batch writes and a snapshot could be too old by then.
   * Throws HranaError with sqld's code; SQLITE_BUSY when the lock did not come in time or the snapshot is stale.
   */
  async execute(stmt: Stmt, locksAtBegin = false): Promise<string> {
    const statement = statementOf(this.sqlOf(stmt.ref))
    return await this.#run(statement, bindArgs(statement, stmt), stmt.wantRows, locksAtBegin)
  }

  /** Runs a script without arguments up to its first error, which it throws; what ran before stays. */
  async sequence(ref: SqlRef): Promise<void> {
    const statements = statementsOf(this.sqlOf(ref))
    const locksAtBegin = statements.some(({ kind }) => kind === 'write')
    for (const statement of statements) {
      const args = bindArgs(statement, { ref, args: [], namedArgs: new Map(), wantRows: false })
      await this.#run(statement, args, false, locksAtBegin)
    }
  }

  /** A DescribeResult as JSON text. */
  describe(ref: SqlRef): string {
    const statement = statementOf(this.sqlOf(ref))
    return this.#connected().describe(statement)
  }

  /** Rolls back, gives the lock and the connection back. A statement that waits for the lock is refused. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue.forget(this, streamClosed())
    this.#giveUp()
    this.#storedSqls.clear()
  }

  async #run(statement: Statement, args: readonly SqlValue[], wantRows: boolean, locks: boolean): Promise<string> {
    if (performance.now() - this.#turnStartedAt > MAX_TURN_MS) await nextTurn()
    if (this.#lostTransaction) return this.#answerForLost(statement)
    const { kind } = statement
    const needsLock = kind === 'write' || kind === 'begin_write' || (kind === 'begin' && locks)
    const isNewHolder = needsLock && !this.#queue.isHeldBy(this)
    if (isNewHolder) await this.#queue.acquire(this)
    this.#turnStartedAt = performance.now()
    const isStale = this.#readAtCommits !== null && this.#readAtCommits !== this.#queue.commits
    if (this.#isClosed || (isNewHolder && isStale)) {
      this.#queue.release(this, false)
      throw this.#isClosed ? streamClosed() : busyError()
    }
    let wasInTransaction = false
    try {
      const connection = this.#connected()
      wasInTransaction = connection.inTransaction
      return connection.run(statement, args, wantRows)
    } finally {
      this.#settle(kind, wasInTransaction)
    }
  }

  #connected(): Connection {
    if (this.#isClosed) throw streamClosed()
    this.#connection ??= this.#pool.take()
    return this.#connection
  }

  /** After a statement, also a failed one: whoever is outside a transaction holds no lock and no snapshot. */
  #settle(kind: Statement['kind'], wasInTransaction: boolean): void {
    const connection = this.#connection
    if (connection?.isSpoiled) {
      this.#lostTransaction = wasInTransaction
      this.#giveUp()
    } else if (connection?.inTransaction) {
      if (kind === 'read' && !this.#queue.isHeldBy(this)) this.#readAtCommits ??= this.#queue.commits
    } else {
      this.#readAtCommits = null
      this.#queue.release(this, kind !== 'rollback')
    }
  }

  /**
   * Only another process that writes the file makes SQLite itself say BUSY. The transaction went with its connection,
   * and what the client sends next must not run outside of one before it has heard so.
   */
  #answerForLost({ kind }: Statement): string {
    if (kind !== 'rollback') throw busyError()
    this.#lostTransaction = false
    return EMPTY_RESULT
  }

  #giveUp(): void {
    const connection = this.#connection
    this.#connection = null
    this.#readAtCommits = null
    if (connection) this.#pool.give(connection)
    this.#queue.release(this, false)
  }
}

function streamClosed(): HranaError {
  return new HranaError('STREAM_EXPIRED', 'The stream was closed while the statement waited', 400)
}
