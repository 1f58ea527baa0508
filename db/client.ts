import type { Client, ResultSet } from '@libsql/client/web'
import { createClient } from '@libsql/client/web'
import type { SQL } from 'drizzle-orm'
import type { LibSQLDatabase } from 'drizzle-orm/libsql'
import { drizzle } from 'drizzle-orm/libsql/web'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'

export type Db = LibSQLDatabase & { $client: Client }

/**
 * Opens libSQL over HTTP: `http:` for the local server, `libsql:` or `https:` for a hosted one. In a Worker once
 * per request: a shared client would let one request wake another, and workerd cancels the one that waits.
 *
 * Every INTEGER arrives as a bigint, so that money beyond 2^53 survives; `schema/columns.ts` turns the others back.
 */
export function openDb(url: string, authToken?: string): Db {
  const client = createClient({ url, intMode: 'bigint', ...(authToken ? { authToken } : {}) })
  return onClient(client)
}

/** The database behind a client that is open already. */
export function onClient(client: Client): Db {
  return drizzle(client) // without the schema: its relations are not used, and are worked out anew for each request
}

const dialect = new SQLiteAsyncDialect()

/**
 * Runs the statements as one write transaction in one round trip, and answers a result for each: all of them are
 * stored, or none. (Drizzle's own batch opens a reading transaction, which a concurrent write makes fail.)
 * Numbers that are not bigint are bound as REAL: pass BigInt.
 */
export async function writeBatch(db: Db, statements: readonly SQL[]): Promise<ResultSet[]> {
  return db.$client.batch(statements.map(built), 'write')
}

/** Runs the questions in one reading transaction in one round trip: all the answers are of the same instant. */
export async function readBatch(db: Db, questions: readonly SQL[]): Promise<ResultSet[]> {
  return db.$client.batch(questions.map(built), 'read')
}

/** What runs inside `writeTransaction`. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

/**
 * Runs `work` as one write transaction: what it reads cannot change before it writes, and an error undoes all. For few
 * statements by a person's hand; it holds the writer's turn over several round trips, so files use `writeBatch`.
 */
export async function writeTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction(work, { behavior: 'immediate' })
}

function built(statement: SQL): { sql: string; args: (string | bigint | null)[] } {
  const { sql, params } = dialect.sqlToQuery(statement)
  return { sql, args: params as (string | bigint | null)[] }
}
