import { sql } from 'drizzle-orm'
import { idText } from '../../db/units/ids.ts'
import { beginRun, closeDeadRuns, type Lease, takeOver } from './lease.ts'
import { runSource } from './run-source.ts'
import { lastDue, MOST_ATTEMPTS } from './schedule.ts'
import type { SourceId, SourceScope } from './source.ts'

/** What a round spends on sources: a Worker's cron is ended after 15 minutes. */
const ROUND_MS = 8 * 60_000

type Waiting = { id: bigint; latest: { id: bigint; sourceId: bigint; leasedUntilMs: bigint } | null; isDue: boolean }

/**
 * Pulls what is due, one source after the other, longest waiting first: the last due instant of each enabled source,
 * also where its own round was missed; runs that died, after their lease; failed ones, after a while and a few times.
 * What does not fit into the round is left to the next. Any number of rounds may fire at once. Answers how many it ran.
 */
export async function runDueSources(scope: SourceScope, budgetMs = ROUND_MS): Promise<number> {
  const untilMs = Date.now() + budgetMs
  await closeDeadRuns(scope)
  let ran = 0
  for (const waiting of await waitingSources(scope)) {
    if (ran > 0 && Date.now() >= untilMs) break
    const lease = await leaseOf(scope, waiting)
    if (!lease) continue
    await runSource(scope, lease, untilMs)
    ran += 1
  }
  return ran
}

async function leaseOf(scope: SourceScope, { id, latest, isDue }: Waiting): Promise<Lease | null> {
  const sourceId: SourceId = idText('src', id)
  if (isDue) return beginRun(scope, sourceId, lastDue(scope.now(), scope.settings.ingestHourUtc), 'clock')
  return latest && takeOver(scope, latest)
}

/** Sources with something to do: a due instant that nobody has begun, or a latest run to take up again. */
async function waitingSources({ db, now, settings }: SourceScope): Promise<Waiting[]> {
  const [nowMs, dueMs] = [BigInt(now()), BigInt(lastDue(now(), settings.ingestHourUtc))]
  const rows = await db.all<{ id: bigint; runId: bigint | null; leasedUntilMs: bigint; isDue: bigint }>(sql`
    select s.id, r.id as runId, coalesce(r.leased_until_ms, 0) as leasedUntilMs,
      s.created_at_ms < ${dueMs} and not exists (
        select 1 from source_runs d where d.source_id = s.id and d.due_at_ms >= ${dueMs} and d.status <> 'failed')
      and not exists (select 1 from source_runs d where d.source_id = s.id and d.due_at_ms = ${dueMs}) as isDue
    from sources s left join source_runs r on r.id = (select max(l.id) from source_runs l where l.source_id = s.id)
    where s.is_enabled = 1 and (isDue or (r.leased_until_ms <= ${nowMs} and r.attempts < ${BigInt(MOST_ATTEMPTS)}
      and (r.status = 'running' or (r.status = 'failed' and r.actor = 'clock'))))
    order by coalesce(r.started_at_ms, 0), s.id`)
  return rows.map(({ id, runId, leasedUntilMs, isDue }) => ({
    ...{ id, isDue: isDue === 1n },
    latest: runId === null ? null : { id: runId, sourceId: id, leasedUntilMs },
  }))
}
