import { asc, count, eq } from 'drizzle-orm'
import { jobs } from '../../db/schema/jobs.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'

/** `budgetNanoUsd` is per calendar month; null: none set. */
export type Team = {
  id: TeamId
  name: string
  description: string
  budgetNanoUsd: NanoUsd | null
  isDemo: boolean
  createdAtMs: EpochMs
}

/** Teams in the order in which they were made. */
export async function listTeams({ db }: Scope, { skip, limit }: { skip: number; limit: number }) {
  const rows: Team[] = await db.select().from(teams).orderBy(asc(teams.id)).limit(limit).offset(skip)
  const [all] = await db.select({ total: count().mapWith(Number) }).from(teams)
  const total = all?.total ?? 0
  return { teams: rows, total, skip, limit, hasMore: skip + rows.length < total }
}

/**
 * One team and how many jobs it has.
 * @throws HelioxError not_found `teams.no_team`
 */
export async function team({ db }: Scope, { id }: { id: TeamId }): Promise<Team & { jobCount: number }> {
  const [row] = await db.select().from(teams).where(eq(teams.id, id))
  if (!row) throw new HelioxError('not_found', 'teams.no_team', `There is no team ${id}`)
  const [own] = await db
    .select({ jobCount: count().mapWith(Number) })
    .from(jobs)
    .where(eq(jobs.teamId, id))
  return { ...row, jobCount: own?.jobCount ?? 0 }
}
