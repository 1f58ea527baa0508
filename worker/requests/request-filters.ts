import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { ANSWER_CACHE_STATES, gatewayDays, requests } from '../../db/schema/requests.ts'
import { COST_GRADES, TOKEN_STATUSES } from '../../db/schema/tokens.ts'
import { type Id, type IdPrefix, rowOf } from '../../db/units/ids.ts'
import { startOf } from '../../db/units/time.ts'
import { DayRange, windowOf } from '../day-range.ts'
import { IdText, UsdInput } from '../input-fields.ts'
import { requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'

const MOST_VALUES = 100

/** One value, or several that are alternatives. */
function oneOrMore<S extends z.ZodType>(value: S) {
  return z
    .union([value, z.array(value).max(MOST_VALUES)])
    .transform((given): z.output<S>[] => [given].flat() as z.output<S>[])
    .optional()
}

/** What narrows calls: all that is given together, several values of one as alternatives. */
export const RequestFilters = {
  ...DayRange,
  teamId: oneOrMore(IdText('team')),
  keyId: oneOrMore(IdText('key')),
  userId: oneOrMore(IdText('user')),
  model: oneOrMore(z.string().max(300)).describe('As asked for or as served'),
  backend: oneOrMore(z.string().max(200)).describe('Its name'),
  status: oneOrMore(z.enum(TOKEN_STATUSES)),
  costGrade: oneOrMore(z.enum(COST_GRADES)),
  cache: oneOrMore(z.enum(ANSWER_CACHE_STATES)),
  errors: z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .transform((given) => given === true || given === 'true')
    .optional()
    .describe('true: only those that failed or were cut off'),
  minCostUsd: UsdInput.optional(),
  minLatencyMs: z.coerce.number<number>().int().min(0).max(86_400_000).optional(),
}
const AllRequestFilters = z.object(RequestFilters)
export type RequestFilters = z.output<typeof AllRequestFilters>

/** How many of the newest calls are looked at where the sums of days cannot tell. */
export const MOST_LOOKED_AT = 100_000

/** Whether the sums of days know everything that is asked for. */
export function isOfDays({ cache, minCostUsd, minLatencyMs }: RequestFilters): boolean {
  return cache === undefined && minCostUsd === undefined && minLatencyMs === undefined
}

/** @throws HelioxError forbidden `auth.other_team` */
export function requireOwnTeams(scope: Scope, { teamId }: RequestFilters): void {
  for (const id of teamId ?? []) requireTeam(scope, id)
}

/** The sums of the days asked for, among those that the actor sees. A condition on `gateway_days`. */
export function inDays(scope: Scope, asked: RequestFilters): SQL {
  const window = windowOf(asked)
  const d = gatewayDays
  return all([
    window && sql`${d.day} >= ${window.from} and ${d.day} < ${window.before}`,
    ...ofTeams(scope, asked, sql`${d.team}`),
    oneOf(sql`${d.key}`, rowsOf('key', asked.keyId)),
    oneOf(sql`${d.user}`, rowsOf('user', asked.userId)),
    ...alike(asked, d),
  ])
}

/** The calls asked for, among those that the actor sees. A condition on `requests`. */
export function inRequests(scope: Scope, asked: RequestFilters): SQL {
  const r = requests
  const { cache, minCostUsd, minLatencyMs } = asked
  return all([
    leading(scope, asked),
    ...ofTeams(scope, asked, sql`${r.teamId}`),
    oneOf(sql`${r.keyId}`, rowsOf('key', asked.keyId)),
    oneOf(sql`+${r.userId}`, rowsOf('user', asked.userId)),
    ...alike(asked, r),
    oneOf(sql`${r.cache}`, cache),
    minCostUsd === undefined ? null : sql`${r.costNanoUsd} >= ${minCostUsd}`,
    minLatencyMs === undefined ? null : sql`${r.latencyMs} >= ${BigInt(minLatencyMs)}`,
  ])
}

/** As many of the newest calls as are looked at, of the days and of the one team or key: what an index finds. */
export function newest(scope: Scope, asked: RequestFilters, most: number): SQL {
  const r = requests
  const one = [...ofTeams(scope, asked, sql`${r.teamId}`), oneOf(sql`${r.keyId}`, rowsOf('key', asked.keyId))]
  return sql`(select ${r.startedAtMs}, ${r.teamId}, ${r.keyId}, ${r.userId}, ${r.modelAsked}, ${r.model}, ${r.backend},
      ${r.status}, ${r.costGrade}, ${r.cache}, ${r.costNanoUsd}, ${r.savedNanoUsd}, ${r.latencyMs},
      ${r.timeToFirstTokenMs}, ${r.inputTokens}, ${r.cachedInputTokens}, ${r.cacheWriteTokens}, ${r.outputTokens},
      ${r.reasoningTokens}
    from ${requests} where ${all([leading(scope, asked), ...one])}
    order by ${r.startedAtMs} desc limit ${BigInt(most)}) as ${sql.identifier('requests')}`
}

function leading(_scope: Scope, asked: RequestFilters): SQL | null {
  const window = windowOf(asked)
  const at = (day: Parameters<typeof startOf>[0]) => BigInt(startOf(day))
  return window && sql`${requests.startedAtMs} >= ${at(window.from)} and ${requests.startedAtMs} < ${at(window.before)}`
}

/** Both tables call it the same. */
function alike(asked: RequestFilters, t: typeof requests | typeof gatewayDays): (SQL | null)[] {
  const { model, backend, status, costGrade, errors } = asked
  return [
    model ? sql`(${oneOf(sql`+${t.modelAsked}`, model)} or ${oneOf(sql`+${t.model}`, model)})` : null,
    oneOf(sql`${t.backend}`, backend),
    oneOf(sql`${t.status}`, status),
    oneOf(sql`${t.costGrade}`, costGrade),
    errors ? sql`${t.status} <> 'completed'` : null,
  ]
}

function ofTeams(scope: Scope, { teamId }: RequestFilters, column: SQL): (SQL | null)[] {
  const seen = visibleTeams(scope)
  return [oneOf(column, seen && rowsOf('team', seen)), oneOf(column, rowsOf('team', teamId))]
}

function rowsOf(prefix: IdPrefix, ids: readonly Id<IdPrefix>[] | undefined): number[] | undefined {
  return ids?.map((id) => rowOf(prefix, id) ?? 0)
}

/** One leads through its index; among several the newest still come in their order, which a plus sees to. */
function oneOf(column: SQL, values: readonly (string | number)[] | null | undefined): SQL | null {
  if (!values) return null
  const [only] = values
  if (values.length === 1 && only !== undefined)
    return sql`${column} = ${typeof only === 'number' ? BigInt(only) : only}`
  return sql`+${column} in (select value from json_each(${JSON.stringify(values)}))`
}

function all(conditions: readonly (SQL | null | undefined)[]): SQL {
  const given = conditions.filter((one) => one != null)
  return given.length === 0 ? sql`1` : sql.join(given, sql` and `)
}
