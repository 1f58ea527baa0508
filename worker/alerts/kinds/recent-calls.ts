import { type SQL, sql } from 'drizzle-orm'
import { rowOf, type TeamId } from '../../../db/units/ids.ts'
import type { AlertScope } from './kind.ts'

/** Calls of a window that are looked at, the newest: a look reads no more rows however busy the gateway is. */
const MOST_CALLS = 50_000n

/** The newest calls that began in the last minutes, of one team or everybody's, as rows to select from. */
export function recentCalls({ now }: Pick<AlertScope, 'now'>, minutes: number, teamId: TeamId | null): SQL {
  const ofTeam = teamId ? sql`and team_id = ${BigInt(rowOf('team', teamId) ?? 0)}` : sql``
  return sql`(select status, http_status, latency_ms from requests
    where started_at_ms > ${BigInt(now() - minutes * 60_000)} and started_at_ms <= ${BigInt(now())} ${ofTeam}
    order by started_at_ms desc limit ${MOST_CALLS})`
}

/** The page of today's calls. */
export function callsOf(filters: Record<string, string>, teamId: TeamId | null, day: string): string {
  const team = teamId ? { team_id: teamId } : {}
  return `/requests?${new URLSearchParams({ start: day, end: day, ...team, ...filters })}`
}
