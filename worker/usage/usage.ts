import { and, eq, ne, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { usageSnapshots } from '../../db/schema/costs.ts'
import { pools } from '../../db/schema/pools.ts'
import { type Id, rowOf } from '../../db/units/ids.ts'
import type { Day } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, GpuTime, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'

/** What usage is called that no meter has counted. */
export const FROM_JOBS = 'jobs'

/** GPU time that was measured on a pool on a day, to the second. */
export const Usage = z.object({
  id: AnsweredId('usage'),
  date: AnsweredDay,
  provider: z.string(),
  gpuType: z.string(),
  gpuSeconds: GpuTime,
  source: z.enum(['measured', 'jobs']).describe('`jobs`: nobody measured it, it is the time that jobs held their GPUs'),
})
export type Usage = z.output<typeof Usage>

export const UsageAlone = Usage.extend({ version: Version })
export type UsageAlone = z.output<typeof UsageAlone>

const columns = {
  ...{ id: usageSnapshots.id, date: usageSnapshots.entryDate, provider: pools.provider, gpuType: pools.gpuType },
  gpuSeconds: usageSnapshots.gpuSeconds,
  source: sql<'measured' | 'jobs'>`iif(${usageSnapshots.source} = 'jobs', 'jobs', 'measured')`,
}

/** Measurements as they are answered, still to be narrowed and ordered. */
export function selectUsage(reader: Pick<Scope['db'], 'select'>) {
  return reader.select(columns).from(usageSnapshots).innerJoin(pools, eq(pools.id, usageSnapshots.poolId))
}

/**
 * One measurement.
 *
 * @throws HelioxError not_found `usage.no_usage`, also for who sees teams only: a pool is the company's
 */
export async function usage(scope: Scope, { id }: { id: Id<'usage'> }): Promise<UsageAlone> {
  allow(scope, 'ledger:read')
  return versioned(await readUsage(scope.db, scope, id))
}

/** The stored measurement, if the actor may see it. @throws HelioxError not_found `usage.no_usage` */
export async function readUsage(
  reader: Pick<Scope['db'], 'select'>,
  scope: Pick<Scope, 'actor'>,
  id: Id<'usage'>,
): Promise<Usage> {
  const [row] = visibleTeams(scope) === null ? await selectUsage(reader).where(eq(usageSnapshots.id, id)) : []
  if (!row) throw new HelioxError('not_found', 'usage.no_usage', `There is no usage ${id}`)
  return row
}

/** The pool-day of a measurement, for `usageChanged`; none where it was derived from jobs and so never measured. */
export function poolDayOf(id: Id<'usage'>): SQL {
  return sql`select entry_date, pool_id from usage_snapshots
    where id = ${BigInt(rowOf('usage', id) ?? 0)} and source <> ${FROM_JOBS}`
}

/** Pool-days `p` of these days, for `shareSoon`. */
export function onDays(...days: Day[]): SQL {
  return sql`p.day in (select value from json_each(${JSON.stringify(days)}))`
}

/** For a measurement that is new or gets another key. @throws HelioxError conflict `usage.usage_exists` */
export async function requireFreeKey(
  tx: Tx,
  { date, provider, gpuType }: Pick<Usage, 'date' | 'provider' | 'gpuType'>,
  poolId: number,
  except?: Usage['id'],
): Promise<void> {
  const [other] = await tx
    .select({ id: usageSnapshots.id })
    .from(usageSnapshots)
    .where(
      and(
        eq(usageSnapshots.entryDate, date),
        eq(usageSnapshots.poolId, poolId),
        except && ne(usageSnapshots.id, except),
      ),
    )
  if (!other) return
  const message = `There is usage for ${date}, ${provider} and ${gpuType} already: ${other.id}`
  throw new HelioxError('conflict', 'usage.usage_exists', message)
}
