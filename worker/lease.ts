import { sql } from 'drizzle-orm'
import type { Scope } from './scope.ts'

type Clocked = Pick<Scope, 'db' | 'now'>

/**
 * Does work that one process does at a time, whoever else fires at once: takes the lease of this name for so long, works,
 * and gives it back. Answers null if somebody else has it; what died with it is waited for no longer than that. Work must
 * be safe to be taken over, as a lease that has run out is.
 */
export async function withLease<T>(
  { db, now }: Clocked,
  name: string,
  forMs: number,
  work: () => Promise<T>,
): Promise<T | null> {
  const holder = crypto.randomUUID()
  const [taken] = await db.all<{ name: string }>(sql`
    insert into leases (name, holder, until_ms) values (${name}, ${holder}, ${BigInt(now() + forMs)})
    on conflict do update set holder = excluded.holder, until_ms = excluded.until_ms
      where leases.until_ms <= ${BigInt(now())} returning name`)
  if (!taken) return null
  try {
    return await work()
  } finally {
    await db.run(sql`delete from leases where name = ${name} and holder = ${holder}`)
  }
}
