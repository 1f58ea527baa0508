import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { recommendationStates } from '../../db/schema/insight.ts'
import { divideHalfEven, nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, dayOf, daysIn } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { withLease } from '../lease.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { findAdvice } from './find.ts'
import { lookWindow } from './look-window.ts'
import { aMonth } from './monthly.ts'
import { type AdviceKey, noRecommendation, recommendation } from './one-recommendation.ts'
import { readEstate } from './read-estate.ts'
import type { RecommendationAlone } from './recommendation.ts'
import { readState, type State } from './states.ts'
import { readStored, type Verified, writeStored } from './stored-advice.ts'

/** Fewer days since say nothing. */
export const FEWEST_DAYS_SINCE = 7
/** Later the world has changed for other reasons. */
const MOST_DAYS_SINCE = 30

/**
 * Checks the saving of advice that is done: the same computation over the complete days since, at least 7 and at most 30,
 * beside the days that it was found in. What is found no more costs nothing any more. Stored with its days.
 *
 * @throws HelioxError not_found `recommendations.no_recommendation`; conflict `recommendations.not_done`, `recommendations.too_early`
 */
export async function verifySaving(
  scope: Scope,
  { key }: { key: z.output<typeof AdviceKey> },
): Promise<RecommendationAlone> {
  allow(scope, 'insight:decide')
  const state = await readState(scope.db, scope, key)
  if (!state) throw noRecommendation(key)
  if (state.status !== 'done')
    throw new HelioxError('conflict', 'recommendations.not_done', 'Only the saving of advice that is done is checked')
  const verified = await verifiedOf(scope, state)
  if (!verified) {
    const message = `It takes ${FEWEST_DAYS_SINCE} complete days with a bill after the day on which it was done`
    throw new HelioxError('conflict', 'recommendations.too_early', message)
  }
  await store(scope, state, verified)
  return recommendation(scope, { key })
}

/** How many are looked at in one round of the clock. */
const MOST_AT_ONCE = 20
const LEASE_MS = 10 * 60_000

/** Door of the clock: checks the savings of what is done once more with each new day of the bill, one process at a time. */
export async function verifySavings(scope: Scope): Promise<number> {
  const checked = await withLease(scope, 'verify-savings', LEASE_MS, async () => {
    const done = await scope.db.select().from(recommendationStates).where(eq(recommendationStates.status, 'done'))
    if (done.length === 0) return 0
    const last = (await lookWindow(scope, {}))?.before
    const waiting = done.filter(
      (state) => last !== undefined && windowSince(state, last) !== null && !isChecked(state, last),
    )
    for (const state of waiting.slice(0, MOST_AT_ONCE)) {
      const verified = await verifiedOf(scope, state)
      if (verified) await store(scope, state, verified)
    }
    return waiting.length
  })
  return checked ?? 0
}

/** Whether it was checked up to the last day that there can be. */
function isChecked(state: State, last: Day): boolean {
  return readStored(state.asDecided).verified?.end === addDays(windowSince(state, last)?.before ?? last, -1)
}

/** The days after the one on which it was done, before `last`; null: too few. */
function windowSince({ doneAtMs }: State, last: Day) {
  if (doneAtMs === null) return null
  const from = addDays(dayOf(doneAtMs), 1)
  const before = [last, addDays(from, MOST_DAYS_SINCE)].sort()[0] as Day
  return from < before && daysIn({ from, before }).length >= FEWEST_DAYS_SINCE ? { from, before } : null
}

async function verifiedOf(scope: Scope, state: State): Promise<Verified | null> {
  const last = (await lookWindow(scope, {}))?.before
  const window = last ? windowSince(state, last) : null
  if (!window) return null
  const kept = readStored(state.asDecided)
  const estate = await readEstate(scope, window)
  const now = findAdvice(estate).found.find(({ key }) => key === state.key)
  const since = now?.windowSavingNanoUsd ?? nanoUsd(0n)
  return {
    savingNanoUsd: nanoUsd(aMonth(kept.windowSavingNanoUsd, kept.days) - aMonth(since, estate.days)),
    beforePerDayNanoUsd: nanoUsd(divideHalfEven(kept.windowSavingNanoUsd, BigInt(kept.days))),
    sincePerDayNanoUsd: nanoUsd(divideHalfEven(since, BigInt(estate.days))),
    ...{ start: window.from, end: addDays(window.before, -1), days: estate.days },
  }
}

async function store(scope: Scope, state: State, verified: Verified): Promise<void> {
  const asDecided = writeStored({ ...readStored(state.asDecided), verified })
  await writeTransaction(scope.db, async (tx) => {
    const stored = await tx
      .update(recommendationStates)
      .set({ asDecided, verifiedNanoUsd: verified.savingNanoUsd })
      // Whoever reopened it in the meantime has decided.
      .where(and(eq(recommendationStates.key, state.key), eq(recommendationStates.decidedAtMs, state.decidedAtMs)))
      .returning({ key: recommendationStates.key })
    if (stored.length === 0) return
    await note(tx, scope, {
      ...{ action: 'recommendations.verify', targetId: state.key, target: readStored(state.asDecided).title },
      before: { verifiedNanoUsd: state.verifiedNanoUsd },
      after: { verifiedNanoUsd: verified.savingNanoUsd, start: verified.start, end: verified.end },
    })
  })
}
