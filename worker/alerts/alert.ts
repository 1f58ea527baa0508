import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { alertEvents, alertRules, alerts } from '../../db/schema/alerts.ts'
import { teams } from '../../db/schema/teams.ts'
import type { AlertId } from '../../db/units/ids.ts'
import { ALERT_EVENTS, ALERT_STATUSES, SEVERITIES } from '../../db/units/insight.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { ofVisible } from './alert-rule.ts'
import { covers, keptOf, type Silence, silencesNow } from './reconcile.ts'

const Fact = z.object({ name: z.string(), value: z.string() })

/** A time in which a rule's condition held for one group. */
export const Alert = z.object({
  id: AnsweredId('alert'),
  ruleId: AnsweredId('arule'),
  ruleName: z.string(),
  kind: z.string().meta({ examples: ['spend'] }),
  groupKey: z.string().describe('What it is about, where a rule may find several; empty for the only one'),
  teamId: AnsweredId('team').nullable().describe('Whose it is; null: the whole company’s'),
  teamName: z.string().nullable(),
  status: z
    .enum(ALERT_STATUSES)
    .describe(
      'pending: it has not held for long enough. One that somebody closed is resolved, though it may still hold',
    ),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  text: z.string(),
  facts: z.array(Fact).describe('As of the last look'),
  href: z.string().describe('Where to look: path and query of the page'),
  startedAtMs: Instant.describe('The first look that found it'),
  firedAtMs: Instant.nullable(),
  toldAtMs: Instant.nullable().describe('When it was last told; null: never, as in a silence'),
  acknowledgedAtMs: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAtMs: Instant.nullable(),
  silenceEndsAtMs: Instant.nullable().describe('The end of the silence that is over it now'),
})
export type Alert = z.output<typeof Alert>

/** An alert with its history. */
export const AlertAlone = Alert.extend({
  events: z
    .array(
      z.object({
        id: AnsweredId('aevt'),
        event: z.enum(ALERT_EVENTS),
        note: z.string(),
        by: z.string(),
        happenedAtMs: Instant,
      }),
    )
    .describe('The latest 200, oldest first'),
})
export type AlertAlone = z.output<typeof AlertAlone>

const MOST_EVENTS = 200

export type Reader = Pick<Db, 'select'>

/** An alert is seen by its own team's people, and by those of its rule's team. */
export function visibleAlerts(scope: Pick<Scope, 'actor'>): SQL | undefined {
  return ofVisible(scope, sql`${alerts.teamId}`, sql`${alerts.ruleId}`)
}

/** The visible alerts that `where` describes, the newest first. */
export async function selectAlerts(
  reader: Reader,
  scope: Pick<Scope, 'actor' | 'now'>,
  where?: SQL,
  page?: { skip: number; limit: number },
): Promise<Alert[]> {
  const query = reader
    .select({ alert: alerts, ruleName: alertRules.name, kind: alertRules.kind, teamName: teams.name })
    .from(alerts)
    .innerJoin(alertRules, eq(alertRules.id, alerts.ruleId))
    .leftJoin(teams, eq(teams.id, alerts.teamId))
    .where(and(visibleAlerts(scope), where))
    .orderBy(desc(alerts.startedAtMs), desc(alerts.id))
    .$dynamic()
  const rows = await (page ? query.limit(page.limit).offset(page.skip) : query)
  const silences = rows.length === 0 ? [] : await silencesNow(reader, scope.now())
  return rows.map(({ alert, ...more }) => ({ ...answerOf(alert, silences), ...more }))
}

export async function countAlerts(reader: Reader, scope: Pick<Scope, 'actor'>, where?: SQL): Promise<number> {
  const [all] = await reader
    .select({ total: count().mapWith(Number) })
    .from(alerts)
    .where(and(visibleAlerts(scope), where))
  return all?.total ?? 0
}

/** @throws HelioxError not_found `alerts.no_alert`, for another team's as for one that never was */
export async function readAlert(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  id: AlertId,
): Promise<typeof alerts.$inferSelect> {
  const [row] = await reader
    .select()
    .from(alerts)
    .where(and(eq(alerts.id, id), visibleAlerts(scope)))
  if (!row) throw noAlert(id)
  return row
}

/** One alert and its history. @throws HelioxError not_found `alerts.no_alert` */
export async function alertAlone(
  reader: Reader,
  scope: Pick<Scope, 'actor' | 'now'>,
  id: AlertId,
): Promise<AlertAlone> {
  const [alert] = await selectAlerts(reader, scope, eq(alerts.id, id))
  if (!alert) throw noAlert(id)
  const events = await reader
    .select()
    .from(alertEvents)
    .where(eq(alertEvents.alertId, id))
    .orderBy(desc(alertEvents.id))
    .limit(MOST_EVENTS)
  return {
    ...alert,
    events: events.toReversed().map(({ id: event, event: what, note, byLabel, atMs }) => ({
      ...{ id: event, event: what, note, by: byLabel, happenedAtMs: atMs },
    })),
  }
}

function noAlert(id: string): HelioxError {
  return new HelioxError('not_found', 'alerts.no_alert', `There is no alert ${id}`)
}

function answerOf(row: typeof alerts.$inferSelect, silences: readonly Silence[]) {
  const { id, ruleId, groupKey, teamId, severity, startedAtMs, firedAtMs, toldAtMs } = row
  const { title, text, facts, href } = keptOf(row)
  const over = silences.filter((one) => covers(one, row)).map(({ endsAtMs }) => endsAtMs)
  const isOpen = row.resolvedAtMs === null
  return {
    ...{ id, ruleId, groupKey, teamId, severity, title, text, facts: [...facts], href },
    status: isOpen ? row.status : ('resolved' as const),
    ...{ startedAtMs, firedAtMs, toldAtMs },
    ...{ acknowledgedAtMs: row.acknowledgedAtMs, acknowledgedBy: row.acknowledgedBy, resolvedAtMs: row.resolvedAtMs },
    silenceEndsAtMs: isOpen && over.length > 0 ? (Math.max(...over) as EpochMs) : null,
  }
}
