import { errorsOf, type Fold } from './backtest.ts'
import { BASELINES, COMBINED, type Errors, METHODS, type Method } from './candidates.ts'
import { foldsApart } from './intervals.ts'

/** Why a method was chosen: no other was better, a combination was, or one alone was by far. */
export type Reason = 'baseline_not_beaten' | 'combination_better' | 'clearly_better'

export type Choice = { method: Method; baseline: Method; reason: Reason; errors: Errors }

/** A method alone must have had an error lower than the combination's by this part: what was best by chance seldom is again. */
const CLEARLY = 0.15
/** … on folds that look at so many stretches of days side by side. */
const LEAST_APART = 3

/**
 * The method for the next days, by the errors of the folds. The better baseline, unless a combination with both
 * baselines in it was better over all folds; that one, unless one method alone was clearly better over all folds and over
 * the younger half of them. A combination holds the baselines' forecasts, so that it is never far from the better one.
 */
export function chooseMethod(folds: readonly Fold[]): Choice {
  const errors = errorsOf(folds)
  const young = errorsOf(folds.slice(folds.length >> 1))
  const best = (methods: readonly Method[]) =>
    methods.reduce((a, b) => ((errors[b] ?? Infinity) < (errors[a] ?? Infinity) ? b : a))
  const baseline = best(['weekday_profile', ...BASELINES])
  const combination = best(COMBINED.filter((name) => name !== 'median'))
  const isLower = (a: Method, b: Method, part: number) =>
    [errors, young].every((of) => (of[a] ?? Infinity) < (of[b] ?? Infinity) * part)
  const safe = (errors[combination] ?? Infinity) <= (errors[baseline] ?? Infinity) ? combination : baseline
  const alone = best(METHODS)
  const longest = Math.max(1, ...folds.map(({ actual }) => actual.length))
  const isTold = foldsApart(folds, longest) >= LEAST_APART
  if (
    isTold &&
    alone !== safe &&
    !(BASELINES as readonly Method[]).includes(alone) &&
    isLower(alone, safe, 1 - CLEARLY)
  )
    return { method: alone, baseline, reason: 'clearly_better', errors }
  return { method: safe, baseline, reason: safe === baseline ? 'baseline_not_beaten' : 'combination_better', errors }
}
