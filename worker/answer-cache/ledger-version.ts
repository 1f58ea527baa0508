import { sql } from 'drizzle-orm'
import type { Asking } from '../asking.ts'

const read = new WeakMap<Request, Promise<bigint>>()

/**
 * The ledger's version as this request found it at its first question: one row, whatever the size of the ledger. Triggers
 * raise it with everything that an answer of analytics can depend on. A batch of questions reads it once.
 */
export function ledgerVersion(asking: Pick<Asking, 'db' | 'request'>): Promise<bigint> {
  const known = read.get(asking.request) ?? readVersion(asking)
  read.set(asking.request, known)
  return known
}

/** The same as it is now. */
export async function readVersion({ db }: Pick<Asking, 'db'>): Promise<bigint> {
  const [row] = await db.all<{ version: bigint }>(sql`select version from ledger_version`)
  if (!row) throw new Error('ledger_version has lost its row') // nothing could be told from what was before
  return row.version
}
