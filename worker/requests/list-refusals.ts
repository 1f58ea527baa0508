import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Id, type IdPrefix, idText, rowOf } from '../../db/units/ids.ts'
import { type EpochMs, startOf } from '../../db/units/time.ts'
import { AnsweredId, Instant } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayRange, daysInOrder, windowOf } from '../day-range.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { flushCalls } from './flush-calls.ts'
import { RequestFilters, requireOwnTeams } from './request-filters.ts'

/** What narrows refused calls: no backend served them, so that nothing else is known of them. */
export const RefusalsAsked = z
  .object({
    ...DayRange,
    teamId: RequestFilters.teamId,
    keyId: RequestFilters.keyId,
    userId: RequestFilters.userId,
    model: RequestFilters.model.describe('As asked for'),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
export type RefusalsAsked = z.output<typeof RefusalsAsked>

const Code = z.string().meta({ examples: ['insufficient_quota'] })
const Count = z.number().int()
const LastRequestId = z
  .string()
  .describe('x-request-id of the last of them')
  .meta({ examples: ['req_01j'] })

/** Refused calls that have who asked, the model, the reason and the budget in common. */
export const Refusal = z.object({
  code: Code,
  callCount: Count,
  teamId: AnsweredId('team').nullable(),
  teamName: z.string().nullable(),
  keyId: AnsweredId('key').nullable(),
  keyName: z.string().nullable(),
  userId: AnsweredId('user').nullable(),
  userName: z.string().nullable(),
  model: z.string().describe('As asked for; empty: none was named, or the caller named too many'),
  budgetId: AnsweredId('bdgt').nullable().describe('Of the budget that had no room'),
  firstAtMs: Instant,
  lastAtMs: Instant,
  lastRequestId: LastRequestId,
  lastMessage: z.string().describe('What the client of the last one was told'),
})

export const RefusedCalls = z.object({
  callCount: Count,
  byCode: z.array(z.object({ code: Code, callCount: Count, lastAtMs: Instant, lastRequestId: LastRequestId })),
  refusals: z.array(Refusal).describe('The latest first, 100 at most'),
  isPartial: z.boolean().describe('Those of other teams are left out'),
})

const MOST = 100n

/**
 * Calls that the gateway refused before any backend was asked, of the actor's teams; those of no team for the whole company
 * only. Callers whom nobody knows, such as with a wrong key, are not counted.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listRefusals(
  scope: Scope,
  asked: RefusalsAsked,
  meter: MeterHandle | null,
): Promise<z.output<typeof RefusedCalls>> {
  allow(scope, 'requests:read')
  requireOwnTeams(scope, asked)
  await flushCalls(scope, meter)
  const which = inRefusals(scope, asked)
  // Of one group the row with its latest call says the rest, as SQLite promises for a single max().
  const [codes, rows] = await Promise.all([
    scope.db.all<Counted>(sql`select code, sum(count) as calls, last_request_id as request, max(last_at_ms) as last
      from refused_calls r where ${which} group by code order by calls desc, code`),
    scope.db.all<Grouped>(sql`select g.*, t.name as teamName, k.name as keyName, u.email as userName from (
        select code, team, "key", "user", model, budget, sum(count) as calls, min(first_at_ms) as first,
          last_request_id as request, last_message as message, max(last_at_ms) as last
        from refused_calls r where ${which} group by 1, 2, 3, 4, 5, 6) g
      left join teams t on t.id = g.team left join api_keys k on k.id = g."key" left join users u on u.id = g."user"
      order by g.last desc, g.code, g.model limit ${MOST}`),
  ])
  return {
    callCount: codes.reduce((sum, { calls }) => sum + Number(calls), 0),
    byCode: codes.map(({ code, calls, request, last }) => ({
      ...{ code, callCount: Number(calls), lastAtMs: Number(last) as EpochMs, lastRequestId: request },
    })),
    refusals: rows.map((row) => ({
      ...{ code: row.code, callCount: Number(row.calls), model: row.model, budgetId: idOrNull('bdgt', row.budget) },
      ...{ teamId: idOrNull('team', row.team), teamName: row.teamName },
      ...{ keyId: idOrNull('key', row.key), keyName: row.keyName },
      ...{ userId: idOrNull('user', row.user), userName: row.userName },
      ...{ firstAtMs: Number(row.first) as EpochMs, lastAtMs: Number(row.last) as EpochMs },
      ...{ lastRequestId: row.request, lastMessage: row.message },
    })),
    isPartial: visibleTeams(scope) !== null,
  }
}

type Counted = { code: string; calls: bigint; request: string; last: bigint }
type Grouped = Counted &
  Record<'team' | 'key' | 'user' | 'budget' | 'first', bigint> & {
    model: string
    message: string
  } & Record<'teamName' | 'keyName' | 'userName', string | null>

function idOrNull<P extends IdPrefix>(prefix: P, row: bigint): Id<P> | null {
  return row === 0n ? null : idText(prefix, row)
}

function inRefusals(scope: Scope, asked: RefusalsAsked): SQL {
  const window = windowOf(asked)
  const among = (column: SQL, prefix: IdPrefix, ids: readonly Id<IdPrefix>[] | null | undefined) =>
    ids
      ? sql`${column} in (select value from json_each(${JSON.stringify(ids.map((id) => rowOf(prefix, id)))}))`
      : sql`1`
  return sql.join(
    [
      window
        ? sql`r.hour_ms >= ${BigInt(startOf(window.from))} and r.hour_ms < ${BigInt(startOf(window.before))}`
        : sql`1`,
      among(sql`r.team`, 'team', visibleTeams(scope)),
      among(sql`r.team`, 'team', asked.teamId),
      among(sql`r."key"`, 'key', asked.keyId),
      among(sql`r."user"`, 'user', asked.userId),
      asked.model ? sql`r.model in (select value from json_each(${JSON.stringify(asked.model)}))` : sql`1`,
    ],
    sql` and `,
  )
}
