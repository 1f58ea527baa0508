import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rollingFolds } from './backtest.ts'
import { BASELINES } from './candidates.ts'
import { chooseMethod } from './choose-method.ts'
import { sumLimits } from './paths.ts'
import { project } from './project.ts'
import { runRate } from './run-rate.ts'

/** Steady numbers from 0 to 1. */
function steady(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
const WEEK = [1, 1.05, 1.1, 1, 0.95, 0.6, 0.5]
const noisy = (days: number, seed = 7) => {
  const next = steady(seed)
  return Array.from({ length: days }, (_, day) => 1000 * WEEK[day % 7]! * (0.85 + 0.3 * next()))
}

test('no fold sees a day after its origin', () => {
  const history = noisy(200)
  const folds = rollingFolds(history, 14)
  expect(folds.length).toBeGreaterThanOrEqual(8)
  for (const at of [0, 25, folds.length - 1]) {
    const { origin, forecasts } = folds[at]!
    const changed = rollingFolds(
      history.map((value, day) => (day < origin ? value : value * 50)),
      14,
    )[at]!
    expect(changed.origin).toBe(origin)
    expect(changed.forecasts).toEqual(forecasts)
  }
})

test('noise around weekdays is forecast better than by the better baseline, and the better one is said', () => {
  const choice = chooseMethod(rollingFolds(noisy(300), 14))
  expect(choice.reason).not.toBe('baseline_not_beaten')
  expect(choice.errors[choice.method]!).toBeLessThan(Math.min(...BASELINES.map((name) => choice.errors[name]!)))
})

test('where nothing is better than a baseline it is the baseline that ships', () => {
  // Each week is the last one, its days moved by the same large step: nothing beats last week at its level.
  const history = Array.from({ length: 140 }, (_, day) => WEEK[day % 7]! * 100)
  const { choice, points } = project(history, 7)
  expect(BASELINES as readonly string[]).toContain(choice.baseline)
  for (const [step, point] of points.entries()) expect(point).toBeCloseTo(WEEK[step % 7]! * 100, 6)
})

test('a band of 95 % is never inside that of 80 %, points lie in both, and a month’s limits are those of sums', () => {
  const { points, bands, paths } = project(noisy(200), 30)
  for (const [step, { low80, high80, low95, high95 }] of bands.entries()) {
    expect(low95).toBeLessThanOrEqual(low80)
    expect(high95).toBeGreaterThanOrEqual(high80)
    expect(points[step]! >= low95 && points[step]! <= high95).toBe(true)
  }
  const total = points.reduce((sum, point) => sum + point, 0)
  const sums = sumLimits(paths, 30)
  expect(total >= sums.low95 && total <= sums.high95).toBe(true)
  // Days of noise even out: the range of the sum is narrower than the limits of days added up.
  const added = bands.reduce((sum, { low95, high95 }) => sum + high95 - low95, 0)
  expect(sums.high95 - sums.low95).toBeLessThan(added)
})

test('whatever the days, every figure is a number, and what was never below zero is not said to be', () => {
  const day = fc.oneof(fc.constant(0), fc.double({ min: -1e6, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 50 }))
  fc.assert(
    fc.property(
      fc.array(day, { minLength: 14, maxLength: 80 }),
      fc.integer({ min: 1, max: 90 }),
      (history, horizon) => {
        const { points, bands, paths } = project(history, horizon)
        const all = [...points, ...bands.flatMap((band) => Object.values(band)), ...paths.flat()]
        expect(points).toHaveLength(horizon)
        expect(all.every(Number.isFinite)).toBe(true)
        if (history.every((value) => value >= 0)) expect(all.every((value) => value >= 0)).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

test('a week of history says its mean, in a band of at least half of it', () => {
  const { points, bands } = runRate([10, 10, 10, 10, 10, 10, 10], 2)
  expect(points).toEqual([10, 10])
  expect(bands[1]).toEqual({ low80: 5, high80: 15, low95: 0, high95: 20 })
})

test('a day of cost after weeks of nothing does not blow the bands up', () => {
  // In nano-dollars: a first day, ten weeks of nothing, two weeks of 150 dollars.
  const history = [9e11, ...Array.from({ length: 70 }, () => 0), ...Array.from({ length: 14 }, () => 1.5e11)]
  const { bands, paths } = project(history, 30)
  const most = Math.max(...bands.map(({ high95 }) => high95), ...paths.flat())
  expect(most).toBeLessThan(9e11 * 100)
})
