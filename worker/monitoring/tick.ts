import { refreshRunning } from '../analytics/refresh-running.ts'
import { shareStale } from '../analytics/share.ts'
import { clearExpiredSessions } from '../auth/clear-expired-sessions.ts'
import { forgetOldGuesses } from '../auth/guesses.ts'
import { clearAbandoned, forgetStaged } from '../ingest/clear-abandoned.ts'
import { forgetBills } from '../ingest/store-bills.ts'
import type { Scope } from '../scope.ts'
import { noteRun } from './clock-runs.ts'

/**
 * What the clock does every five minutes: closes imports whose process died, clears up after large ones, counts running jobs up to now, shares the
 * pool-days that wait, forgets sessions that have expired and wrong passwords of long ago, and notes that it did (see
 * /health/detailed). Each step is safe to repeat and to cut off.
 */
export async function tick(scope: Scope): Promise<void> {
  const abandoned = await clearAbandoned(scope)
  const forgotten = (await forgetStaged(scope)) + (await forgetBills(scope))
  const running = await refreshRunning(scope)
  const shared = await shareStale(scope)
  await noteRun(scope, 'share')
  await clearExpiredSessions(scope)
  await forgetOldGuesses(scope)
  await noteRun(scope, 'tick')
  scope.log.info('tick', { abandoned: abandoned.length, forgotten, running, shared })
}
