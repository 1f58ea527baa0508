import { baselineOf, median, NORMAL_MAD, type PastValue } from './baseline.ts'

/** What a person said of a step of the series; absent: nothing. */
export type Said = 'yes' | 'no' | 'planned'

export type DetectSettings = {
  /** Steps of a season: 7 for days, 24 for hours. */
  season: number
  /** |z*| from which a deviation counts, before verdicts widen it. */
  z: number
  /** Least deviation in the units of the values. */
  leastImpact: number
}

/** What a step was held against. */
export type Judged = { expected: number; low: number; high: number; z: number; threshold: number }

/** A step that stands out, in its place of the series. */
export type Finding = Judged & {
  at: number
  direction: 'up' | 'down'
  /** Steps in a row that stood out like it, itself counted. */
  length: number
  /** It stayed so: the new level is the baseline from then on. */
  isShift: boolean
}

export type Detected = {
  /** One per value; null: nothing was known (missing, or too little before it). */
  judged: readonly (Judged | null)[]
  findings: readonly Finding[]
}

/** Days without which nothing is judged, and below which there is too little to say when. */
export const LEAST_HISTORY = 14
export const TOO_LITTLE = 10
/** Seasons of history that make a baseline. */
const SEASONS = 8
/** Steps in a row at another level after which that is the level. */
const SHIFT_STEPS = 7
/** A step of a run that is further off than the run by this part of it is an anomaly of its own. */
const RUN_PART = 0.5

/** |z*| by how much shall be said; 3.5 is what Iglewicz and Hoaglin (1993) advise for modified z-scores. */
export const SENSITIVITIES = { high: 3.5, medium: 4, low: 6 } as const
export type Sensitivity = keyof typeof SENSITIVITIES

/** Each `no` widens the series' threshold by this part, halved every so many days, to at most so many times. */
export const NO_WIDENS = 0.25
export const NO_HALVES_DAYS = 30
export const MOST_WIDENED = 2

/**
 * Steps of a series that stand out: modified z-score z* = 0.6745 · r ÷ MAD of the deviation r from a weekday-aware robust
 * baseline (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993), and a deviation of at least so much, up or
 * down. What stands out is left out of the baseline. Steps that stand out in a row and alike are one finding, its first;
 * after seven they are the new level. Null is a step of which nothing is known. Causal: a step is judged by what came
 * before it alone.
 *
 * `said`: yes leaves a step out of the baseline, planned as well; no counts it as usual, and widens what comes after.
 */
export function detect(
  values: readonly (number | null)[],
  settings: DetectSettings,
  said: ReadonlyMap<number, Said> = new Map(),
): Detected {
  const { season, leastImpact } = settings
  const least = Math.max(LEAST_HISTORY, 2 * season)
  const judged: (Judged | null)[] = values.map(() => null)
  const findings: Finding[] = []
  let past: PastValue[] = []
  let outside: { at: number; size: number }[] = []
  let [segment, scale] = [0, 1]
  let run: Run | null = null
  for (const [at, value] of values.entries()) {
    if (value === null) continue
    while (past.length > SEASONS * season) past.shift()
    outside = outside.filter((one) => one.at > at - SEASONS * season)
    if (past.length + (run?.steps.length ?? 0) < least || past.length < TOO_LITTLE) {
      if (said.get(at) !== 'yes' && said.get(at) !== 'planned') past.push({ at, value, segment, scale })
      continue
    }
    const { expected, mad, unit } = baselineOf(
      past,
      at,
      season,
      outside.map(({ size }) => size),
    )
    const threshold = settings.z * widenedBy(said, at)
    const away = value - expected
    const z = (NORMAL_MAD * away) / mad
    const usual = Math.max((threshold * mad) / NORMAL_MAD, leastImpact)
    judged[at] = { expected, low: expected - usual, high: expected + usual, z, threshold }
    const stands = Math.abs(z) >= threshold && Math.abs(away) >= leastImpact
    if (!stands) {
      run = null
      if (said.get(at) !== 'yes' && said.get(at) !== 'planned') past.push({ at, value, segment, scale })
      continue
    }
    const direction = away > 0 ? 'up' : 'down'
    const step = { at, value, away: away / unit, expected }
    if (run !== null && run.direction === direction && isLike(run, step.away, usual / unit)) {
      run.steps.push(step)
      run.finding.length += 1
      if (run.steps.length >= SHIFT_STEPS) {
        run.finding.isShift = true
        segment += 1
        scale *= factorOf(run.steps)
        const first = run.steps[0]?.at ?? at // which somebody may have called usual, and so is there already
        past = past.filter((one) => one.at < first)
        past.push(...run.steps.map((one) => ({ at: one.at, value: one.value, segment, scale })))
        run = null
      }
      continue
    }
    if (said.get(at) === undefined) outside.push({ at, size: Math.abs(away) / unit })
    const finding: Finding = { ...(judged[at] as Judged), at, direction, length: 1, isShift: false }
    findings.push(finding)
    run = { direction, steps: [step], finding }
    if (said.get(at) === 'no') past.push({ at, value, segment, scale })
  }
  return { judged, findings }
}

type Step = { at: number; value: number; away: number; expected: number }
type Run = { direction: 'up' | 'down'; steps: Step[]; finding: Finding }

/** A shift multiplied the series where that leaves so little over of what adding to it does. */
const MULTIPLIED = 0.4

/** By how much a level shift multiplied the season of a series; 1 where it was added to it, or nobody can tell. */
function factorOf(steps: Run['steps']): number {
  const added = median(steps.map(({ value, expected }) => value - expected))
  const factor = median(
    steps.map(({ value, expected }) => (expected > 0 ? value / expected : Number.NaN)).filter(Number.isFinite),
  )
  if (!(factor > 0)) return 1
  const left = (of: (expected: number) => number) =>
    median(steps.map((step) => Math.abs(step.value - of(step.expected))))
  return left((expected) => expected * factor) < MULTIPLIED * left((expected) => expected + added) ? factor : 1
}

/** Whether a step goes on with a run, or is another thing on top of it. */
function isLike({ steps }: Run, away: number, usual: number): boolean {
  const mean = steps.reduce((sum, one) => sum + one.away, 0) / steps.length
  return Math.abs(away) <= Math.abs(mean) + Math.max(usual, RUN_PART * Math.abs(mean))
}

/** By how much a series' threshold is wider at a step, for what was said of steps before it to be none. */
export function widenedBy(said: ReadonlyMap<number, Said>, at: number): number {
  let widened = 1
  for (const [where, what] of said)
    if (what === 'no' && where < at) widened += NO_WIDENS * 2 ** (-(at - where) / NO_HALVES_DAYS)
  return Math.min(MOST_WIDENED, widened)
}
