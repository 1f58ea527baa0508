import { type SQL, sql } from 'drizzle-orm'
import { tokenUsage } from '../../db/schema/tokens.ts'
import { rowOf } from '../../db/units/ids.ts'
import { windowOf } from '../day-range.ts'
import { visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { BUCKETS, narrowed, type TokensAsked } from './token-usage.ts'

/** `source` of what the gateway metered itself. */
export const GATEWAY_SOURCE = 'gateway'

/**
 * `source` of what inference servers count themselves (worker/sources/kinds/vllm-counters.ts): the same tokens once more where the
 * gateway or a file meters the calls. In a sum only where it is asked for by name.
 */
export const SERVER_SOURCE = 'vllm'

/**
 * A SELECT of what was metered among what the actor sees, a file's calls and the gateway's days alike: day, model, team_id,
 * project, user_name, provider, status, grade, records, requests, hits, saved, cost and the buckets. A model of the gateway
 * is the one that was asked. Reads the sums of days (`gateway_days`), never the calls.
 *
 * Door: for who adds up tokens. @throws HelioxError forbidden `auth.other_team`
 */
export function meteredCalls(scope: Pick<Scope, 'actor'>, asked: TokensAsked): SQL {
  const buckets = (alias: string) =>
    BUCKETS.map((name) => `${alias}.${name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)} as ${name}`).join(', ')
  const ofFiles = narrowed(scope, asked) ?? sql`1`
  const withoutServers = asked.source === undefined ? sql`${tokenUsage.source} <> ${SERVER_SOURCE}` : sql`1`
  return sql`select day, model, team_id, project, user_name, provider, status, cost_grade as grade, 1 as records,
      request_count as requests, 0 as hits, 0 as saved, cost_nano_usd as cost, ${sql.raw(buckets('token_usage'))}
    from token_usage where ${ofFiles} and ${withoutServers}
    union all
    select g.day, g.model_asked, nullif(g.team, 0), '', coalesce(u.email, ''), g.provider, g.status, g.cost_grade,
      g.request_count, g.request_count, g.cache_hit_count, g.saved_nano_usd,
      iif(g.cost_grade = 'unpriced', null, g.cost_nano_usd), ${sql.raw(buckets('g'))}
    from gateway_days g left join users u on u.id = g.user where ${ofGateway(scope, asked)}`
}

function ofGateway(scope: Pick<Scope, 'actor'>, asked: TokensAsked): SQL {
  const { teamId, model, provider, project, source, status } = asked
  const isAsked = (source === undefined || source === GATEWAY_SOURCE) && project === undefined
  const window = windowOf(asked)
  const teams = visibleTeamRows(scope)
  const is = (column: string, value: string | undefined) =>
    value === undefined ? sql`1` : sql`${sql.raw(column)} = ${value}`
  return sql`${isAsked ? sql`1` : sql`0`} and ${window ? sql`g.day >= ${window.from} and g.day < ${window.before}` : sql`1`}
    and ${teams === null ? sql`1` : sql`g.team in (select value from json_each(${teams}))`}
    and ${teamId === undefined ? sql`1` : sql`g.team = ${BigInt(rowOf('team', teamId) ?? 0)}`}
    and ${is('g.model_asked', model)} and ${is('g.provider', provider)} and ${is('g.status', status)}`
}
