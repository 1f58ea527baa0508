import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { addDays } from '../../db/units/time.ts'
import { LedgerCheck } from '../analytics/check-ledger.ts'
import { rebuildOf, rebuildStep } from '../analytics/rebuild.ts'
import { AnsweredDay, Instant } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { DayText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type KeptRebuild, keepProgress, keepRebuild, lastCheck, lastRebuild } from './kept.ts'

/** Days to make anew, both inside; without them everything. */
export const RebuildAsked = z
  .object({ start: DayText.optional(), end: DayText.optional() })
  .refine(({ start, end }) => start === undefined || end === undefined || start <= end, {
    message: 'end must not be before start',
    path: ['end'],
  })

/** How far a rebuild is: jobs are cut into days, days shared, months added up. */
export const Rebuild = z.object({
  isDone: z.boolean().describe('False: the clock goes on with it every five minutes, as does asking again'),
  phase: z.enum(['jobs', 'days', 'months', 'done']),
  startDate: AnsweredDay.nullable().describe('Null: from the first day'),
  endDate: AnsweredDay.nullable().describe('Null: to the last day'),
  jobCount: z.number().int().describe('Jobs looked at'),
  recutCount: z.number().int().describe('Of them, jobs whose days in the ledger were wrong'),
  dayCount: z.number().int(),
  monthCount: z.number().int(),
  startedAtMs: Instant,
  startedBy: z.string(),
  finishedAtMs: Instant.nullable(),
})
export type Rebuild = z.output<typeof Rebuild>

export const LedgerState = z.object({ check: LedgerCheck.nullable(), rebuild: Rebuild.nullable() })
export type LedgerState = z.output<typeof LedgerState>

/** How long one call, and one round of the clock, goes on with a rebuild; and in how many steps at most. */
const CALL = { ms: 2_000, steps: 100 }
const ROUND = { ms: 60_000, steps: 200 }

/** The last check and the last rebuild. */
export async function ledgerState(scope: Scope): Promise<LedgerState> {
  allow(scope, 'ledger:keep')
  const rebuild = await lastRebuild(scope)
  return { check: await lastCheck(scope), rebuild: rebuild && viewOf(rebuild) }
}

/**
 * Begins to make the ledger anew from the facts and goes as far as two seconds allow; the clock does the rest in its
 * rounds. While one is under way, asking for the same goes on with it. Every list adds up all along.
 *
 * @throws HelioxError conflict `ledger.rebuild_under_way` for other days than those of the one under way
 */
export async function rebuildNow(scope: Scope, { start, end }: z.output<typeof RebuildAsked>): Promise<Rebuild> {
  allow(scope, 'ledger:keep')
  const reach = { from: start ?? null, before: end ? addDays(end, 1) : null }
  const last = await lastRebuild(scope)
  if (last && last.phase !== 'done') {
    const isSame = last.from === reach.from && last.before === reach.before
    if (!isSame)
      throw new HelioxError('conflict', 'ledger.rebuild_under_way', 'Another rebuild is under way: wait for its end')
    return viewOf(await goOn(scope, last, CALL))
  }
  const begun: KeptRebuild = {
    ...rebuildOf(reach),
    ...{ startedAtMs: scope.now(), startedBy: scope.actor.label, finishedAtMs: null },
  }
  await keepRebuild(scope, begun)
  const after = { startDate: start ?? null, endDate: end ?? null }
  await note(scope.db, scope, { action: 'ledger.rebuild', targetId: 'ledger', target: 'The ledger', after })
  return viewOf(await goOn(scope, begun, CALL))
}

/** What the clock does in each round: goes on with a rebuild that is under way, if there is one. */
export async function continueRebuild(scope: Pick<Scope, 'db' | 'now'>): Promise<void> {
  const last = await lastRebuild(scope)
  if (last && last.phase !== 'done') await goOn(scope, last, ROUND)
}

async function goOn(
  scope: Pick<Scope, 'db' | 'now'>,
  rebuild: KeptRebuild,
  most: { ms: number; steps: number },
): Promise<KeptRebuild> {
  const until = Date.now() + most.ms
  let current = rebuild
  for (let steps = 0; current.phase !== 'done' && steps < most.steps && Date.now() < until; steps += 1) {
    const next = await rebuildStep(scope, current)
    current = { ...current, ...next, finishedAtMs: next.phase === 'done' ? scope.now() : null }
    await keepProgress(scope, current)
  }
  // What the last check found may be mended: the next round looks again.
  if (current.phase === 'done') await scope.db.run(sql`delete from clock_runs where task = 'ledger_check'`)
  return current
}

function viewOf({ from, before, at, ...rebuild }: KeptRebuild): Rebuild {
  return { isDone: rebuild.phase === 'done', startDate: from, endDate: before && addDays(before, -1), ...rebuild }
}
