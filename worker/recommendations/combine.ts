import type { TeamId } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import type { Advice } from './find.ts'
import { ADVICE_KINDS } from './kinds/index.ts'
import type { Recommendation } from './recommendation.ts'
import type { State } from './states.ts'
import { keptOf, readStored, type StoredAdvice } from './stored-advice.ts'

/** Dismissed advice comes back once it would save so many times what it did then. */
const COMES_BACK_AT = 2n

/** What was found and what became of it, the greatest saving first; what is found no more stands as it was decided. */
export function combined(
  found: readonly Advice[],
  states: readonly State[],
  teamNames: ReadonlyMap<TeamId, string>,
): Recommendation[] {
  const stateOf = new Map(states.map((state) => [state.key, state]))
  const worth = found.filter((one) => one.isWorth && one.savingNanoUsd > 0n)
  const keys = new Set(worth.map(({ key }) => key))
  const now = worth.map((one) => {
    const kept = keptOf(one, addDays(one.window.before, -1))
    return recommendationOf({ ...one, kept, state: stateOf.get(one.key) ?? null, isStillFound: true }, teamNames)
  })
  const before = states
    .filter(({ key, status }) => !keys.has(key) && status !== 'open')
    .map((state) =>
      recommendationOf({ ...state, kept: readStored(state.asDecided), state, isStillFound: false }, teamNames),
    )
  return [...now, ...before].sort((a, b) =>
    a.savingNanoUsd === b.savingNanoUsd ? (a.key < b.key ? -1 : 1) : a.savingNanoUsd > b.savingNanoUsd ? -1 : 1,
  )
}

type Parts = {
  key: string
  kind: string
  teamId: TeamId | null
  kept: StoredAdvice
  state: State | null
  isStillFound: boolean
}

function recommendationOf(
  { key, kind, teamId, kept, state, isStillFound }: Parts,
  teamNames: ReadonlyMap<TeamId, string>,
): Recommendation {
  const { verified: _now, days: _days, ...advice } = kept
  const cameBack =
    isStillFound && state?.status === 'dismissed' && kept.savingNanoUsd >= COMES_BACK_AT * state.savingNanoUsd
  return {
    ...{ key, kind, kindName: ADVICE_KINDS.find((one) => one.kind === kind)?.name ?? kind },
    ...{ status: cameBack ? 'open' : (state?.status ?? 'open'), cameBack, isStillFound },
    ...{ teamId, teamName: teamId && (teamNames.get(teamId) ?? teamId) },
    ...{ ...advice, countedNanoUsd: nanoUsd(0n) },
    decision: state && {
      ...{ status: state.status, note: state.note, by: state.byLabel },
      ...{ decidedAtMs: state.decidedAtMs, doneAtMs: state.doneAtMs, savingNanoUsd: state.savingNanoUsd },
    },
    verified: state?.status === 'done' ? readStored(state.asDecided).verified : null,
  }
}
