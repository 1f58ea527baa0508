import { gpuHoursText } from '../../db/units/gpu.ts'
import { type NanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, addMonths, type Day, daysIn } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { type Backtest, backtestTable } from './backtest-table.ts'
import type { Forecast, ForecastAsked, ForecastSeries } from './forecast-fields.ts'
import { type History, histories, type Measure } from './history.ts'
import type { Band } from './intervals.ts'
import { type KnownFuture, knownFuture, stepsOn } from './known-future.ts'
import { METHOD_WORDS, whyChosen } from './method-words.ts'
import { type Path, sumLimits } from './paths.ts'
import { atLeast, floorOf, MOST_HISTORY, project } from './project.ts'
import { LEAST_DAYS, LEAST_TESTED, runRate } from './run-rate.ts'

const SHOWN_DAYS = 90

/**
 * What the next days will cost, or hold, and the running month: with limits, the method, why it was chosen and how well it
 * did on the past. Only complete days count as history. Groups are forecast each for itself. Who does not see the whole
 * company gets the forecast of their teams’ part.
 *
 * @throws HelioxError invalid `forecast.needs_history` with less than 7 complete days; what `visibleQuestion` throws
 */
export async function forecast(scope: Scope, asked: ForecastAsked): Promise<Forecast> {
  const { days, ...question } = asked
  const { measure, groupBy, basis, cost, filters } = question
  const { end, histories: all, isPartial } = await histories(scope, question)
  const longest = Math.max(0, ...all.map(({ amounts }) => amounts.length))
  if (end === null || longest < LEAST_DAYS) throw needsHistory(longest)
  const toMonthEnd = daysToMonthEnd(end)
  const horizon = days === 'month_end' ? toMonthEnd : days
  const last = addDays(end, Math.max(horizon, toMonthEnd))
  const isGrouped = groupBy !== 'none'
  const future = await knownFuture(scope, { measure, basis, cost, filters, isGrouped }, end, last)
  return {
    ...{ measure, groupBy, historyEnd: end, basis, cost, isPartial },
    series: all.map((history) => seriesOf(history, { measure, end, horizon, toMonthEnd, future })),
    assumes: future.assumes,
    how: HOW,
  }
}

const HOW =
  'Every method is tried on the past: from up to 60 earlier days it forecasts the days after them with what was known then. The better of two baselines is used unless a combination that holds both erred less. The bands are the errors made in that test (conformal), the month’s range is of whole runs of them, since days that are missed together do not even out.'

/** @throws nothing: what says how much is needed */
function needsHistory(days: number): HelioxError {
  const have = days === 1 ? 'is 1 complete day' : `are ${days} complete days`
  return new HelioxError(
    'invalid',
    'forecast.needs_history',
    `A forecast needs history: there ${have}, need ${LEAST_DAYS}`,
  )
}

/** Days from the day after `end` to the last of its month. */
export function daysToMonthEnd(end: Day): number {
  const first = addDays(end, 1)
  return daysIn({ from: first, before: monthAfter(first) }).length
}

function monthAfter(day: Day): Day {
  return addMonths(`${day.slice(0, 7)}-01` as Day, 1)
}

type Asked = { measure: Measure; end: Day; horizon: number; toMonthEnd: number; future: KnownFuture }

function seriesOf(history: History, asked: Asked): ForecastSeries {
  const { measure, end, horizon, toMonthEnd } = asked
  const { name, kind, teamId, start, amounts } = history
  const text = textOf(measure)
  const about = { name, kind, teamId, historyStart: start, historyDays: amounts.length }
  const shown = amounts.slice(-SHOWN_DAYS)
  const recent = shown.map((amount, at) => ({ day: addDays(end, at + 1 - shown.length), actual: text(amount) }))
  if (amounts.length < LEAST_DAYS) {
    const why = `Not enough history: ${amounts.length} complete days, need ${LEAST_DAYS}.`
    return { ...about, method: null, title: null, why, recent, days: [], month: null, backtest: null }
  }
  const next = outlookOf(history, horizon, asked)
  const month = horizon === toMonthEnd ? next : outlookOf(history, toMonthEnd, asked)
  const { method, why, backtest } = next
  const days = next.points.map((point, at) => ({
    day: addDays(end, at + 1),
    point: text(point),
    ...limitsText(next.bands[at] as Band, text),
  }))
  return {
    ...about,
    ...{ method, title: METHOD_WORDS[method][0], why, recent, days, backtest },
    month: monthOf(history, month, end, text),
  }
}

export type Outlook = {
  method: Exclude<ForecastSeries['method'], null>
  why: string
  /** In nano-dollars or GPU-seconds. */
  points: bigint[]
  bands: Band[]
  /** In the same unit, as floats. */
  paths: Path[]
  backtest: Backtest | null
}

/** The next days of a history of at least 7, with what is known of them. */
export function outlookOf(
  { amounts }: Pick<History, 'amounts'>,
  horizon: number,
  { end, future }: Pick<Asked, 'end' | 'future'>,
): Outlook {
  const values = amounts.slice(-MOST_HISTORY).map(Number)
  const steps = Array.from({ length: horizon }, (_, at) => stepsOn(future.steps, addDays(end, at + 1)))
  const moved = (outlook: Omit<Outlook, 'points'> & { points: number[] }): Outlook => ({
    ...outlook,
    points: outlook.points.map((point, at) => BigInt(Math.round(point)) + (steps[at] as bigint)),
    bands: outlook.bands.map((band, at) => shifted(band, Number(steps[at]))),
    paths: outlook.paths.map((path) => path.map((value, at) => value + Number(steps[at]))),
  })
  if (values.length < LEAST_TESTED) {
    const { points, bands } = runRate(values, horizon)
    const floor = floorOf(values)
    const why = `Only ${values.length} complete days: the mean of them, with a wide band that is declared, not measured. From ${LEAST_TESTED} days on methods are tried on the past.`
    const held = bands.map((band) => atLeast(band, floor))
    return moved({ method: 'run_rate', why, points, bands: held, paths: pathsOfBand(points, held), backtest: null })
  }
  const { points, bands, paths, choice, folds } = project(values, horizon)
  const [error, bar] = [choice.errors[choice.method], choice.errors[choice.baseline]]
  const better = error !== undefined && bar ? 1 - error / bar : null
  const why = whyChosen(choice.reason, choice.method, choice.baseline, better)
  const backtest = backtestTable(folds, choice, values, horizon)
  return moved({ method: choice.method, why, points, bands, paths, backtest })
}

/** A declared band is missed on all days or none: its levels, evenly, from the 95 % limit below to that above. */
function pathsOfBand(points: readonly number[], bands: readonly Band[]): Path[] {
  const corners = [
    [0, 'low95'],
    [0.075, 'low80'],
    [0.5, null],
    [0.925, 'high80'],
    [1, 'high95'],
  ] as const
  return Array.from({ length: 41 }, (_, at) => {
    const part = at / 40
    const over = Math.max(
      1,
      corners.findIndex(([where]) => where >= part),
    )
    const [[from, low], [to, high]] = [
      corners[over - 1] as (typeof corners)[number],
      corners[over] as (typeof corners)[number],
    ]
    const weight = (part - from) / (to - from)
    return points.map((point, day) => {
      const value = (limit: typeof low) => (limit === null ? point : (bands[day] as Band)[limit])
      return value(low) * (1 - weight) + value(high) * weight
    })
  })
}

function shifted({ low80, high80, low95, high95 }: Band, by: number): Band {
  return { low80: low80 + by, high80: high80 + by, low95: low95 + by, high95: high95 + by }
}

type Text = (amount: bigint) => `${number}`

function textOf(measure: Measure): Text {
  return (amount) => (measure === 'cost' ? usdText(amount as NanoUsd) : gpuHoursText(amount))
}

function limitsText(band: Band, text: Text) {
  const { low80, high80, low95, high95 } = band
  const of = (value: number) => text(BigInt(Math.round(value)))
  return { low80: of(low80), high80: of(high80), low95: of(low95), high95: of(high95) }
}

/** Complete days of the month of the first day to come. */
export function actualOfMonth({ amounts }: Pick<History, 'amounts'>, end: Day): { amount: bigint; days: number } {
  const month = addDays(end, 1).slice(0, 7)
  const days = end.slice(0, 7) === month ? Number(end.slice(8)) : 0
  const known = days === 0 ? [] : amounts.slice(-days)
  return { amount: known.reduce((sum, amount) => sum + amount, 0n), days }
}

function monthOf(history: History, outlook: Outlook, end: Day, text: Text): ForecastSeries['month'] {
  const { amount: actual, days: actualDays } = actualOfMonth(history, end)
  const rest = outlook.points.reduce((sum, point) => sum + point, 0n)
  const sums = sumLimits(outlook.paths, outlook.points.length)
  const known = Number(actual)
  return {
    month: addDays(end, 1).slice(0, 7),
    ...{ actual: text(actual), actualDays, rest: text(rest), restDays: outlook.points.length },
    total: text(actual + rest),
    ...limitsText(shifted(sums, known), text),
  }
}
