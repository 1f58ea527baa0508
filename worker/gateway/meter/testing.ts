import { DatabaseSync } from 'node:sqlite'
import type { Db } from '../../../db/client.ts'
import type { Attempt, Trip } from './messages.ts'
import { MeterBook } from './meter-book.ts'
import { readBudgets } from './read-budgets.ts'
import { type Refusals, writeRefusals } from './refusals.ts'
import type { MeterStore, StoreRow } from './store.ts'
import { isRefusedForGood, writeCalls } from './write-calls.ts'

/** A store on Node's own SQLite, in memory or in a file that outlives its book. */
export function nodeStore(file = ':memory:'): MeterStore {
  const database = new DatabaseSync(file)
  return { run: (query, ...values) => database.prepare(query).all(...values) as StoreRow[] }
}

/** The real book on such a store and a real database; writes when `flush` is asked, and not by itself. */
export function testBook(db: Db, now: () => number, store: MeterStore = nodeStore()): MeterBook {
  return new MeterBook({
    ...{ store, now, random: Math.random, isRefusal: isRefusedForGood, wake: () => undefined },
    write: (calls, crossed) => writeCalls(db, calls, crossed, now()),
    writeRefusals: (refusals) => writeRefusals(db, refusals, now()),
    read: (nowMs) => readBudgets(db, nowMs),
  })
}

/** What stands in a test for the binding METER: the book behind the same words as the Durable Object's. */
export function testMeter(book: MeterBook) {
  const answer = async (verb: string, body: unknown): Promise<unknown> => {
    if (verb === 'trip') return book.take(body as Trip)
    if (verb === 'refused') return book.refused(body as Refusals[])
    if (verb === 'saw') return book.saw(body as Attempt)
    if (verb === 'flush') return book.flush()
    return book.standing()
  }
  const fetch = async (url: string, init: { body?: string }) =>
    Response.json((await answer(new URL(url).pathname.slice(1), init.body ? JSON.parse(init.body) : null)) ?? null)
  return { METER: { idFromName: (name: string) => name, get: () => ({ fetch }), endsWaitMs: 0 } }
}
