import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { addDays } from '../../db/units/time.ts'
import { type CheckReach, checkLedger, LedgerCheck } from '../analytics/check-ledger.ts'
import { note } from '../audit/note.ts'
import { rootCause } from '../errors.ts'
import { DayText } from '../input-fields.ts'
import { noteRun } from '../monitoring/clock-runs.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { lastDue } from '../sources/schedule.ts'
import { keepCheck } from './kept.ts'

/** Days to look at, both inside; or all of it. Without either: the sample of the night. */
export const CheckAsked = z
  .object({
    start: DayText.optional(),
    end: DayText.optional(),
    full: z.boolean().default(false).describe('Everything there is: minutes with millions of jobs'),
  })
  .refine(({ start, end }) => (start === undefined) === (end === undefined), {
    message: 'start and end belong together',
    path: ['end'],
  })
  .refine(({ start = '', end = '' }) => start <= end, { message: 'end must not be before start', path: ['end'] })

/** Checks the ledger on somebody's word, and keeps what was found unless it was a window only. */
export async function checkNow(scope: Scope, { start, end, full }: z.output<typeof CheckAsked>): Promise<LedgerCheck> {
  allow(scope, 'ledger:keep')
  const reach: CheckReach = full ? 'everything' : start && end ? { from: start, before: addDays(end, 1) } : 'sample'
  const check = await checkLedger(scope, reach)
  if (typeof reach === 'string') await keepCheck(scope, check)
  await tell(scope, 'ledger.check', check)
  return check
}

/**
 * The check of the night: once a day at that hour (UTC), by the clock. What it finds is kept for /health/detailed; where
 * the ledger does not hold, an error is logged and the audit log has a line. A check that cannot be made is tried again
 * at the next round.
 */
export async function checkNightly(scope: Scope, hourUtc: number): Promise<void> {
  const [run] = await scope.db.all<{ atMs: bigint }>(
    sql`select finished_at_ms as atMs from clock_runs where task = 'ledger_check'`,
  )
  if (run && Number(run.atMs) >= lastDue(scope.now(), hourUtc)) return
  try {
    const check = await checkLedger(scope, 'sample')
    await keepCheck(scope, check)
    if (!check.holds) {
      scope.log.error('ledger.broken', { findings: check.findings })
      await tell(scope, 'ledger.broken', check)
    }
    await noteRun(scope, 'ledger_check')
  } catch (error) {
    scope.log.error('ledger.check_failed', { error: String(rootCause(error)) })
  }
}

async function tell(scope: Scope, action: string, { holds, isSample, startDate, endDate, findings }: LedgerCheck) {
  const broken = findings.map(({ rule, count, examples }) => `${rule}: ${count} (${examples[0]})`)
  const after = { holds, isSample, startDate, endDate, broken }
  await note(scope.db, scope, { action, targetId: 'ledger', target: 'The ledger', after })
}

export { LedgerCheck }
