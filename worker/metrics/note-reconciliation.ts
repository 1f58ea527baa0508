import { sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { lastDays, questionOf } from '../alerts/kinds/days.ts'
import { reconciliation } from '../analytics/reconciliation.ts'
import type { Scope } from '../scope.ts'

/** Complete days that are looked at, as the alert on it does. */
const DAYS = 35
const NAME = 'reconciliation'

/** What was billed minus what was shared out, as last noted. */
export type NotedDifference = { differenceNanoUsd: bigint; atMs: number }

/**
 * Notes for /metrics what of the last complete days' bill was not shared out: 0 where the ledger holds. A scrape must not ask
 * the ledger itself. Without a bill nothing is noted.
 */
export async function noteReconciliation(scope: Scope): Promise<void> {
  const window = await lastDays(scope, DAYS).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'alerts.no_bill') return null
    throw error
  })
  if (window === null) return
  const { differenceNanoUsd } = await reconciliation(scope, questionOf(window, null))
  await scope.db.run(sql`insert into metric_cells (name, labels, bucket, count, sum)
    values (${NAME}, '', '', ${BigInt(scope.now())}, ${differenceNanoUsd ?? 0n})
    on conflict (name, labels, bucket) do update set count = excluded.count, sum = excluded.sum`)
}

/** Null: nothing was noted yet. */
export async function notedDifference(db: Db): Promise<NotedDifference | null> {
  const [row] = await db.all<{ atMs: bigint; sum: bigint }>(
    sql`select count as atMs, sum from metric_cells where name = ${NAME} and labels = '' and bucket = ''`,
  )
  return row ? { differenceNanoUsd: row.sum, atMs: Number(row.atMs) } : null
}
