import { createHash } from 'node:crypto'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Window } from '../../db/units/time.ts'
import type { Estate } from './estate.ts'
import { ADVICE_KINDS } from './kinds/index.ts'
import type { Found, NotLooked } from './kinds/kind.ts'
import { aMonth } from './monthly.ts'

/** Advice as it was found, with its key and what it saves. */
export type Advice = Found & {
  /** Kind and thing: the same whenever and however often it is found. */
  key: string
  kind: string
  /** Of the window, as its claims add up. */
  windowSavingNanoUsd: NanoUsd
  /** In a month of 30 days at that pace. */
  savingNanoUsd: NanoUsd
  window: Window
  days: number
}

/** All that the kinds find in the window's data, also what is too little to be told; and what they could not look at. */
export function findAdvice(estate: Estate): { found: Advice[]; notLooked: (NotLooked & { kind: string })[] } {
  const all = ADVICE_KINDS.map(({ kind, find }) => ({ kind, ...find(estate) }))
  const { window, days } = estate
  return {
    found: all.flatMap(({ kind, found }) =>
      found.map((one): Advice => {
        const saved = one.claims.reduce((sum, { savedNanoUsd }) => sum + savedNanoUsd, 0n)
        const amounts = { windowSavingNanoUsd: nanoUsd(saved), savingNanoUsd: aMonth(saved, days) }
        return { ...one, ...amounts, key: keyOf(kind, one.thing), kind, window, days }
      }),
    ),
    notLooked: all.flatMap(({ kind, notLooked }) => notLooked.map((one) => ({ kind, ...one }))),
  }
}

/** "idle-pool.3f…": stable, and safe in an address. */
export function keyOf(kind: string, thing: string): string {
  return `${kind}.${createHash('sha256').update(thing).digest('hex').slice(0, 20)}`
}
