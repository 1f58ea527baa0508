import type { Method } from './candidates.ts'
import type { Reason } from './choose-method.ts'

/** How a method is called, and what it does, for who does not forecast for a living. */
export const METHOD_WORDS: Record<Method | 'run_rate', readonly [title: string, meaning: string]> = {
  run_rate: ['Run rate', 'The mean of the days there are, every day. Its band is declared wide, not measured.'],
  seasonal_naive_7: ['Same as last week', 'Each day as the same weekday of last week.'],
  weekday_profile: ['Weekday profile', 'The weekdays of the last four weeks, at the level of the last week.'],
  drift: ['Straight line', 'The line through the first and the last day, continued.'],
  holt_winters_damped: ['Holt–Winters', 'Level, slope and weekdays, each smoothed; the slope fades out (ETS A,Ad,A).'],
  theta: ['Theta', 'The smoothed level without weekdays, with half of the long-term slope; weekdays put back.'],
  median: ['Median of all', 'On each day the middle one of all methods.'],
  median_with_baseline: ['Median with baselines', 'On each day the middle of both baselines, Holt–Winters and Theta.'],
  weighted: ['Weighted mean', 'Both baselines, Holt–Winters and Theta; who erred less in the test counts more.'],
}

/** Why the method was chosen, in a sentence. */
export function whyChosen(reason: Reason, method: Method, baseline: Method, better: number | null): string {
  const [title] = METHOD_WORDS[method]
  const [plain] = METHOD_WORDS[baseline]
  if (reason === 'baseline_not_beaten') return `No combination was better than “${title}” when tried on the past.`
  const by = better === null ? '' : ` by ${Math.round(better * 100)} %`
  const alone = reason === 'clearly_better' ? ', and clearly better than the combinations' : ''
  return `Tried on the past, “${title}” erred less than the better baseline, “${plain}”${by}${alone}.`
}
