import { sql } from 'drizzle-orm'
import type { Scope } from '../scope.ts'

/** Sources are due once a day: a run that has not begun two hours after that is late, whatever the hour. */
const LATE_MS = 26 * 3_600_000

/** Whether the last run of every enabled source came to a good end, and none is late. Words without names or addresses. */
export async function sourcesHealth({
  db,
  now,
}: Pick<Scope, 'db' | 'now'>): Promise<{ isFine: boolean; message: string }> {
  const [row] = await db.all<{ enabled: bigint; failed: bigint | null; late: bigint | null }>(sql`
    select count(*) as enabled, sum(r.status = 'failed') as failed,
      sum(coalesce(r.started_at_ms, s.created_at_ms) < ${BigInt(now() - LATE_MS)}) as late
    from sources s left join source_runs r on r.id = (select max(l.id) from source_runs l where l.source_id = s.id)
    where s.is_enabled = 1`)
  const [enabled, failed, late] = [Number(row?.enabled ?? 0n), Number(row?.failed ?? 0n), Number(row?.late ?? 0n)]
  if (enabled === 0) return { isFine: true, message: 'No source is pulled by the clock' }
  if (failed + late === 0) return { isFine: true, message: 'Sources are pulled' }
  const words = [
    ...(failed > 0 ? [`${many(failed)} failed at the last run`] : []),
    ...(late > 0 ? [`${many(late)} not pulled for more than a day`] : []),
  ]
  return { isFine: false, message: words.join('; ') }
}

function many(sources: number): string {
  return `${sources} ${sources === 1 ? 'source' : 'sources'}`
}
