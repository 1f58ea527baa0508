import { sql } from 'drizzle-orm'
import { teamGateway } from '../../db/schema/gateway.ts'
import { rowOf } from '../../db/units/ids.ts'
import type { Scope } from '../scope.ts'

const DAY_MS = 86_400_000
const ROWS_A_WRITE = 500
/** The rest waits for the next clock. */
const MOST_WRITES = 40

/**
 * Forgets messages and answers that their team keeps no longer: too old, or the team has turned it off or is gone. What a call
 * cost stays. In small batches; cut off, the next clock goes on. How many were forgotten.
 */
export async function forgetBodies(scope: Scope): Promise<number> {
  const rules = await scope.db.select().from(teamGateway)
  const keeping = rules.filter(({ keepsBodies }) => keepsBodies)
  const rows = JSON.stringify(keeping.map(({ teamId }) => rowOf('team', teamId)))
  const nowMs = scope.now()
  let forgotten = 0
  for (const { teamId, bodyDays } of keeping)
    forgotten += await forget(
      scope,
      sql`team_id = ${BigInt(rowOf('team', teamId) ?? 0)} and started_at_ms < ${BigInt(nowMs - bodyDays * DAY_MS)}`,
    )
  forgotten += await forget(
    scope,
    sql`(team_id is null or team_id not in (select value from json_each(${rows}))) and started_at_ms <= ${BigInt(nowMs)}`,
  )
  return forgotten
}

async function forget({ db }: Scope, which: ReturnType<typeof sql>): Promise<number> {
  let all = 0
  for (let turn = 0; turn < MOST_WRITES; turn += 1) {
    const { rowsAffected } = await db.run(sql`update requests set body_json = null where id in (
      select id from requests indexed by requests_body_idx where body_json is not null and ${which}
      order by started_at_ms limit ${BigInt(ROWS_A_WRITE)})`)
    all += rowsAffected
    if (rowsAffected < ROWS_A_WRITE) break
  }
  return all
}

/** Takes answers out of the store whose time is over. How many. */
export async function forgetAnswers({ db, now }: Scope): Promise<number> {
  let all = 0
  for (let turn = 0; turn < MOST_WRITES; turn += 1) {
    const { rowsAffected } = await db.run(sql`delete from stored_answers where hash in (
      select hash from stored_answers where expires_at_ms <= ${BigInt(now())} limit ${BigInt(ROWS_A_WRITE)})`)
    all += rowsAffected
    if (rowsAffected < ROWS_A_WRITE) break
  }
  return all
}
