import { sql } from 'drizzle-orm'
import { customType } from 'drizzle-orm/sqlite-core'
import { type Id, type IdPrefix, idText, rowOf } from '../units/ids.ts'
import type { NanoUsd } from '../units/money.ts'
import type { EpochMs } from '../units/time.ts'

/** Money: INTEGER nano-USD. The client runs with intMode 'bigint', so nothing rounds on the way. */
export const nanoUsdColumn = customType<{ data: NanoUsd; driverData: bigint }>({ dataType: () => 'integer' })

/**
 * Every other integer: counts, tokens, GPU-seconds. Drizzle's own integer() would say `number`, hand out a
 * bigint, and store 1.5.
 */
export const intColumn = customType<{ data: number; driverData: bigint }>({
  dataType: () => 'integer',
  toDriver: (value) => BigInt(value), // throws on 1.5; a plain number would be bound as REAL
  fromDriver: (value) => Number(value), // all of ours are far below 2^53
})

/** An instant: INTEGER epoch milliseconds, UTC. */
export const instantColumn = customType<{ data: EpochMs; driverData: bigint }>({
  dataType: () => 'integer',
  toDriver: (value) => BigInt(value),
  fromDriver: (value) => Number(value) as EpochMs,
})

/** Yes or no: INTEGER 1 or 0. */
export const flagColumn = customType<{ data: boolean; driverData: bigint }>({
  dataType: () => 'integer',
  toDriver: (value) => (value ? 1n : 0n),
  fromDriver: (value) => Number(value) === 1,
})

/**
 * A row's own number, read and written as "team_3". Never given out twice (AUTOINCREMENT): a log that names team 3
 * must not come to mean another team. Writing text of another shape throws: the wire checks ids first.
 */
export const idColumn = <P extends IdPrefix>(prefix: P) =>
  customType<{ data: Id<P>; driverData: bigint }>({
    dataType: () => 'integer PRIMARY KEY AUTOINCREMENT',
    toDriver: (text) => rowNumber(prefix, text),
    fromDriver: (row) => idText(prefix, row),
  })('id')
    .notNull()
    .$defaultFn(() => sql`null` as never) // SQLite fills in the next number

/** A reference to such a row. */
export const idRefColumn = <P extends IdPrefix>(prefix: P, name: string) =>
  customType<{ data: Id<P>; driverData: bigint }>({
    dataType: () => 'integer',
    toDriver: (text) => rowNumber(prefix, text),
    fromDriver: (row) => idText(prefix, row),
  })(name)

function rowNumber(prefix: IdPrefix, text: string): bigint {
  const row = rowOf(prefix, text)
  if (row === null) throw new RangeError(`not the id of a ${prefix}: ${text}`)
  return BigInt(row)
}
