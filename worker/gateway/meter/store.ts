/** A row as SQLite hands it out. */
export type StoreRow = Record<string, string | number | null>

/**
 * The meter's own small SQLite, which answers at once and is on disk before any answer leaves: a Durable Object's storage;
 * in tests a file of Node's. Integers are numbers: amounts stand inside JSON, as text.
 */
export interface MeterStore {
  run(sql: string, ...values: (string | number | null)[]): StoreRow[]
}
