import { and, count, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { alertRules, alertSilences, alerts } from '../../db/schema/alerts.ts'
import { teams } from '../../db/schema/teams.ts'
import type { AlertRuleId, Id, TeamId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant, PageOf, pageOf } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow, requireTeam, requireWholeCompany, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readTeam } from '../teams/team.ts'
import { type Reader, readAlert } from './alert.ts'
import type { NewSilence, SilencesAsked } from './alert-input.ts'
import { ofVisible, readRule } from './alert-rule.ts'
import { covers } from './reconcile.ts'
import { noteEvents } from './store-steps.ts'

/** A time in which nothing new is said of alerts; what is null stands for all. */
export const AlertSilence = z.object({
  id: AnsweredId('asil'),
  ruleId: AnsweredId('arule').nullable(),
  ruleName: z.string().nullable(),
  groupKey: z.string().nullable(),
  teamId: AnsweredId('team').nullable(),
  teamName: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  startsAtMs: Instant,
  endsAtMs: Instant,
})
export type AlertSilence = z.output<typeof AlertSilence>
export const AlertSilencePage = PageOf('silences', AlertSilence)

/** Silences that have not ended, those that end last first. */
export async function listSilences(
  scope: Scope,
  page: z.output<typeof SilencesAsked>,
): Promise<z.output<typeof AlertSilencePage>> {
  allow(scope, 'alerts:read')
  const where = and(visibleSilences(scope), sql`${alertSilences.endsAtMs} > ${BigInt(scope.now())}`)
  const found = await selectSilences(scope.db, where).limit(page.limit).offset(page.skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(alertSilences)
    .where(where)
  return pageOf('silences', found.map(answerOf), all?.total ?? 0, page, visibleTeams(scope) !== null)
}

/**
 * Silences an alert's rule and group, or a rule, a team, a rule for a team, or everything, for so long. What was told before
 * is still told as over.
 *
 * @throws HelioxError not_found `alerts.no_alert`, `alerts.no_rule`, `teams.no_team`
 * @throws HelioxError forbidden `auth.other_team`; `auth.whole_company` for everything
 */
export async function createSilence(scope: Scope, input: z.output<typeof NewSilence>): Promise<AlertSilence> {
  allow(scope, 'alerts:write')
  const startsAtMs = input.startsAt ?? scope.now()
  const endsAtMs = (startsAtMs + input.minutes * 60_000) as EpochMs
  return writeTransaction(scope.db, async (tx) => {
    const target = await targetOf(tx, scope, input)
    const row = { ...target, reason: input.reason, byLabel: scope.actor.label, startsAtMs, endsAtMs }
    const [made] = await tx.insert(alertSilences).values(row).returning()
    if (!made) throw new Error('no silence was stored')
    const open = await tx.select().from(alerts).where(sql`${alerts.status} <> 'resolved'`)
    const over = open.filter((one) => one.resolvedAtMs === null && covers(made, one))
    const events = over.map(({ id }) => ({ id, event: 'silenced' as const }))
    const words = [input.reason, `until ${new Date(endsAtMs).toISOString()}`].filter(Boolean).join(', ')
    await noteEvents(tx, events, { label: scope.actor.label, note: words, atMs: scope.now() })
    const [found] = await selectSilences(tx, eq(alertSilences.id, made.id))
    if (!found) throw new Error('no silence was stored')
    const after = answerOf(found)
    await note(tx, scope, {
      action: 'alerts.silence',
      targetId: made.id,
      target: targetWords(after),
      before: null,
      after,
    })
    return after
  })
}

/** Ends a silence at once. @throws HelioxError not_found `alerts.no_silence` */
export async function removeSilence(scope: Scope, { id }: { id: Id<'asil'> }): Promise<void> {
  allow(scope, 'alerts:write')
  await writeTransaction(scope.db, async (tx) => {
    const [found] = await selectSilences(tx, and(visibleSilences(scope), eq(alertSilences.id, id)))
    if (!found) throw new HelioxError('not_found', 'alerts.no_silence', `There is no silence ${id}`)
    const before = answerOf(found)
    await tx.delete(alertSilences).where(eq(alertSilences.id, id))
    await note(tx, scope, {
      action: 'alerts.unsilence',
      targetId: id,
      target: targetWords(before),
      before,
      after: null,
    })
  })
}

type Target = { ruleId: AlertRuleId | null; groupKey: string | null; teamId: TeamId | null }

async function targetOf(
  tx: Tx,
  scope: Scope,
  { alertId, ruleId, teamId }: z.output<typeof NewSilence>,
): Promise<Target> {
  if (alertId) {
    const alert = await readAlert(tx, scope, alertId)
    return { ruleId: alert.ruleId, groupKey: alert.groupKey, teamId: alert.teamId }
  }
  if (ruleId) await readRule(tx, scope, ruleId)
  if (teamId) {
    requireTeam(scope, teamId)
    await readTeam(tx, scope, teamId)
  }
  if (!ruleId && !teamId) requireWholeCompany(scope, 'Silence over everything')
  return { ruleId: ruleId ?? null, groupKey: null, teamId: teamId ?? null }
}

function visibleSilences(scope: Pick<Scope, 'actor'>) {
  return ofVisible(scope, sql`${alertSilences.teamId}`, sql`${alertSilences.ruleId}`)
}

function selectSilences(reader: Reader, where: ReturnType<typeof and>) {
  return reader
    .select({ silence: alertSilences, ruleName: alertRules.name, teamName: teams.name })
    .from(alertSilences)
    .leftJoin(alertRules, eq(alertRules.id, alertSilences.ruleId))
    .leftJoin(teams, eq(teams.id, alertSilences.teamId))
    .where(where)
    .orderBy(desc(alertSilences.endsAtMs), desc(alertSilences.id))
}

type Found = { silence: typeof alertSilences.$inferSelect; ruleName: string | null; teamName: string | null }

function answerOf({ silence, ruleName, teamName }: Found): AlertSilence {
  const { byLabel, ...facts } = silence
  return { ...facts, ruleName, teamName, by: byLabel }
}

function targetWords({ ruleName, teamName }: AlertSilence): string {
  return [ruleName ?? 'every rule', teamName ?? ''].filter(Boolean).join(', ')
}
