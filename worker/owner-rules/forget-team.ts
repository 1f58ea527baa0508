import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { ownerRules } from '../../db/schema/owner-rules.ts'
import { rowOf, type TeamId } from '../../db/units/ids.ts'
import { cutIntoDays } from '../analytics/job-days.ts'
import { withoutTeam } from './owner.ts'
import { readRules } from './owner-rule.ts'

/**
 * Gives a team's jobs (a SELECT of their ids) back that a rule had given to it, to the teams that their files name. Door:
 * whoever removes a team runs it before removing its jobs. Answers how many it gave back.
 */
export async function giveBack(tx: Tx, jobIds: ReturnType<typeof sql>, nowMs: number): Promise<number> {
  const moved = await tx.all<{ id: bigint }>(sql`select j.id from jobs j join teams t on t.id = j.source_team_id
    where j.id in (${jobIds}) and j.source_team_id <> j.team_id`)
  if (moved.length === 0) return 0
  const ids = JSON.stringify(moved.map(({ id }) => Number(id)))
  await tx.run(sql`update jobs set team_id = source_team_id, source_team_id = null
    where id in (select value from json_each(${ids}))`)
  for (const statement of cutIntoDays(sql`select value from json_each(${ids})`, nowMs)) await tx.run(statement)
  return moved.length
}

/**
 * Takes the effect of rules for a team away, in the transaction that removes it: pool-days with charges of it wait to be
 * shared, where its part of a split goes to the others and what it had alone stays in the pool; rules for it alone go, and
 * splits go on without it. Answers the rules that changed.
 */
export async function forgetTeam(tx: Tx, id: TeamId, nowMs: number): Promise<string[]> {
  await tx.run(sql`update pool_days set is_stale = 1 where (day, pool_id) in (
    select c.day, c.pool_id from owners o cross join ledger_cells c on c.owner_id = o.id
    where o.team_id = ${BigInt(rowOf('team', id) ?? 0)} and o.model_id = 0)`)
  const changed: string[] = []
  for (const rule of await readRules(tx)) {
    const owner = withoutTeam(rule.owner, id)
    if (owner === rule.owner) continue
    changed.push(rule.id)
    if (owner === null) await tx.delete(ownerRules).where(eq(ownerRules.id, rule.id))
    else
      await tx
        .update(ownerRules)
        .set({ owner: JSON.stringify(owner), updatedAtMs: nowMs as typeof rule.updatedAtMs })
        .where(eq(ownerRules.id, rule.id))
  }
  return changed
}
