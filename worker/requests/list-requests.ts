import { desc, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { gatewayDays, requests } from '../../db/schema/requests.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { Paging, TablePaging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { flushCalls } from './flush-calls.ts'
import { GatewayRequest, requestOf, selectRequests } from './request.ts'
import {
  inDays,
  inRequests,
  isOfDays,
  MOST_LOOKED_AT,
  newest,
  RequestFilters,
  requireOwnTeams,
} from './request-filters.ts'

const CURSOR = /^(\d{1,15})\.(req_[\w-]{1,100})$/

const Asked = {
  ...RequestFilters,
  cursor: z
    .string()
    .regex(CURSOR, 'expected the next_cursor of an earlier page')
    .optional()
    .describe('Goes on where an earlier page ended, whatever came in since; in place of skip'),
}
export const RequestsAsked = z.object({ ...Paging, ...Asked }).refine(daysInOrder, DAYS_IN_ORDER)
type RequestsAsked = z.output<typeof RequestsAsked>

/** The same in larger pages. */
export const RequestTableAsked = z.object({ ...TablePaging, ...Asked }).refine(daysInOrder, DAYS_IN_ORDER)

export const RequestsPage = PageOf('requests', GatewayRequest).extend({
  nextCursor: z.string().nullable().describe('Of the page after this one; null: this is the last'),
})

/**
 * Calls of the actor's teams, the newest first; those of no team for the whole company only. `total` counts stored calls;
 * where cache, cost or latency narrow it, among the newest 100,000 of the days.
 *
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listRequests(
  scope: Scope,
  asked: RequestsAsked,
  meter: MeterHandle | null,
): Promise<z.output<typeof RequestsPage>> {
  allow(scope, 'requests:read')
  requireOwnTeams(scope, asked)
  await flushCalls(scope, meter)
  const { limit } = asked
  const skip = asked.cursor === undefined ? asked.skip : 0
  const [rows, [counted]] = await Promise.all([
    selectRequests(scope.db)
      .where(sql`${inRequests(scope, asked)} and ${after(asked.cursor)}`)
      .orderBy(desc(requests.startedAtMs), desc(requests.id))
      .limit(limit + 1)
      .offset(skip),
    readBatch(scope.db, [countOf(scope, asked)]),
  ])
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const hasMore = rows.length > limit
  const total = Math.max(Number(counted?.rows[0]?.total ?? 0), skip + page.length)
  return {
    ...pageOf('requests', page.map(requestOf), total, { skip, limit }, visibleTeams(scope) !== null),
    hasMore,
    nextCursor: hasMore && last ? `${last.startedAtMs}.${last.id}` : null,
  }
}

function after(cursor: string | undefined): SQL {
  const [, atMs, id] = CURSOR.exec(cursor ?? '') ?? []
  if (atMs === undefined || id === undefined) return sql`1`
  const at = BigInt(atMs)
  return sql`${requests.startedAtMs} <= ${at} and (${requests.startedAtMs} < ${at} or ${requests.id} < ${id})`
}

/** Sums of days outlive their calls: only days of which calls are kept count here. */
function countOf(scope: Scope, asked: RequestsAsked): SQL {
  if (isOfDays(asked))
    return sql`select sum(${gatewayDays.requestCount}) as total from ${gatewayDays} where ${inDays(scope, asked)}
      and ${gatewayDays.day} >= (select strftime('%Y-%m-%d', min(started_at_ms) / 1000, 'unixepoch') from requests)`
  return sql`select count(*) as total from ${newest(scope, asked, MOST_LOOKED_AT)} where ${inRequests(scope, asked)}`
}
