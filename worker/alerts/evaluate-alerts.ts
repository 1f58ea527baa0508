import { asc, eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { alertRules } from '../../db/schema/alerts.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { expected, rootCause } from '../errors.ts'
import { withLease } from '../lease.ts'
import { noteRun } from '../monitoring/clock-runs.ts'
import { channelsOf, type RuleRow } from './alert-rule.ts'
import { makeDefaultRules } from './default-rules.ts'
import { forgetAlerts } from './forget-alerts.ts'
import { KINDS } from './kinds/index.ts'
import type { AlertScope, Finding } from './kinds/kind.ts'
import { lookAtRule } from './look-at-rule.ts'
import { reconcile } from './reconcile.ts'
import type { Params } from './rule-params.ts'
import { storeSteps } from './store-steps.ts'

/** A round that died holds up others no longer: the clock of a Worker is ended after 15 minutes as well. */
const LEASE_MS = 10 * 60_000
/** What a round spends; rules that are left are first in the next, as they were looked at least recently. */
const ROUND_MS = 4 * 60_000
const USUAL_MINUTES = 5
/** Crons fire seconds early or late: a rule that is due in so short a time is due. */
const EARLY_MS = 30_000

/** What a round did. */
export type Round = { looked: number; failed: number; told: number }

/**
 * Looks at every rule that is due, the longest waiting first, and tells what is new: by the clock, each minute. Kinds say
 * how often they are looked at. One round at a time holds the lease; one that has lost it, or two that overlap, tell
 * nothing twice: each rule's alerts, history and messages are one transaction, which a look that is older than the rule's
 * last one gives up, and a message is stored once by its key. A rule whose look fails keeps its alerts and says why.
 * Answers null where another round is under way. Throws nothing.
 */
export async function evaluateAlerts(scope: AlertScope, budgetMs = ROUND_MS): Promise<Round | null> {
  try {
    return await withLease(scope, 'alerts', LEASE_MS, () => round(scope, budgetMs))
  } catch (error) {
    scope.log.error('alerts.round_failed', { error: String(rootCause(error)) })
    return null
  }
}

async function round(scope: AlertScope, budgetMs: number): Promise<Round> {
  const untilMs = Date.now() + budgetMs
  await makeDefaultRules(scope)
  const done: Round = { looked: 0, failed: 0, told: 0 }
  for (const rule of await dueRules(scope)) {
    if (done.looked > 0 && Date.now() >= untilMs) break
    done.looked += 1
    try {
      done.told += await lookAndTell(scope, rule)
    } catch (error) {
      done.failed += 1
      await noteFailure(scope, rule, error)
    }
  }
  await forgetAlerts(scope)
  await noteRun(scope, 'alerts')
  if (done.looked > 0) scope.log.info('alerts.round', done)
  return done
}

async function dueRules({ db, now }: AlertScope): Promise<RuleRow[]> {
  const rules = await db.select().from(alertRules).where(eq(alertRules.isEnabled, true)).orderBy(asc(alertRules.id))
  const everyMs = new Map(KINDS.map(({ name, everyMinutes }) => [name, (everyMinutes ?? USUAL_MINUTES) * 60_000]))
  const dueAtMs = ({ kind, lastLookedAtMs, changedAtMs }: RuleRow) =>
    lastLookedAtMs === null || lastLookedAtMs < changedAtMs ? 0 : lastLookedAtMs + (everyMs.get(kind) ?? 0) - EARLY_MS
  return rules
    .filter((rule) => dueAtMs(rule) <= now())
    .sort((a, b) => (a.lastLookedAtMs ?? 0) - (b.lastLookedAtMs ?? 0))
}

/** One rule: a look, then everything that follows from it in one transaction. Answers how many messages are on their way. */
export async function lookAndTell(scope: AlertScope, rule: RuleRow): Promise<number> {
  const atMs = scope.now() // what was found is as of its beginning
  const params = JSON.parse(rule.params) as Params
  return settle(scope, rule, await lookAtRule(scope, { ...rule, params }), atMs)
}

/** Holds what was found against the rule's open alerts, unless the rule is another one by now or was looked at later. */
export async function settle(
  { db }: Pick<AlertScope, 'db'>,
  { id, changedAtMs }: RuleRow,
  found: readonly Finding[],
  atMs: EpochMs,
): Promise<number> {
  return writeTransaction(db, async (tx) => {
    const [rule] = await tx.select().from(alertRules).where(eq(alertRules.id, id))
    if (!rule?.isEnabled || rule.changedAtMs !== changedAtMs || (rule.lastLookedAtMs ?? 0) > atMs) return 0
    const told = (await channelsOf(tx, id)).map((one) => one.id)
    const sent = await storeSteps(tx, rule, told, await reconcile(tx, rule, found, atMs), atMs)
    await tx.update(alertRules).set({ lastLookedAtMs: atMs, lastError: '' }).where(eq(alertRules.id, id))
    return sent
  })
}

/** Words for people: what Heliox says itself, and nothing of a bug. */
async function noteFailure(scope: AlertScope, { id, name }: RuleRow, error: unknown): Promise<void> {
  const known = expected(error)
  const lastError = known ? known.message : 'The look failed: see the log'
  scope.log[known ? 'warn' : 'error']('alerts.look_failed', { rule: id, name, error: String(rootCause(error)) })
  try {
    await scope.db.update(alertRules).set({ lastError }).where(eq(alertRules.id, id))
  } catch (more) {
    scope.log.error('alerts.look_failed', { rule: id, error: String(rootCause(more)) })
  }
}
