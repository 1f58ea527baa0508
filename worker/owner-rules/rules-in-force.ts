import { type SQL, sql } from 'drizzle-orm'
import type { OwnerRuleField } from '../../db/schema/owner-rules.ts'
import { idText, rowOf, type TeamId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { type OwnerOf, readOwner, requireTeams, teamNames } from './owner.ts'
import { isOfJobs, type Reader, readRules } from './owner-rule.ts'
import { MOST_TEAMS } from './rule-input.ts'

/** A rule as it was applied: what it says, and what SQL matches with. */
export type AppliedRule = {
  id: string
  priority: number
  field: OwnerRuleField
  tagKey: string
  pattern: string
  /** JSON of `OwnerOf`; a split over all teams names those that there were. */
  owner: string
  note: string
  /** The pattern as LIKE has it, escaped by a backslash. */
  like: string
  /** Where a tag's value stands in `tags`; '' for other fields. */
  path: string
  /** Of a job's rule, the row of its team; null otherwise. */
  team: number | null
}

/** The rules in force: those that were applied last; null: none ever were. */
export type InForce = { id: number; rules: AppliedRule[]; isDone: boolean }

export async function readInForce(reader: Reader): Promise<InForce | null> {
  const [row] = await reader.all<{ id: bigint; rules: string; isDone: bigint }>(
    sql`select id, rules, is_done as isDone from owner_rule_sets order by id desc limit 1`,
  )
  return row ? { id: Number(row.id), rules: JSON.parse(row.rules) as AppliedRule[], isDone: row.isDone === 1n } : null
}

/**
 * The list as it would be applied now.
 *
 * @throws HelioxError not_found `owner_rules.no_team`; invalid `owner_rules.too_many_teams`
 */
export async function rulesToApply(reader: Reader): Promise<AppliedRule[]> {
  const names = await teamNames(reader)
  const rules = await readRules(reader)
  return rules.map(({ id, priority, field, tagKey, pattern, owner, note }) => {
    requireTeams(owner, names)
    const frozen =
      'split' in owner && owner.split === 'even' && !owner.teams ? allTeams(owner, [...names.keys()]) : owner
    return {
      ...{ id, priority, field, tagKey, pattern, owner: JSON.stringify(frozen), note, like: likeOf(pattern) },
      path: field === 'tag' ? `$."${tagKey}"` : '',
      team: isOfJobs(field) && 'team' in frozen ? rowOf('team', frozen.team) : null,
    }
  })
}

/** Said once and for all: a team that comes later changes nothing of what was applied. */
function allTeams(owner: OwnerOf, teams: TeamId[]): OwnerOf {
  if (teams.length <= MOST_TEAMS) return { ...owner, split: 'even', teams }
  const message = `There are ${teams.length} teams: an even split names at most ${MOST_TEAMS} of them`
  throw new HelioxError('invalid', 'owner_rules.too_many_teams', message)
}

/** Whether two lists decide alike: notes and the gaps between priorities do not matter. */
export function decideAlike(one: readonly AppliedRule[], other: readonly AppliedRule[]): boolean {
  const said = (rules: readonly AppliedRule[]) =>
    JSON.stringify(rules.map(({ field, tagKey, pattern, owner }) => [field, tagKey, pattern, owner]))
  return said(one) === said(other)
}

/** The owner that an applied rule gives to. */
export function ownerOfApplied({ owner }: AppliedRule): OwnerOf {
  return readOwner(owner)
}

/** The id of a set, as answers say it. */
export function setId(row: number | bigint) {
  return idText('set', row)
}

/** `*` is any text; what LIKE takes for more than itself is escaped. */
function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, '\\$&').replace(/\*+/g, '%')
}

/** The rules in force as SQL: JSON text, no row without any. In one place, so that all who store ask in their transaction. */
const RULES_IN_FORCE = sql.raw('select rules from owner_rule_sets order by id desc limit 1')

/** The rules on jobs as rows place, field, pattern, team_id (null: that team is gone). `rules`: others than those in force. */
export function jobBook(rules: string | null = null): SQL {
  return sql`select r.key as place, r.value ->> 'field' as field, r.value ->> 'like' as pattern, t.id as team_id
    from (${rules === null ? RULES_IN_FORCE : sql`select ${rules} as rules`}) s cross join json_each(s.rules) r
      left join teams t on t.id = r.value ->> 'team'
    where r.value ->> 'field' in ('user', 'job_name')`
}

/** The team of the first rule of `book` (`jobBook`) that matches; null: none does, or its team is gone. */
export function ruledTeam(userName: string, jobName: string): SQL {
  return sql.raw(`(select b.team_id from book b
    where iif(b.field = 'user', ${userName}, ${jobName}) like b.pattern escape '\\' order by b.place limit 1)`)
}

/** The rules on bill lines as rows place, field, path, pattern, owner. */
export function billBook(rules: string | null = null): SQL {
  return sql`select r.key as place, r.value ->> 'field' as field, r.value ->> 'path' as path,
      r.value ->> 'like' as pattern, r.value ->> 'owner' as owner
    from (${rules === null ? RULES_IN_FORCE : sql`select ${rules} as rules`}) s cross join json_each(s.rules) r
    where r.value ->> 'field' not in ('user', 'job_name')`
}

/** Columns that hold a charge's texts. */
export type ChargeColumns = Record<'billingAccount' | 'account' | 'region' | 'service' | 'tags', string>

/** The owner by the first rule of `book` (`billBook`) that matches; '': none does. */
export function ruledOwner({ billingAccount, account, region, service, tags }: ChargeColumns): SQL {
  return sql.raw(`coalesce((select b.owner from book b where case b.field
      when 'account' then iif(${account} = '', ${billingAccount}, ${account}) when 'service' then ${service}
      when 'region' then ${region} else iif(json_valid(${tags}), json_extract(${tags}, b.path), null) end
      like b.pattern escape '\\' order by b.place limit 1), '')`)
}

/** The columns of a dimension `d`. */
export const DIMENSION_COLUMNS: ChargeColumns = {
  ...{ billingAccount: 'd.billing_account', account: 'd.account', region: 'd.region', service: 'd.service' },
  tags: 'd.tags',
}

/** The set in force, as a number; 0 before any was applied. */
export const SET_IN_FORCE = sql.raw('(select coalesce(max(id), 0) from owner_rule_sets)')
