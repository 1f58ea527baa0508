import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/**
 * The statements that make the ledger follow measured usage: what came of the time that was held on these pool-days (a
 * SELECT of day, pool_id) waits to be worked out again. Door: whoever changes a measurement runs them in the same
 * transaction, then `shareSoon`. Where no job held anything there is nothing to work out, but answers show the measurement:
 * `ledger_version` moves on for every change.
 *
 * What is derived from jobs (`FROM_JOBS`) is no measurement: where that alone comes or goes, nobody calls this.
 */
export function usageChanged(poolDays: SQL): SQL[] {
  return [
    sql`update pool_days set is_stale = 1 where held_gpu_ms > 0 and (day, pool_id) in (${poolDays})`,
    sql`update ledger_version set version = version + 1 where exists (${poolDays})`,
  ]
}

/** The same within a transaction of many steps. */
export async function usageChangedInside(tx: Tx, poolDays: SQL): Promise<void> {
  for (const statement of usageChanged(poolDays)) await tx.run(statement)
}
