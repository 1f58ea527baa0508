import type { TeamId } from '../../db/units/ids.ts'
import type { AlertEvent } from '../../db/units/insight.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Finding } from './kinds/kind.ts'

/** What is kept with an alert beside what was found: which incident it was told under, and how often it was told. */
export type Told = { incident: string | null; rounds: number }

/** An open alert: pending, firing, or closed by hand while its condition still holds. */
export type Open = {
  status: 'pending' | 'firing'
  groupKey: string
  teamId: TeamId | null
  startedAtMs: EpochMs
  firedAtMs: EpochMs | null
  toldAtMs: EpochMs | null
  acknowledgedAtMs: EpochMs | null
  /** By hand: it is over for people, and does not come back before its condition has ended. */
  resolvedAtMs: EpochMs | null
  told: Told
}

/** What of a rule decides when something is said. */
export type Timing = { forMinutes: number; repeatMinutes: number; hasChannels: boolean }

/** What becomes of an alert at a look: how it stands afterwards (null: forgotten), its history, and what is told. */
export type Step = {
  after: (Omit<Open, 'status'> & { status: 'pending' | 'firing' | 'resolved' }) | null
  events: readonly AlertEvent[]
  say: 'fired' | 'again' | 'resolved' | null
}

const MINUTE_MS = 60_000

/**
 * The life of an alert, one look on. `before` null: there was none. `finding` null: the condition does not hold now.
 *
 * - pending until it has held for `forMinutes`; one that ends before was nothing
 * - told once when it fires, or as soon as no silence is over it any more; not if somebody has acknowledged it by then
 * - told again `repeatMinutes` after it was last told, unless silenced or acknowledged
 * - resolved at the first look that does not find it, which is told if it was told before, in a silence too: who was told
 *   that something is wrong hears that it is over, and an incident elsewhere is closed
 * - closed by hand it stays closed while its condition holds
 */
export function nextStep(
  before: Open | null,
  finding: Pick<Finding, 'groupKey' | 'teamId'> | null,
  { forMinutes, repeatMinutes, hasChannels }: Timing,
  isSilenced: boolean,
  nowMs: EpochMs,
): Step {
  if (!finding) return before ? ended(before, nowMs) : { after: null, events: [], say: null }
  const alert = before ? { ...before, teamId: finding.teamId } : begun(finding, nowMs)
  const events: AlertEvent[] = before || forMinutes === 0 ? [] : ['pending']
  if (alert.resolvedAtMs !== null) return { after: alert, events, say: null }
  if (alert.status === 'pending') {
    if (nowMs - alert.startedAtMs < forMinutes * MINUTE_MS) return { after: alert, events, say: null }
    alert.status = 'firing'
    alert.firedAtMs = nowMs
    events.push('fired')
  }
  const mayTell = !isSilenced && alert.acknowledgedAtMs === null
  const say = !mayTell
    ? null
    : alert.toldAtMs === null
      ? 'fired'
      : hasChannels && repeatMinutes > 0 && nowMs - alert.toldAtMs >= repeatMinutes * MINUTE_MS
        ? 'again'
        : null
  if (say === null) return { after: alert, events, say }
  if (say === 'again') events.push('repeated')
  const told = { ...alert.told, rounds: alert.told.rounds + 1 }
  return { after: { ...alert, toldAtMs: nowMs, told }, events, say }
}

function begun({ groupKey, teamId }: Pick<Finding, 'groupKey' | 'teamId'>, nowMs: EpochMs): Open {
  return {
    ...{ status: 'pending', groupKey, teamId, startedAtMs: nowMs, firedAtMs: null, toldAtMs: null },
    ...{ acknowledgedAtMs: null, resolvedAtMs: null, told: { incident: null, rounds: 0 } },
  }
}

function ended(before: Open, nowMs: EpochMs): Step {
  if (before.status === 'pending') return { after: null, events: [], say: null }
  if (before.resolvedAtMs !== null) return { after: { ...before, status: 'resolved' }, events: [], say: null }
  const say = before.toldAtMs === null ? null : 'resolved'
  return { after: { ...before, status: 'resolved', resolvedAtMs: nowMs }, events: ['resolved'], say }
}
