import { sql } from 'drizzle-orm'
import type { Scope } from '../scope.ts'

/** What the clock keeps the time of: a whole round, the sharing of pool-days in it, and the check of the night. */
export const CLOCK_TASKS = ['tick', 'share', 'ledger_check'] as const
export type ClockTask = (typeof CLOCK_TASKS)[number]

/** Notes that a task has come to its end now. */
export async function noteRun({ db, now }: Pick<Scope, 'db' | 'now'>, task: ClockTask): Promise<void> {
  await db.run(sql`insert into clock_runs (task, finished_at_ms) values (${task}, ${BigInt(now())})
    on conflict do update set finished_at_ms = excluded.finished_at_ms`)
}

/**
 * Whole minutes since a task last came to its end. Before its first end, since the oldest account was made: a new
 * deployment is not late before its clock has had the time. Without an account nothing is late.
 */
export async function minutesSince({ db, now }: Pick<Scope, 'db' | 'now'>, task: ClockTask): Promise<number> {
  const [row] = await db.all<{ sinceMs: bigint | null }>(sql`select coalesce(
    (select finished_at_ms from clock_runs where task = ${task}), (select min(created_at_ms) from users)) as sinceMs`)
  const sinceMs = row?.sinceMs ?? null
  return sinceMs === null ? 0 : Math.floor((now() - Number(sinceMs)) / 60_000)
}
