import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { alertRuleChannels, alertSilences, alerts } from '../../db/schema/alerts.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { RuleRow } from './alert-rule.ts'
import type { Finding } from './kinds/kind.ts'
import { nextStep, type Open, type Step, type Told } from './next-step.ts'

export type AlertRow = typeof alerts.$inferSelect
/** What is kept of a finding: its group and team are columns. */
export type Kept = Pick<Finding, 'title' | 'text' | 'href' | 'facts'> & { told?: Told }

/** One alert at one look: its row before (null: it is new), what was found, and what becomes of it. */
export type Reconciled = { row: AlertRow | null; finding: Finding | null; kept: Kept; step: Step }

type Reader = Pick<Db, 'select'>

/** What a rule's open alerts and what was found now come to. Reads the open ones and the silences of now, nothing else. */
export async function reconcile(
  reader: Reader,
  rule: RuleRow,
  found: readonly Finding[],
  nowMs: EpochMs,
): Promise<Reconciled[]> {
  const open = await openAlerts(reader, rule)
  const silences = await silencesNow(reader, nowMs)
  const [channel] = await reader
    .select({ id: alertRuleChannels.channelId })
    .from(alertRuleChannels)
    .where(eq(alertRuleChannels.ruleId, rule.id))
    .limit(1)
  const timing = { ...rule, hasChannels: channel !== undefined }
  const findings = new Map(found.toReversed().map((one) => [one.groupKey, one])) // of a group the first counts
  const rows = new Map(open.map((row) => [row.groupKey, row]))
  const groups = new Set([...rows.keys(), ...found.map(({ groupKey }) => groupKey)])
  return [...groups].map((groupKey): Reconciled => {
    const [row, finding] = [rows.get(groupKey) ?? null, findings.get(groupKey) ?? null]
    const teamId = finding ? finding.teamId : (row?.teamId ?? null)
    const isSilenced = silences.some((one) => covers(one, { ruleId: rule.id, groupKey, teamId }))
    const step = nextStep(row && openOf(row), finding, timing, isSilenced, nowMs)
    return { row, finding, kept: finding ?? keptOf(row), step }
  })
}

/** By the index of open alerts, which holds no resolved one. */
export async function openAlerts(reader: Reader, { id }: Pick<RuleRow, 'id'>): Promise<AlertRow[]> {
  return reader
    .select()
    .from(alerts)
    .where(and(eq(alerts.ruleId, id), sql`${alerts.status} <> 'resolved'`))
    .orderBy(alerts.id)
}

export type Silence = typeof alertSilences.$inferSelect

/** Silences that are on at an instant. */
export async function silencesNow(reader: Reader, nowMs: EpochMs): Promise<Silence[]> {
  return reader
    .select()
    .from(alertSilences)
    .where(sql`${alertSilences.endsAtMs} > ${BigInt(nowMs)} and ${alertSilences.startsAtMs} <= ${BigInt(nowMs)}`)
}

/** Whether a silence is over an alert: what it does not name is any. */
export function covers(silence: Silence, alert: Pick<AlertRow, 'ruleId' | 'groupKey' | 'teamId'>): boolean {
  return (
    (silence.ruleId === null || silence.ruleId === alert.ruleId) &&
    (silence.groupKey === null || silence.groupKey === alert.groupKey) &&
    (silence.teamId === null || silence.teamId === alert.teamId)
  )
}

export function keptOf(row: Pick<AlertRow, 'finding'> | null): Kept {
  return row ? (JSON.parse(row.finding) as Kept) : { title: '', text: '', href: '/alerts', facts: [] }
}

export function openOf(row: AlertRow): Open {
  const { groupKey, teamId, startedAtMs, firedAtMs, toldAtMs, acknowledgedAtMs, resolvedAtMs } = row
  const told = keptOf(row).told ?? { incident: null, rounds: 0 }
  const status = row.status === 'pending' ? 'pending' : 'firing'
  return { status, groupKey, teamId, startedAtMs, firedAtMs, toldAtMs, acknowledgedAtMs, resolvedAtMs, told }
}
