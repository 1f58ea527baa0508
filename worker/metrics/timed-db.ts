import type { Client } from '@libsql/client/web'
import type { Db } from '../../db/client.ts'
import type { IsolateCounts } from './isolate-counts.ts'

const timed = new WeakSet<Client>()

/** The same database; each round trip is counted with the time that it took. Of a transaction it is the begin. */
export function timedDb(db: Db, counts: IsolateCounts): Db {
  const client = db.$client
  if (timed.has(client)) return db
  timed.add(client)
  for (const operation of ['execute', 'batch', 'transaction'] as const) {
    const run = client[operation].bind(client) as (...given: unknown[]) => Promise<unknown>
    const counted = async (...given: unknown[]): Promise<unknown> => {
      const startedAt = performance.now()
      try {
        return await run(...given)
      } finally {
        counts.observe('heliox_database_seconds', [operation], performance.now() - startedAt)
      }
    }
    Object.assign(client, { [operation]: counted })
  }
  return db
}
