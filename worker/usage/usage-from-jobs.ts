import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { addDays } from '../../db/units/time.ts'
import { shareSoon } from '../analytics/share.ts'
import { usageChangedInside } from '../analytics/usage-changed.ts'
import { GpuTime } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { FROM_JOBS } from './usage.ts'
import type { UsageFromJobs } from './usage-input.ts'

export const DerivedUsage = z.object({
  inserted: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  removed: z.number().int().describe('Derived rows of pool-days that no job holds any more'),
  kept: z.number().int().describe('Pool-days whose measurement was left as it is'),
  gpuSeconds: GpuTime.describe('Of all jobs in these days'),
})
export type DerivedUsage = z.output<typeof DerivedUsage>

/**
 * Usage of the pool-days `start..end` from the time that jobs held their GPUs there: one row per UTC day and pool, to the
 * second what the jobs' days sum to. It says that it is from jobs. A measurement that somebody entered or imported stays
 * unless `overwrite`. The same again changes nothing; what a job has left is taken away. One transaction.
 */
export async function usageFromJobs(
  scope: Scope,
  { start, end, overwrite }: z.output<typeof UsageFromJobs>,
): Promise<DerivedUsage> {
  allow(scope, 'bills:write')
  const inWindow = (day: string) => sql`${sql.raw(day)} >= ${start} and ${sql.raw(day)} < ${addDays(end, 1)}`
  const isOurs = overwrite ? sql`1` : sql`u.source = ${FROM_JOBS}`
  const held = sql`select day, pool_id, (sum(gpu_ms) + 500) / 1000 as seconds from job_day_shares
    where ${inWindow('day')} group by day, pool_id`
  const isSame = sql`u.gpu_seconds = h.seconds and u.measured_gpu_seconds is null and u.source = ${FROM_JOBS}`
  const derived = await writeTransaction(scope.db, async (tx) => {
    const [count] = await tx.all<Record<keyof DerivedUsage, bigint>>(sql`
      select coalesce(sum(u.id is null), 0) as inserted,
        coalesce(sum(u.id is not null and ${isOurs} and not (${isSame})), 0) as updated,
        coalesce(sum(u.id is not null and ${isSame}), 0) as unchanged,
        coalesce(sum(u.id is not null and not ${isOurs}), 0) as kept,
        coalesce(sum(h.seconds), 0) as gpuSeconds
      from (${held}) h left join usage_snapshots u on u.entry_date = h.day and u.pool_id = h.pool_id`)
    // What was measured is about to be written over: it is not measured any more.
    if (overwrite)
      await usageChangedInside(
        tx,
        sql`select u.entry_date, u.pool_id from usage_snapshots u where ${inWindow('u.entry_date')} and u.source <> ${FROM_JOBS}
          and (u.entry_date, u.pool_id) in (select day, pool_id from job_day_shares where ${inWindow('day')})`,
      )
    await tx.run(sql`insert into usage_snapshots as u (entry_date, pool_id, gpu_seconds, source)
      select day, pool_id, seconds, ${FROM_JOBS} from (${held}) where true
      on conflict do update set gpu_seconds = excluded.gpu_seconds, measured_gpu_seconds = null, source = ${FROM_JOBS},
        changed_by = 0 where ${isOurs}`)
    const gone = await tx.run(sql`delete from usage_snapshots where ${inWindow('entry_date')} and source = ${FROM_JOBS}
      and (entry_date, pool_id) not in (select day, pool_id from job_day_shares where ${inWindow('day')})`)
    const counted = Object.fromEntries(Object.entries(count ?? {}).map(([name, value]) => [name, Number(value)]))
    const derived = { ...(counted as Omit<DerivedUsage, 'removed'>), removed: gone.rowsAffected }
    const { inserted, updated, removed } = derived
    if (inserted + updated + removed > 0)
      await note(tx, scope, {
        ...{ action: 'usage.fromJobs', targetId: '', target: `${start} to ${end}` },
        after: { start, end, overwrite, ...derived },
      })
    return derived
  })
  if (overwrite) await shareSoon(scope, inWindow('p.day'))
  return derived
}
