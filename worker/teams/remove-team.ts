import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import { tokenUsage } from '../../db/schema/tokens.ts'
import { teamMembers } from '../../db/schema/users.ts'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { removeJobs } from '../analytics/job-days.ts'
import { shareSoon } from '../analytics/share.ts'
import { note } from '../audit/note.ts'
import { ofHeliox, SERVING_TEAM } from '../deployments/serving-team.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { forgetTeam, giveBack } from '../owner-rules/forget-team.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { readTeam, type Team } from './team.ts'

export const TeamRemoval = z.object({ id: IdText('team'), version: SeenVersion })

/** Jobs and their days that one transaction takes away at most; a hosted database ends a write transaction after 5 s. */
const MOST_ROWS = 20_000

/**
 * Takes a team away with its jobs, keys and memberships. Jobs that a rule had given to it go back to the teams that their
 * files name, and what rules gave to it goes to who else was there (`forgetTeam`). Its metered calls stay under the name of their project. Costs stay: what the jobs were charged is unallocated or idle
 * in the transaction that takes them, and then goes to who else was there. A large team goes in several transactions, its
 * jobs first; cut off anywhere the ledger adds up, and doing it again completes it.
 *
 * @param mostRows smaller in tests
 * @throws HelioxError not_found `teams.no_team`; precondition `request.version_changed`
 */
export async function removeTeam(
  scope: Scope,
  { id, version }: z.output<typeof TeamRemoval>,
  mostRows = MOST_ROWS,
): Promise<void> {
  allow(scope, 'teams:write')
  for (let jobCount = 0, isGone = false; !isGone; )
    await writeTransaction(scope.db, async (tx) => {
      const team = await readTeam(tx, scope, id)
      requireVersion(team, version)
      if (team.name === SERVING_TEAM) throw ofHeliox()
      const next = await nextJobs(tx, id, mostRows)
      const givenBack = await giveBack(tx, jobsUpTo(id, next.upTo), scope.now())
      for (const statement of removeJobs(jobsUpTo(id, next.upTo))) await tx.run(statement)
      jobCount += next.jobCount - givenBack
      if (next.isLast) await removeEmpty(tx, scope, team, jobCount)
      else {
        const after = { jobCount: next.jobCount - givenBack }
        await note(tx, scope, { action: 'teams.remove_jobs', targetId: id, target: team.name, after })
      }
      isGone = next.isLast
    })
  await shareSoon(scope)
}

/** The team's jobs up to which one transaction goes, and whether they are all. */
async function nextJobs(tx: Tx, id: TeamId, mostRows: number) {
  const [row] = await tx.all<{ upTo: bigint | null; jobCount: bigint; allJobs: bigint }>(sql`
    with ranked as (
      select id, row_number() over (order by id) as place, sum(1 + days) over (order by id) as size
      from (select j.id, (select count(*) from job_day_shares s where s.job_id = j.id) as days
        from jobs j where j.team_id = ${teamRow(id)} order by j.id limit ${BigInt(mostRows)}))
    select max(id) as upTo, count(*) as jobCount, (select count(*) from jobs where team_id = ${teamRow(id)}) as allJobs
    from ranked where place = 1 or size <= ${BigInt(mostRows)}`)
  const { upTo, jobCount, allJobs } = row ?? { upTo: null, jobCount: 0n, allJobs: 0n }
  return { upTo: upTo ?? 0n, jobCount: Number(jobCount), isLast: jobCount === allJobs }
}

function jobsUpTo(id: TeamId, upTo: bigint) {
  return sql`select id from jobs where team_id = ${teamRow(id)} and id <= ${upTo}`
}

/** Said one by one: a database may be told not to follow references. */
async function removeEmpty(tx: Tx, scope: Scope, team: Team, jobCount: number): Promise<void> {
  const keys = await tx.delete(apiKeys).where(eq(apiKeys.teamId, team.id)).returning({ id: apiKeys.id })
  const members = await tx
    .delete(teamMembers)
    .where(eq(teamMembers.teamId, team.id))
    .returning({ userId: teamMembers.userId })
  await tx.update(tokenUsage).set({ teamId: null }).where(eq(tokenUsage.teamId, team.id))
  const ruleIds = await forgetTeam(tx, team.id, scope.now())
  await tx.delete(teams).where(eq(teams.id, team.id))
  const before = {
    ...{ ...team, jobCount },
    ...{ keyIds: keys.map(({ id }) => id), userIds: members.map(({ userId }) => userId), ruleIds },
  }
  await note(tx, scope, { action: 'teams.remove', targetId: team.id, target: team.name, before, after: null })
}

function teamRow(id: TeamId): bigint {
  return BigInt(rowOf('team', id) ?? 0)
}
