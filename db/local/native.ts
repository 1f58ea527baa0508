import Libsql from 'libsql'
import type { SqlValue } from './values.ts'

/** The part of the driver that the server uses. Its own types stem from another library and promise more. */
export type NativeDatabase = {
  /** Aborts the process once the database is closed. */
  readonly inTransaction: boolean
  prepare(sql: string): NativeStatement
  exec(sql: string): void
  defaultSafeIntegers(on: boolean): void
  close(): void
}

export type NativeStatement = {
  /** True when it returns columns: then all() runs it, else run(). */
  readonly reader: boolean
  raw(on: boolean): NativeStatement
  /** Binds by number; missing arguments become NULL and surplus ones are dropped, so callers count first. */
  all(args: readonly SqlValue[]): SqlValue[][]
  /** `lastInsertRowid` is rounded beyond 2^53. */
  run(args: readonly SqlValue[]): { changes: number; lastInsertRowid: number }
  columns(): { name: string; type: string | null }[]
}

/** Opens or creates the file; integers are handed out as bigint. Throws when the file cannot be opened. */
export function openNative(file: string): NativeDatabase {
  const Database = Libsql as unknown as new (path: string) => NativeDatabase
  const database = new Database(file)
  database.defaultSafeIntegers(true)
  return database
}
