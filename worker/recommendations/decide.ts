import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { recommendationStates } from '../../db/schema/insight.ts'
import { RECOMMENDATION_STATUSES, type RecommendationStatus } from '../../db/units/insight.ts'
import { addDays } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { LineText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { combined } from './combine.ts'
import { AdviceKey, noRecommendation } from './one-recommendation.ts'
import type { Recommendation, RecommendationAlone } from './recommendation.ts'
import { readAdvice, recommendations } from './recommendations.ts'
import { decidedPart, readState, type State, withVersion } from './states.ts'
import { keptOf, readStored, writeStored } from './stored-advice.ts'

export const Decision = z
  .object({
    key: AdviceKey,
    version: SeenVersion,
    status: z.enum(RECOMMENDATION_STATUSES).describe('open takes a decision back'),
    note: LineText(500).default('').describe('Why: needed to dismiss'),
  })
  .refine(({ status, note }) => status !== 'dismissed' || note !== '', {
    path: ['note'],
    message: 'say why it is dismissed',
  })

/** Where each may go from. */
const FROM: Record<RecommendationStatus, readonly RecommendationStatus[]> = {
  open: ['accepted', 'done', 'dismissed'],
  accepted: ['open'],
  done: ['accepted'],
  dismissed: ['open', 'accepted'],
}

/**
 * Says what becomes of a piece of advice: open → accepted → done, dismissed with a reason, or open again. Keeps the advice
 * as it stands, so that its saving can be checked once it is done, and a dismissed one stays away until it would save
 * twice as much. One's own teams’ alone; the company’s by who sees the company.
 *
 * @throws HelioxError not_found `recommendations.no_recommendation`; conflict `recommendations.not_from_there`;
 *   precondition `request.version_changed`
 */
export async function decide(scope: Scope, asked: z.output<typeof Decision>): Promise<RecommendationAlone> {
  allow(scope, 'insight:decide')
  const { key, status } = asked
  const { found, all } = await readAdvice(scope, {})
  const advice = found.find((one) => one.key === key && one.isWorth)
  const names = new Map(all.flatMap(({ teamId, teamName }) => (teamId ? [[teamId, teamName ?? teamId] as const] : [])))
  const after = await writeTransaction(scope.db, async (tx): Promise<Recommendation> => {
    const state = await readState(tx, scope, key)
    const [before] = combined(advice ? [advice] : [], state ? [state] : [], names)
    if (!before) throw noRecommendation(key)
    requireVersion(decidedPart(before), asked.version)
    if (!FROM[status].includes(before.status)) {
      const message = `It is ${before.status}: ${status} comes after ${FROM[status].join(' or ')}`
      throw new HelioxError('conflict', 'recommendations.not_from_there', message)
    }
    const kept = advice
      ? keptOf(advice, addDays(advice.window.before, -1))
      : { ...readStored(state?.asDecided ?? ''), verified: null }
    const row = {
      ...{ key, kind: before.kind, teamId: before.teamId, status, note: asked.note, asDecided: writeStored(kept) },
      ...{ savingNanoUsd: kept.savingNanoUsd, verifiedNanoUsd: null, byLabel: scope.actor.label },
      ...{ decidedAtMs: scope.now(), doneAtMs: status === 'done' ? scope.now() : null },
    } satisfies State
    await tx.insert(recommendationStates).values(row).onConflictDoUpdate({ target: recommendationStates.key, set: row })
    await note(tx, scope, {
      ...{ action: 'recommendations.decide', targetId: key, target: before.title },
      before: { status: before.status, note: state?.note ?? '' },
      after: { status, note: asked.note, savingNanoUsd: kept.savingNanoUsd },
    })
    const { byLabel: by, decidedAtMs, doneAtMs, savingNanoUsd } = row
    const decision = { status, note: row.note, by, decidedAtMs, doneAtMs, savingNanoUsd }
    return { ...before, status, cameBack: false, decision, verified: null }
  })
  // Reopened, and the data bears it out no more: in no list from now on.
  const { recommendations: now } = await recommendations(scope, {})
  return withVersion(now.find((one) => one.key === key) ?? after)
}
