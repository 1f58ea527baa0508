import { sql } from 'drizzle-orm'
import { type Id, idText, rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { LEASE_MS, MOST_ATTEMPTS, nextAttempt } from './schedule.ts'
import type { SourceId } from './source.ts'

type Clocked = Pick<Scope, 'db' | 'now'>

/** A run that is ours until `leasedUntilMs`; that instant is also the proof that nobody has taken it over. */
export type Lease = {
  id: Id<'run'>
  sourceId: SourceId
  attempts: number
  leasedUntilMs: EpochMs
  importRows: number[]
}

/** What a source remembers from now on, of the place that `configJson` names: it may have been pointed elsewhere. */
export type Learned = { stateJson: string; configJson: string }

/** Whether another run of the source is somebody's. */
const isRunning = (source: unknown, nowMs: bigint, but: bigint) => sql`exists (select 1 from source_runs o
  where o.source_id = ${source} and o.id <> ${but} and o.status = 'running' and o.leased_until_ms > ${nowMs})`

/**
 * Begins the run of a due instant. Null: it has been begun before, by whoever fired first, or another run of the source
 * is under way. One statement, so two clocks that fire at once begin one run.
 */
export async function beginRun(
  { db, now }: Clocked,
  sourceId: SourceId,
  dueAtMs: EpochMs,
  actor: string,
): Promise<Lease | null> {
  const [nowMs, row] = [BigInt(now()), rowOfId('src', sourceId)]
  const leasedUntilMs = (now() + LEASE_MS) as EpochMs
  const [begun] = await db.all<{ id: bigint }>(sql`
    insert into source_runs (source_id, due_at_ms, actor, status, started_at_ms, leased_until_ms)
    select ${row}, ${BigInt(dueAtMs)}, ${actor}, 'running', ${nowMs}, ${BigInt(leasedUntilMs)}
    where not ${isRunning(row, nowMs, 0n)} on conflict do nothing returning id`)
  return begun ? { id: idText('run', begun.id), sourceId, attempts: 1, leasedUntilMs, importRows: [] } : null
}

/** Takes over a run that has died or is to be tried again. Null: somebody else has. */
export async function takeOver(
  { db, now }: Clocked,
  run: { id: bigint; sourceId: bigint; leasedUntilMs: bigint },
): Promise<Lease | null> {
  const nowMs = BigInt(now())
  const leasedUntilMs = (now() + LEASE_MS) as EpochMs
  const [taken] = await db.all<{ attempts: bigint; imports: string }>(sql`
    update source_runs set status = 'running', attempts = attempts + 1, started_at_ms = ${nowMs}, finished_at_ms = null,
      leased_until_ms = ${BigInt(leasedUntilMs)}
    where id = ${run.id} and leased_until_ms = ${run.leasedUntilMs} and leased_until_ms <= ${nowMs}
      and status in ('running', 'failed') and not ${isRunning(run.sourceId, nowMs, run.id)}
    returning attempts, imports_json as imports`)
  if (!taken) return null
  const importRows = JSON.parse(taken.imports) as number[]
  const [id, sourceId] = [idText('run', run.id), idText('src', run.sourceId)]
  return { id, sourceId, attempts: Number(taken.attempts), leasedUntilMs, importRows }
}

/**
 * Notes how far a run has come, and that it lives.
 * @throws HelioxError conflict `sources.run_lost` if it stood still for so long that somebody else has taken it over
 */
export async function keepLease({ db, now }: Clocked, lease: Lease, learned: Learned | null): Promise<void> {
  const leasedUntilMs = Math.max(now() + LEASE_MS, lease.leasedUntilMs) as EpochMs
  const row = rowOfId('run', lease.id)
  const { rowsAffected } = await db.run(sql`
    update source_runs set leased_until_ms = ${BigInt(leasedUntilMs)}, file_count = ${BigInt(lease.importRows.length)},
      imports_json = ${JSON.stringify(lease.importRows)}
    where id = ${row} and status = 'running' and leased_until_ms = ${BigInt(lease.leasedUntilMs)}`)
  if (rowsAffected !== 1)
    throw new HelioxError('conflict', 'sources.run_lost', 'The run stood still for too long and was given to another')
  lease.leasedUntilMs = leasedUntilMs
  if (learned === null) return
  await db.run(sql`update sources set state_json = ${learned.stateJson}
    where id = ${rowOfId('src', lease.sourceId)} and config_json = ${learned.configJson}`)
}

/** Ends a run that is still ours; a failed one says from when on the clock tries it again. */
export async function endRun(
  { db, now }: Clocked,
  lease: Lease,
  status: 'success' | 'failed',
  message: string,
): Promise<void> {
  const again = status === 'failed' ? (nextAttempt(now(), lease.attempts) ?? now()) : now()
  await db.run(sql`
    update source_runs set status = ${status}, message = ${message}, finished_at_ms = ${BigInt(now())},
      leased_until_ms = ${BigInt(again)}, file_count = ${BigInt(lease.importRows.length)},
      imports_json = ${JSON.stringify(lease.importRows)}
    where id = ${rowOfId('run', lease.id)} and status = 'running' and leased_until_ms = ${BigInt(lease.leasedUntilMs)}`)
}

/** Leaves a run to the next round, which takes it over at once: time was up, nothing has failed. */
export async function leaveRun({ db, now }: Clocked, lease: Lease): Promise<void> {
  await db.run(sql`
    update source_runs set leased_until_ms = ${BigInt(now())}, attempts = attempts - 1, message = 'Goes on in the next round'
    where id = ${rowOfId('run', lease.id)} and status = 'running' and leased_until_ms = ${BigInt(lease.leasedUntilMs)}`)
}

/** Closes runs that died and that nobody will take over: too often tried, or followed by another run of the source. */
export async function closeDeadRuns({ db, now }: Clocked): Promise<number> {
  const { rowsAffected } = await db.run(sql`
    update source_runs set status = 'failed', finished_at_ms = ${BigInt(now())}, message = 'The run was cut off'
    where status = 'running' and leased_until_ms <= ${BigInt(now())} and (attempts >= ${BigInt(MOST_ATTEMPTS)}
      or exists (select 1 from source_runs o where o.source_id = source_runs.source_id and o.id > source_runs.id)
      or not exists (select 1 from sources s where s.id = source_runs.source_id and s.is_enabled = 1))`)
  return rowsAffected
}

function rowOfId(prefix: 'src' | 'run', id: string): bigint {
  return BigInt(rowOf(prefix, id) ?? 0)
}
