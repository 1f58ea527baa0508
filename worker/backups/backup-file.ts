import { z } from 'zod'

/** What a reader of the file must know to read it; raised when an older reader could not. */
export const FILE_VERSION = 1

/**
 * Tables that no backup holds: sessions (who had one signs in again) and leases (they say who works at this moment).
 * Migrations are named by the manifest.
 */
export const LEFT_OUT: readonly string[] = ['sessions', 'leases', '__drizzle_migrations']

/** How the ids of a table go on; filled after all others, as storing rows moves it. */
export const SEQUENCES = 'sqlite_sequence'

const Table = z.object({
  name: z.string().regex(/^\w+$/),
  columns: z.array(z.string().regex(/^\w+$/)).min(1),
  /** What orders its rows: the columns of its primary key. */
  key: z.array(z.string().regex(/^\w+$/)).min(1),
  rows: z.number().int().nonnegative(),
})
export type BackedUpTable = z.output<typeof Table>

/** First line of a backup: what follows, and of which schema. */
export const Manifest = z.object({
  helioxBackup: z.literal(FILE_VERSION),
  /** ISO instant of the snapshot. */
  madeAt: z.string(),
  /** Version of the Heliox that made it. */
  version: z.string(),
  /** The last migration that the database had. */
  schema: z.string(),
  leftOut: z.array(z.string()),
  /** In the order in which they follow. */
  tables: z.array(Table),
})
export type Manifest = z.output<typeof Manifest>

const TableSum = z.object({
  name: z.string(),
  rows: z.number().int().nonnegative(),
  /** SHA-256 over the table's lines, each with its line feed, in hex. */
  sha256: z.string(),
  /** Sums of its money, tokens and GPU time by column: whole numbers as text, as they may exceed 2^53. */
  totals: z.record(z.string(), z.string()),
})
export type TableSum = z.output<typeof TableSum>

/** Last line of a backup: without it the file is cut. */
export const End = z.object({
  end: z.literal(true),
  /** SHA-256 of the manifest's line, in hex. */
  manifestSha256: z.string(),
  rows: z.number().int().nonnegative(),
  tables: z.array(TableSum),
})
export type End = z.output<typeof End>

/** A line before the rows of a table; a row is a JSON list of its columns' values. */
export const TableLine = z.object({ table: z.string() })
