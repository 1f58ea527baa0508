import type { Client, InStatement } from '@libsql/client/web'
import { sql } from 'drizzle-orm'
import { type Db, onClient } from '../../db/client.ts'
import type { Asking } from '../asking.ts'

/** The question for the number, to be asked beside others; `versionIn` reads the answer. */
export const VERSION = 'select version from ledger_version'
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

/** The same as it is now, also inside a transaction. */
export async function readVersion({ db }: { db: Pick<Asking['db'], 'all'> }): Promise<bigint> {
  return versionIn(await db.all<{ version: bigint }>(sql.raw(VERSION)))
}

/**
 * The same database, and the ledger's version before anything was read from it: where the first that is read is a reading
 * batch, its round trip brings the version of the same instant; whatever else comes first waits for the version.
 */
export function withVersion(db: Db): { db: Db; version: () => Promise<bigint> } {
  let version: Promise<bigint> | null = null
  const known = () => {
    version ??= readVersion({ db })
    return version
  }
  const readTogether = (statements: InStatement[]) => {
    const both = db.$client.batch([{ sql: VERSION, args: [] }, ...statements], 'read')
    version = both.then(([first]) => versionIn(first?.rows as unknown as { version: bigint }[]))
    version.catch(() => undefined) // who waits for the answer is told
    return both.then((answers) => answers.slice(1))
  }
  const client = new Proxy(db.$client, {
    get: (target, name) => {
      const own = Reflect.get(target, name, target)
      if (typeof own !== 'function') return own
      return async (...args: unknown[]) => {
        const [statements, mode] = args as Parameters<Client['batch']>
        if (name === 'batch' && mode === 'read' && version === null) return readTogether(statements as InStatement[])
        await known()
        return Reflect.apply(own, target, args)
      }
    },
  })
  return { db: onClient(client), version: known }
}

/** The number in an answer to `VERSION`. */
export function versionIn([row]: readonly { version: bigint }[]): bigint {
  if (!row) throw new Error('ledger_version has lost its row') // nothing could be told from what was before
  return row.version
}
