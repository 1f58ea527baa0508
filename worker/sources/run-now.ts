import { sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { noteStatement } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import { beginRun } from './lease.ts'
import type { Run } from './run.ts'
import { runSource } from './run-source.ts'
import { type SourceId, type SourceScope, sourceRow } from './source.ts'

/** A person waits for the answer; what takes longer goes on with the clock. */
const PATIENCE_MS = 4 * 60_000

/**
 * Pulls a source at once, enabled or not, and answers what came of it: a failure is an answer too. A run that is cut off,
 * or does not come to its end in four minutes, is taken up by the clock.
 *
 * @throws HelioxError not_found `sources.no_source`; conflict `sources.running` while another run is under way
 */
export async function runNow(scope: SourceScope, { id }: { id: SourceId }): Promise<Run> {
  allow(scope, 'sources:write')
  const { name } = await sourceRow(scope.db, id)
  const lease = await beginRun(scope, id, await freeInstant(scope, id), scope.actor.label)
  if (!lease) throw new HelioxError('conflict', 'sources.running', 'This source is being pulled already')
  await writeBatch(scope.db, [noteStatement(scope, { action: 'sources.run', targetId: id, target: name })])
  return runSource(scope, lease, Date.now() + PATIENCE_MS)
}

/** Now, or the millisecond after the last run's instant: each has its own. */
async function freeInstant({ db, now }: SourceScope, id: SourceId): Promise<EpochMs> {
  const [last] = await db.all<{ dueAtMs: bigint | null }>(sql`
    select max(due_at_ms) as dueAtMs from source_runs where source_id = ${BigInt(rowOf('src', id) ?? 0)}`)
  return Math.max(now(), Number(last?.dueAtMs ?? 0n) + 1) as EpochMs
}
