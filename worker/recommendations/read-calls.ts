import { type SQL, sql } from 'drizzle-orm'
import { idText } from '../../db/units/ids.ts'
import type { Window } from '../../db/units/time.ts'
import { visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { PlainCalls, Repeats } from './estate.ts'

type Row = Record<string, bigint | string | null>

/** Statements of the gateway's calls of a window: prompts that came again, calls without their words, calls that did not stream. */
export function callStatements(scope: Pick<Scope, 'actor'>, window: Window): SQL[] {
  const teams = visibleTeamRows(scope)
  const visible = teams === null ? sql`1` : sql`r.team_id in (select value from json_each(${teams}))`
  const asked = sql`r.day >= ${window.from} and r.day < ${window.before} and r.status = 'completed' and ${visible}`
  // Only calls that cost something: an answer from the store has cost nothing.
  const paid = sql`${asked} and r.cache <> 'hit' and r.cost_nano_usd > 0`
  const prompt = sql.raw(`r.model, json_extract(r.body_json, '$.messages'), r.parameters_json`)
  return [
    sql`select team, model, sum(at = 1 and alike > 1) as prompts, sum(at > 1) as repeats,
        coalesce(sum(iif(at > 1, cost, 0)), 0) as repeatCost, sum(cost) as cost, max(iif(at > 1, id, null)) as example
      from (select r.id, r.team_id as team, r.model_asked as model, r.cost_nano_usd as cost,
          row_number() over (partition by r.team_id, ${prompt} order by r.started_at_ms, r.id) as at,
          count(*) over (partition by r.team_id, ${prompt}) as alike
        from requests r where ${paid} and r.body_json is not null)
      group by 1, 2 order by 1, 2`,
    sql`select count(*) as calls from requests r where ${paid} and r.body_json is null`,
    sql`select r.team_id as team, r.model, r.model_asked as asked, r.provider, count(*) as calls,
        sum(coalesce(r.input_tokens, 0)) as input, sum(coalesce(r.cached_input_tokens, 0)) as cachedInput,
        sum(coalesce(r.cache_write_tokens, 0)) as cacheWrite, sum(coalesce(r.output_tokens, 0)) as output,
        sum(coalesce(r.reasoning_tokens, 0)) as reasoning, sum(r.cost_nano_usd) as cost
      from requests r where ${paid} and r.is_stream = 0 and r.service_tier in ('', 'default', 'standard', 'auto')
      group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  ]
}

/** What the statements answered. */
export function callsOf(rows: readonly (readonly Row[])[]): {
  repeats: Repeats[]
  callsWithoutWords: number
  plainCalls: PlainCalls[]
} {
  const [repeats = [], [without] = [], plain = []] = rows
  const teamOf = ({ team }: Row) => (team === null ? null : idText('team', team as bigint))
  return {
    repeats: repeats.map((row) => ({
      ...{ teamId: teamOf(row), model: String(row.model), promptCount: Number(row.prompts) },
      ...{ repeatCount: Number(row.repeats), repeatNanoUsd: row.repeatCost as bigint, costNanoUsd: row.cost as bigint },
      exampleId: String(row.example ?? ''),
    })),
    callsWithoutWords: Number(without?.calls ?? 0n),
    plainCalls: plain.map((row) => ({
      ...{ teamId: teamOf(row), model: String(row.model), asked: String(row.asked), provider: String(row.provider) },
      ...{ callCount: Number(row.calls), input: row.input as bigint, cachedInput: row.cachedInput as bigint },
      ...{ cacheWrite: row.cacheWrite as bigint, output: row.output as bigint, reasoning: row.reasoning as bigint },
      costNanoUsd: row.cost as bigint,
    })),
  }
}
