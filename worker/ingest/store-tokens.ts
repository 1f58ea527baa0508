import type { Row as ResultRow } from '@libsql/client/web'
import { type SQL, sql } from 'drizzle-orm'
import { type ExactUsd, exactOfText, exactText, toNanoUsd } from '../../db/units/money.ts'
import { dayOf } from '../../db/units/time.ts'
import { jsonText } from '../json-text.ts'
import { type Refused, refuse, type TokenDraft } from './importers/importer.ts'

/** For whom and how a chunk is stored. `teamRows`: the sender's teams as a JSON list of row numbers; null: all. */
export type TokenStoring = { importRow: bigint; teamRows: string | null; isDryRun: boolean }

/** Columns that say something about a call, as they are compared and replaced. */
const FACTS = [
  ...[
    'day',
    'started_at_ms',
    'ended_at_ms',
    'provider',
    'model',
    'team_id',
    'project',
    'user_name',
    'key_name',
    'status',
  ],
  ...[
    'request_count',
    'input_tokens',
    'cached_input_tokens',
    'cache_write_tokens',
    'output_tokens',
    'reasoning_tokens',
  ],
  ...['cost_nano_usd', 'cost_grade', 'latency_ms', 'time_to_first_token_ms'],
]
const FACT_LIST = sql.raw(FACTS.join(', '))
const SAME = sql.raw(FACTS.map((name) => `u.${name} is r.${name}`).join(' and '))
const REPLACED = sql.raw(FACTS.map((name) => `${name} = excluded.${name}`).join(', '))
const UNTOUCHED = sql.raw(FACTS.map((name) => `token_usage.${name} is excluded.${name}`).join(' and '))

/**
 * The statements that store a chunk of metered calls, each known by its source and record id, in the chunk's transaction:
 * what is not to be stored is quarantined (`quarantinedIn` reads the first result), the rest is counted and, unless it is a
 * dry run, stored. A team is looked up by the project's name among those that exist, and none is made: a bill of tokens
 * names anything. Who sees only some teams may send rows of these; the others are quarantined, as are rows that another
 * team's row stands for. A record that this import has stored before is quarantined as repeated.
 *
 * @param drafts no two with the same record id, see `firstOfEach`
 */
export function storeTokens({ importRow, teamRows, isDryRun }: TokenStoring, drafts: readonly TokenDraft[]): SQL[] {
  const json = jsonText(drafts.map(rowOf))
  const rows = chunkRows(importRow, json, NAMES)
  const named = chunkRows(importRow, json, ['line', 'record_id', 'cost', 'project'])
  const own = sql`(select value from json_each(${teamRows ?? '[]'}))`
  const isOther = teamRows === null ? sql`0` : sql`(r.team_id is null or r.team_id not in ${own})`
  const isTaken =
    teamRows === null ? sql`0` : sql`(u.id is not null and (u.team_id is null or u.team_id not in ${own}))`
  const isRepeated = sql`(u.id is not null and u.seen_by = ${importRow})`
  const refused = sql`(${isOther} or ${isTaken} or ${isRepeated})`
  const known = sql`left join token_usage u on u.source = r.source and u.record_id = r.record_id`
  return [
    sql`insert into quarantined_rows (import_id, line, column_name, code, message, cost_usd, effective_cost_usd)
      select ${importRow}, r.line, null, iif(${isOther} or ${isTaken}, 'ingest.other_team', 'ingest.repeated'),
        case when ${isOther} then '"' || replace(replace(substr(r.project, 1, 60), char(10), ' '), char(13), ' ')
            || '" is not one of your teams'
          when ${isTaken} then 'a call with this id belongs to another team'
          else 'the file has this call in an earlier line' end,
        r.cost, r.cost
      from ${named} ${known} where ${refused} returning cost_usd`,
    sql`update imports set (inserted, updated, unchanged) = (
        select imports.inserted + count(*) - count(u.id), imports.updated + count(u.id),
          imports.unchanged + coalesce(sum(iif(u.id is not null and ${SAME}, 1, 0)), 0)
        from ${rows} ${known} where not ${refused})
      where id = ${importRow}`,
    ...(isDryRun
      ? []
      : [
          sql`insert into token_usage (source, record_id, ${FACT_LIST}, created_by, changed_by, seen_by)
            select r.source, r.record_id, ${sql.raw(FACTS.map((name) => `r.${name}`).join(', '))},
              ${importRow}, ${importRow}, ${importRow}
            from ${rows} ${known} where not ${refused} order by r.n
            on conflict do update set ${REPLACED}, seen_by = excluded.seen_by,
              changed_by = iif(${UNTOUCHED}, token_usage.changed_by, excluded.changed_by)`,
        ]),
  ]
}

/** In what order a draft stands in the JSON of its chunk. */
const NAMES = ['line', 'record_id', 'cost', ...FACTS.filter((name) => name !== 'team_id')]

/** Some columns of a chunk as a table `r`, with the import's source and the team that a project's name stands for. */
function chunkRows(importRow: bigint, json: string, columns: readonly string[]): SQL {
  const said = columns.map((name) => {
    const value = `value ->> ${NAMES.indexOf(name)}`
    return name === 'cost_nano_usd' ? `cast(${value} as integer) as ${name}` : `${value} as ${name}`
  })
  return sql`(select c.*, i.source, t.id as team_id from (select key as n, ${sql.raw(said.join(', '))}
      from json_each(${json}) limit -1) c join imports i on i.id = ${importRow}
    left join teams t on t.name = c.project collate nocase and c.project <> '') r`
}

/** In the order of `NAMES`. Money goes as text: a JSON number would be a float on the way. */
function rowOf(d: TokenDraft): unknown[] {
  return [
    ...[d.line, d.recordId, d.cost && exactText(d.cost), dayOf(d.startedAtMs), d.startedAtMs, d.endedAtMs, d.provider],
    ...[d.model, d.project, d.userName, d.keyName, d.status, d.requestCount, d.inputTokens, d.cachedInputTokens],
    ...[d.cacheWriteTokens, d.outputTokens, d.reasoningTokens, d.cost && String(toNanoUsd(d.cost)), d.costGrade],
    ...[d.latencyMs, d.timeToFirstTokenMs],
  ]
}

/** The chunk without second rows of a record, and these as refusals: no statement could tell which was the first. */
export function firstOfEach(drafts: readonly TokenDraft[]): { firsts: TokenDraft[]; repeated: Refused[] } {
  const seen = new Set<string>()
  const firsts: TokenDraft[] = []
  const repeated: Refused[] = []
  for (const draft of drafts) {
    if (!seen.has(draft.recordId)) firsts.push(draft)
    else {
      const refusal = refuse(draft.line, null, 'repeated', 'the file has this call in an earlier line')
      repeated.push({ ...refusal, billed: draft.cost, effective: draft.cost })
    }
    seen.add(draft.recordId)
  }
  return { firsts, repeated }
}

/** How many rows the first statement of `storeTokens` has quarantined, and the cost of each that has one. */
export function quarantinedIn(rows: readonly ResultRow[]): { count: number; costs: ExactUsd[] } {
  const costs = rows.flatMap(({ cost_usd }) => (typeof cost_usd === 'string' ? [exactOfText(cost_usd)] : []))
  return { count: rows.length, costs }
}

/**
 * Takes away the calls whose facts are this import's, up to `mostRows` of them: until fewer go, there are more. What a later
 * import has brought again or changed stays. Facts that this import replaced are gone; sending the older file again
 * brings them back.
 */
export function removeTokensOf(importRow: bigint, mostRows = 20_000): SQL[] {
  return [
    sql`delete from token_usage where id in (
      select u.id from imports i join token_usage u on u.source = i.source
      where i.id = ${importRow} and u.changed_by = ${importRow} and u.seen_by = ${importRow}
      limit ${BigInt(mostRows)})`,
  ]
}
