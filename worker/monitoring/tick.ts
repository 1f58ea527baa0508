import { refreshRunning } from '../analytics/refresh-running.ts'
import { shareStale } from '../analytics/share.ts'
import { clearExpiredSessions } from '../auth/clear-expired-sessions.ts'
import { forgetOldGuesses } from '../auth/guesses.ts'
import { endDeployments } from '../deployments/end-deployments.ts'
import { clearAbandoned, forgetStaged } from '../ingest/clear-abandoned.ts'
import { finishReadWhole } from '../ingest/finish-interrupted.ts'
import { freeClaimed } from '../ingest/retry-rows.ts'
import { forgetBills } from '../ingest/store-bills.ts'
import { checkNightly } from '../ledger/check-now.ts'
import { continueRebuild } from '../ledger/rebuild-now.ts'
import { goThroughHistory } from '../owner-rules/go-through-history.ts'
import type { Scope } from '../scope.ts'
import { forgetAnswers, forgetBodies } from '../team-gateway/forget-bodies.ts'
import type { KeptFiles } from '../uploads/kept-files.ts'
import { requeueLost, sweepFiles } from '../uploads/replay-upload.ts'
import { noteRun } from './clock-runs.ts'

/**
 * What the clock does every five minutes: looks after imports whose process died (stores those that were read whole, gives kept
 * files back to the queue), clears up after large ones, ends deployments whose time has come, counts running jobs up to now, goes on with rules that are being applied, shares the pool-days that wait, goes on with a rebuild of the ledger and checks it once a night, forgets sessions that have expired and wrong passwords of long ago, and notes that it did (see
 * /health/detailed). Each step is safe to repeat and to cut off.
 */
export async function tick(scope: Scope, kept: KeptFiles | null = null, nightlyHourUtc = 2): Promise<void> {
  const abandoned = await clearAbandoned(scope)
  const requeued = kept ? await requeueLost(scope, kept) : []
  if (kept) await sweepFiles(scope, kept, abandoned)
  const forgotten = (await forgetStaged(scope)) + (await forgetBills(scope))
  await freeClaimed(scope)
  await endDeployments(scope)
  const running = await refreshRunning(scope)
  await goThroughHistory(scope)
  const shared = await shareStale(scope)
  await noteRun(scope, 'share')
  await continueRebuild(scope)
  await checkNightly(scope, nightlyHourUtc)
  await clearExpiredSessions(scope)
  await forgetOldGuesses(scope)
  await forgetBodies(scope)
  await forgetAnswers(scope)
  const finished = await finishReadWhole(scope)
  await noteRun(scope, 'tick')
  const imports = { abandoned: abandoned.length, requeued: requeued.length, finished }
  scope.log.info('tick', { ...imports, forgotten, running, shared })
}
