import { setImmediate as nextTurn } from 'node:timers/promises'
import { bindArgs } from './bind-args.ts'
import { type Statement, statementOf, statementsOf } from './classify-sql.ts'
import { type Connection, EMPTY_RESULT } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import type { Durations } from './durations.ts'
import { busyError, HranaError, protocolError } from './hrana-error.ts'
import type { SqlRef, Stmt } from './requests.ts'
import type { SqlValue } from './values.ts'
import type { WriteQueue } from './write-queue.ts'

/** Stored texts of one stream; clients keep fewer than 100. */
const MAX_STORED_SQLS = 256
const MAX_TURN_MS = 20

/**
 * What is known of a batch before its first step runs. `locksAtBegin`: a BEGIN takes the write lock at once, because a
 * later step writes and a snapshot could be too old by then. `expectedMs`: how long its writes will probably take.
 */
export type Ahead = { readonly locksAtBegin: boolean; readonly expectedMs: number }

/**
 * One client's conversation with the database: its connection, its transaction, its stored SQL. The connection is
 * taken when the first statement really runs, so that whoever waits for the write lock holds none.
 */
export class Stream {
  readonly #pool: ConnectionPool
  readonly #queue: WriteQueue
  readonly #durations: Durations
  readonly #storedSqls = new Map<number, string>()
  #connection: Connection | null = null
  /** WriteQueue.commits when a transaction without the lock first read; null: nothing read yet. */
  #readAtCommits: number | null = null
  #lostTransaction = false
  #isClosed = false
  #turnStartedAt = performance.now()

  constructor(pool: ConnectionPool, queue: WriteQueue, durations: Durations) {
    this.#pool = pool
    this.#queue = queue
    this.#durations = durations
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

  /** What the steps of a batch say about it. Throws HranaError when one of them is not a statement at all. */
  ahead(stmts: readonly Stmt[]): Ahead {
    let [locksAtBegin, expectedMs] = [false, 0]
    for (const stmt of stmts) {
      const statement = statementOf(this.sqlOf(stmt.ref))
      if (statement.kind !== 'write') continue
      locksAtBegin = true
      expectedMs += this.#durations.expectedMs(statement, stmt)
    }
    return { locksAtBegin, expectedMs }
  }

  /**
   * Runs one statement and answers with a StmtResult as JSON text. `ahead`: of the batch that it is a step of.
   * Throws HranaError with sqld's code; SQLITE_BUSY when the lock did not come in time or the snapshot is stale.
   */
  async execute(stmt: Stmt, ahead?: Ahead): Promise<string> {
    const statement = statementOf(this.sqlOf(stmt.ref))
    const known = ahead ?? { locksAtBegin: false, expectedMs: this.#durations.expectedMs(statement, stmt) }
    return await this.#run(statement, bindArgs(statement, stmt), stmt, known)
  }

  /** Runs a script without arguments up to its first error, which it throws; what ran before stays. */
  async sequence(ref: SqlRef): Promise<void> {
    const statements = statementsOf(this.sqlOf(ref))
    const ahead = { locksAtBegin: statements.some(({ kind }) => kind === 'write'), expectedMs: 0 }
    const stmt = { ref, args: [], namedArgs: new Map(), wantRows: false }
    for (const statement of statements) await this.#run(statement, bindArgs(statement, stmt), stmt, ahead)
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

  async #run(statement: Statement, args: readonly SqlValue[], stmt: Stmt, ahead: Ahead): Promise<string> {
    if (performance.now() - this.#turnStartedAt > MAX_TURN_MS) await nextTurn()
    if (this.#lostTransaction) return this.#answerForLost(statement)
    const { kind } = statement
    const needsLock = kind === 'write' || kind === 'begin_write' || (kind === 'begin' && ahead.locksAtBegin)
    const isNewHolder = needsLock && !this.#queue.isHeldBy(this)
    if (isNewHolder) await this.#queue.acquire(this, ahead.expectedMs)
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
      const answer = connection.run(statement, args, stmt.wantRows)
      if (kind === 'write') this.#durations.note(statement, stmt, performance.now() - this.#turnStartedAt)
      return answer
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
