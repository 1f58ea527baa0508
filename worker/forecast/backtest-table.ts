import { z } from 'zod'
import { type Fold, foldErrors, naiveError } from './backtest.ts'
import { BASELINES, METHODS, type Method } from './candidates.ts'
import type { Choice } from './choose-method.ts'
import { bandsOf } from './intervals.ts'
import { METHOD_WORDS } from './method-words.ts'

export const TestedMethod = z.object({
  method: z.enum(METHODS),
  title: z.string(),
  meaning: z.string(),
  isBaseline: z.boolean(),
  isChosen: z.boolean(),
  mase: z
    .number()
    .nullable()
    .describe('Mean absolute error over that of the seasonal naive in the history (MASE); null: that one has none'),
  relative: z.number().nullable().describe('Its error over the better baseline’s; below 1 it erred less'),
  folds: z.number().int(),
})

export const Coverage = z.object({
  share80: z.number().describe('Part of the days that lay within the 80 % band as it was said before them'),
  share95: z.number(),
  winkler95: z.number().nullable().describe('Interval score of the 95 % band over the seasonal naive’s error (MSIS)'),
  folds: z.number().int(),
  days: z.number().int(),
})

export const Backtest = z.object({
  folds: z.number().int(),
  firstOrigin: z.number().int().describe('Days of history that the first fold knew'),
  horizonDays: z.number().int(),
  methods: z.array(TestedMethod).describe('Least error first'),
  coverage: Coverage.nullable().describe('Of the chosen method; null: too few folds lie before others'),
})
export type Backtest = z.output<typeof Backtest>

/** What the folds say of every method, and how often the chosen one's bands held. */
export function backtestTable(
  folds: readonly Fold[],
  choice: Choice,
  history: readonly number[],
  horizon: number,
): Backtest {
  const naive = naiveError(history)
  const bar = choice.errors[choice.baseline] ?? null
  const methods = METHODS.flatMap((method) => {
    const error = choice.errors[method]
    if (error === undefined) return []
    const errors = foldErrors(folds, method) as number[]
    const mean = errors.reduce((sum, one) => sum + one, 0) / errors.length
    const [title, meaning] = METHOD_WORDS[method]
    return [
      {
        ...{ method, title, meaning, folds: folds.length },
        isBaseline: (BASELINES as readonly Method[]).includes(method),
        isChosen: method === choice.method,
        mase: naive === null ? null : rounded(mean / naive),
        relative: bar ? rounded(error / bar) : null,
      },
    ]
  })
  methods.sort((a, b) => (choice.errors[a.method] as number) - (choice.errors[b.method] as number))
  const coverage = coverageOf(folds, choice.method, naive)
  return { folds: folds.length, firstOrigin: folds[0]?.origin ?? 0, horizonDays: horizon, methods, coverage }
}

/** Earlier folds that a band is made of, at least. */
const LEAST_BEFORE = 10
/** One in so many is looked at: neighbours say nearly the same. */
const EVERY = 3

/** Bands as they would have been said on the day of each fold, made of the errors that were known by then. */
export function coverageOf(folds: readonly Fold[], method: Method, naive: number | null) {
  let [within80, within95, days, score, looked] = [0, 0, 0, 0, 0]
  for (let at = folds.length - 1; at >= 0; at -= EVERY) {
    const { origin, forecasts, actual, scale } = folds[at] as Fold
    const before = knownBy(folds.slice(0, at), origin)
    const said = forecasts[method]
    if (!said || before.length < LEAST_BEFORE) continue
    looked += 1
    const bands = bandsOf(said.slice(0, actual.length), before, method, scale)
    for (const [step, value] of actual.entries()) {
      const band = bands[step]
      if (!band) continue
      days += 1
      within80 += Number(value >= band.low80 && value <= band.high80)
      within95 += Number(value >= band.low95 && value <= band.high95)
      // Winkler 1972: the width, and forty times what lies outside.
      score += band.high95 - band.low95 + (2 / 0.05) * Math.max(0, band.low95 - value, value - band.high95)
    }
  }
  if (days === 0) return null
  return {
    share80: rounded(within80 / days),
    share95: rounded(within95 / days),
    winkler95: naive === null ? null : rounded(score / days / naive),
    ...{ folds: looked, days },
  }
}

/** Earlier folds with the days that had come by then. */
function knownBy(folds: readonly Fold[], origin: number): Fold[] {
  return folds.map((fold) => ({ ...fold, actual: fold.actual.slice(0, origin - fold.origin) }))
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
