import { createHash } from 'node:crypto'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Window } from '../../db/units/time.ts'
import { type Estate, sumOf } from './estate.ts'
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

/** What saves less than one part in so many of all that is spent is not told. */
const LEAST_PART = 2_000n
/** Beside what is bought of tokens, whatever GPUs cost. */
const OF_TOKENS: readonly string[] = ['model-swap', 'repeated-prompts', 'batch-tier']

/** All that the kinds find in the window's data, also what is too little to be told; and what they could not look at. */
export function findAdvice(estate: Estate): { found: Advice[]; notLooked: (NotLooked & { kind: string })[] } {
  const all = ADVICE_KINDS.map(({ kind, find }) => ({ kind, ...find(estate) }))
  const { window, days } = estate
  const gpus = sumOf<{ costNanoUsd?: bigint; heldNanoUsd?: bigint }>(
    estate.pools ?? estate.teamPools,
    (one) => one.costNanoUsd ?? one.heldNanoUsd ?? 0n,
  )
  const calls = [...estate.models.values()].flatMap((read) => read.calls)
  const tokens = sumOf(calls, ({ metered }) => metered)
  return {
    found: all.flatMap(({ kind, found }) =>
      found.map((one): Advice => {
        const saved = one.claims.reduce((sum, { savedNanoUsd }) => sum + savedNanoUsd, 0n)
        const amounts = { windowSavingNanoUsd: nanoUsd(saved), savingNanoUsd: aMonth(saved, days) }
        const isWorth = one.isWorth && saved * LEAST_PART >= (OF_TOKENS.includes(kind) ? tokens : gpus)
        return { ...one, ...amounts, isWorth, key: keyOf(kind, one.thing), kind, window, days }
      }),
    ),
    notLooked: all.flatMap(({ kind, notLooked }) => notLooked.map((one) => ({ kind, ...one }))),
  }
}

/** "idle-pool.3f…": stable, and safe in an address. */
export function keyOf(kind: string, thing: string): string {
  return `${kind}.${createHash('sha256').update(thing).digest('hex').slice(0, 20)}`
}
