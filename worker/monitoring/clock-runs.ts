import { type SQL, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

/** What the clock keeps the time of: a whole round, the sharing of pool-days in it, the check of the night, and rounds of alerts. */
export const CLOCK_TASKS = ['tick', 'share', 'ledger_check', 'alerts', 'backup'] as const
export type ClockTask = (typeof CLOCK_TASKS)[number]

/** So many ends of each task are kept: four hours of rounds, or seven weeks of nightly checks. */
const KEPT_ENDS = 50

/** Notes that a task has come to its end now: its last end, and a row `task@milliseconds` for each of the ends kept. */
export async function noteRun({ db, now }: Pick<Scope, 'db' | 'now'>, task: ClockTask): Promise<void> {
  const at = BigInt(now())
  await writeBatch(db, [
    sql`insert into clock_runs (task, finished_at_ms) values (${task}, ${at})
      on conflict do update set finished_at_ms = excluded.finished_at_ms`,
    sql`insert into clock_runs (task, finished_at_ms) values (${task} || '@' || ${at}, ${at}) on conflict do nothing`,
    sql`delete from clock_runs where task in (select task from clock_runs where ${endsOf(task)}
      order by finished_at_ms desc limit -1 offset ${BigInt(KEPT_ENDS)})`,
  ])
}

/** Rows of a task's ends, as a span of the key. */
function endsOf(task: ClockTask): SQL {
  return sql`task > ${`${task}@`} and task < ${`${task}A`}` // "A" follows "@"
}

/** The ends of each task that are kept, the last first. Every other row of the table is a task's last end alone. */
export function endsByTask(rows: readonly { task: string; atMs: EpochMs }[]): ReadonlyMap<ClockTask, EpochMs[]> {
  return new Map(
    CLOCK_TASKS.map((task) => [
      task,
      rows
        .filter((row) => row.task.startsWith(`${task}@`))
        .map(({ atMs }) => atMs)
        .sort((a, b) => b - a),
    ]),
  )
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
