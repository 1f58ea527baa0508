import { and, asc, count, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { alertRuleChannels, alertRules } from '../../db/schema/alerts.ts'
import { channels } from '../../db/schema/channels.ts'
import { teams } from '../../db/schema/teams.ts'
import type { AlertRuleId } from '../../db/units/ids.ts'
import { SEVERITIES } from '../../db/units/insight.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { mayI, visibleTeamRows, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { versionOf } from '../versions.ts'
import type { Params } from './rule-params.ts'

/** What somebody wants to be told of. */
export const AlertRule = z.object({
  id: AnsweredId('arule'),
  name: z.string(),
  kind: z.string().meta({ examples: ['spend'] }),
  teamId: AnsweredId('team').nullable().describe('Null: the whole company’s'),
  teamName: z.string().nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  severity: z.enum(SEVERITIES),
  forMinutes: z.number().int(),
  repeatMinutes: z.number().int().describe('0: told once'),
  isEnabled: z.boolean(),
  channels: z
    .array(z.object({ id: AnsweredId('chan'), name: z.string(), kind: z.string() }))
    .describe('Those that you may see'),
  createdAtMs: Instant,
  lastLookedAtMs: Instant.nullable().describe('When it last knew; null: never yet'),
  lastError: z.string().describe('Why it does not know; its alerts stay as they are. Empty: it knows'),
  firingCount: z.number().int().describe('Alerts of it that fire now'),
  version: Version,
})
export type AlertRule = z.output<typeof AlertRule>

export type RuleRow = typeof alertRules.$inferSelect
/** What can read: the database, or a transaction. */
export type Reader = Pick<Db, 'select'>

/** A team's rules are its people's to see; the company's are for who sees the whole company. */
export function visibleRules(scope: Pick<Scope, 'actor'>): SQL | undefined {
  return ofVisibleTeams(scope, alertRules.teamId)
}

/** The stored rule, if the actor may see it. @throws HelioxError not_found `alerts.no_rule` */
export async function readRule(reader: Reader, scope: Pick<Scope, 'actor'>, id: AlertRuleId): Promise<RuleRow> {
  const [row] = await reader
    .select()
    .from(alertRules)
    .where(and(eq(alertRules.id, id), visibleRules(scope)))
  if (!row) throw new HelioxError('not_found', 'alerts.no_rule', `There is no rule ${id}`)
  return row
}

/** What people decide of a rule: its version is of this, as looks change the rest. */
export function decidedOf(row: RuleRow, channelIds: readonly string[]) {
  const { id, name, kind, teamId, params, severity, forMinutes, repeatMinutes, isEnabled, createdAtMs } = row
  return {
    ...{ id, name, kind, teamId, params: JSON.parse(params) as Params, severity, forMinutes, repeatMinutes },
    ...{ isEnabled, createdAtMs, channelIds: [...channelIds].sort() },
  }
}

/** Channels of a rule, those hidden from the actor with them. */
export async function channelsOf(reader: Reader, id: AlertRuleId): Promise<(typeof channels.$inferSelect)[]> {
  const rows = await reader
    .select({ channel: channels })
    .from(alertRuleChannels)
    .innerJoin(channels, eq(channels.id, alertRuleChannels.channelId))
    .where(eq(alertRuleChannels.ruleId, id))
    .orderBy(asc(channels.id))
  return rows.map(({ channel }) => channel)
}

/** Whether the actor may know of a channel. */
export function seesChannel(scope: Pick<Scope, 'actor'>, { teamId }: { teamId: string | null }): boolean {
  const own = visibleTeams(scope)
  return mayI(scope, 'channels:read') && (own === null || own.some((id) => id === teamId))
}

/** Rules that `where` describes and the actor sees, the company's first, then by name. */
export async function selectRules(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  where?: SQL,
  page?: { skip: number; limit: number },
): Promise<AlertRule[]> {
  const query = reader
    .select({ rule: alertRules, teamName: teams.name })
    .from(alertRules)
    .leftJoin(teams, eq(teams.id, alertRules.teamId))
    .where(and(visibleRules(scope), where))
    .orderBy(sql`${alertRules.teamId} is not null`, sql`lower(${alertRules.name})`, asc(alertRules.id))
    .$dynamic()
  const rows = await (page ? query.limit(page.limit).offset(page.skip) : query)
  const ids = rows.map(({ rule }) => rule.id)
  if (ids.length === 0) return []
  const told = await reader
    .select({ ruleId: alertRuleChannels.ruleId, channel: channels })
    .from(alertRuleChannels)
    .innerJoin(channels, eq(channels.id, alertRuleChannels.channelId))
    .where(inArray(alertRuleChannels.ruleId, ids))
    .orderBy(asc(channels.id))
  const firing = await firingOf(reader, ids)
  return rows.map(({ rule, teamName }) => {
    const own = told.filter(({ ruleId }) => ruleId === rule.id).map(({ channel }) => channel)
    const decided = decidedOf(
      rule,
      own.map(({ id }) => id),
    )
    const { channelIds, ...facts } = decided
    return {
      ...facts,
      teamName,
      channels: own.filter((one) => seesChannel(scope, one)).map(({ id, name, kind }) => ({ id, name, kind })),
      lastLookedAtMs: rule.lastLookedAtMs,
      lastError: rule.lastError,
      firingCount: firing.get(rule.id) ?? 0,
      version: versionOf(decided),
    }
  })
}

/** Along the index of open alerts: those that fire, without the ones that somebody has closed by hand. */
async function firingOf(reader: Reader, ids: readonly AlertRuleId[]): Promise<Map<AlertRuleId, number>> {
  const rows = await reader
    .select({
      id: alertRules.id,
      firing: sql<bigint>`(
      select count(*) from alerts a where a.rule_id = alert_rules.id and a.status <> 'resolved'
        and a.status = 'firing' and a.resolved_at_ms is null)`,
    })
    .from(alertRules)
    .where(inArray(alertRules.id, [...ids]))
  return new Map(rows.map(({ id, firing }) => [id, Number(firing)]))
}

export async function countRules(reader: Reader, scope: Pick<Scope, 'actor'>): Promise<number> {
  const [all] = await reader
    .select({ total: count().mapWith(Number) })
    .from(alertRules)
    .where(visibleRules(scope))
  return all?.total ?? 0
}

/** Whose alerts and silences the actor sees: by a column of a team, or through the rule that they are of. */
export function ofVisible(scope: Pick<Scope, 'actor'>, teamColumn: SQL, ruleColumn: SQL): SQL | undefined {
  const rows = visibleTeamRows(scope)
  if (rows === null) return undefined
  const own = sql`(select value from json_each(${rows}))`
  return or(
    sql`${teamColumn} in ${own}`,
    sql`${ruleColumn} in (select id from alert_rules where team_id in ${own})`,
  ) as SQL
}
