import { expect, test } from 'vitest'
import { studentOverNormal } from '../intervals.ts'
import { drift } from './drift.ts'
import { holtWinters } from './holt-winters.ts'
import { weekdaySeason, withoutSeason } from './season.ts'
import { seasonalNaive } from './seasonal-naive.ts'
import { ahead, smooth } from './smoothing.ts'
import { plainTheta, slopeOf, theta } from './theta.ts'
import { weekdayProfile } from './weekday-profile.ts'

/** Oil production of Saudi Arabia 1996–2007 and air passengers of Australia 1990–2004 (fpp, statsmodels' test_holtwinters.py). */
const OIL = [
  ...[446.6565229, 454.4733065, 455.662974, 423.6322388, 456.2713279, 440.5880501],
  ...[425.3325201, 485.1494479, 506.0481621, 526.7919833, 514.268889, 494.2110193],
]
const AIR = [
  ...[17.5534, 21.8601, 23.8866, 26.9293, 26.8885, 28.8314, 30.0751, 30.9535, 30.1857, 31.5797, 32.577569, 33.477398],
  ...[39.021581, 41.386432, 41.596552],
]

test.each([
  [0.2, 484.802468],
  [0.6, 501.837461],
])('simple exponential smoothing of the oil series at α %d is what statsmodels publishes', (alpha, published) => {
  const state = smooth(OIL, { alpha, beta: 0, gamma: 0, phi: 0 }, { level: OIL[0]!, slope: 0, season: [] })
  expect(ahead(state, 1, 0)[0]).toBeCloseTo(published, 4)
})

test('Holt’s method of the air passengers at α 0.8 and β 0.2 is what fpp and statsmodels publish', () => {
  const start = { level: AIR[0]!, slope: AIR[1]! - AIR[0]!, season: [] }
  const said = ahead(smooth(AIR, { alpha: 0.8, beta: 0.2, gamma: 0, phi: 1 }, start), 5, 1)
  for (const [step, published] of [43.76, 45.59, 47.43, 49.27, 51.1].entries())
    expect(said[step]).toBeCloseTo(published, 2)
})

test('a damped slope goes on by φ + φ² + …, and a season by its own day', () => {
  expect(ahead({ level: 100, slope: 10, season: [1, -1] }, 3, 0.5)).toEqual([106, 106.5, 109.75])
})

test('one step of Holt–Winters is what the recursions say by hand', () => {
  // Expected 10 + 0.9 · 2 + 3 = 14.8, came 16: level 0.5 · 13 + 0.5 · 11.8 = 12.4, slope 0.1 · 2.4 + 0.9 · 1.8 = 1.86,
  // season 0.2 · 4.2 + 0.8 · 3 = 3.24.
  const weights = { alpha: 0.5, beta: 0.1, gamma: 0.2, phi: 0.9 }
  const after = smooth([16], weights, { level: 10, slope: 2, season: [3, -3] })
  expect(after.level).toBeCloseTo(12.4, 10)
  expect(after.slope).toBeCloseTo(1.86, 10)
  expect(after.season.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([-3, 3.24])
})

test('Theta is the mean of the line and of the smoothed line of double curvature', () => {
  // Assimakopoulos & Nikolopoulos: θ = 0 is the regression line, θ = 2 doubles the distance from it; SES of that, averaged.
  const alpha = 0.4
  const slope = slopeOf(AIR)
  const mean = AIR.reduce((sum, value) => sum + value, 0) / AIR.length
  const line = (day: number) => mean + slope * (day - (AIR.length - 1) / 2)
  const doubled = AIR.map((value, day) => 2 * value - line(day))
  const level = smooth(
    doubled,
    { alpha, beta: 0, gamma: 0, phi: 0 },
    { level: doubled[0]!, slope: 0, season: [] },
  ).level
  const said = plainTheta(AIR, 3, alpha)
  for (const step of [0, 1, 2]) {
    const byLines = (line(AIR.length + step) + level) / 2
    // Hyndman & Billah (2003): both start from the first value, whose line the closed form leaves out by (1 − α)^T.
    expect(Math.abs((said[step] as number) - byLines)).toBeLessThan(Math.abs(slope) * (1 - alpha) ** AIR.length * 10)
  }
})

test('drift is the line through the first and the last value, and the naive repeats the week', () => {
  expect(drift.forecast([2, 9, 4, 8], 3, null)).toEqual([10, 12, 14])
  expect(seasonalNaive.forecast([9, 1, 2, 3, 4, 5, 6, 7], 9, null)).toEqual([1, 2, 3, 4, 5, 6, 7, 1, 2])
})

const WEEK = [100, 110, 120, 130, 90, 40, 20]
const weeks = (count: number, of: (value: number, week: number) => number) =>
  Array.from({ length: count * 7 }, (_, day) => of(WEEK[day % 7]!, Math.floor(day / 7)))

test('the weekday profile has the last four weeks’ shape on the last week’s level', () => {
  const history = weeks(6, (value, week) => value + (week === 5 ? 14 : 0))
  // The last four weeks’ mean is a quarter of 14 above; the last week’s 14 above: each weekday as it was, 14 higher.
  for (const [day, value] of weekdayProfile.forecast(history, 7, null).entries())
    expect(value).toBeCloseTo(WEEK[day]! + 14, 9)
})

test('weekdays are told apart from the level, whichever weekday the history ends on', () => {
  for (const cut of [0, 1, 2, 3, 4, 5, 6]) {
    const history = weeks(9, (value) => value).slice(0, 63 - cut)
    const plain = withoutSeason(history, weekdaySeason(history))
    expect(Math.max(...plain) - Math.min(...plain)).toBeLessThan(1e-9)
  }
})

test.each([holtWinters, theta])('$name goes on with a week that repeats, from any weekday', (model) => {
  for (const cut of [0, 3]) {
    const history = weeks(10, (value) => value).slice(0, 70 - cut)
    const said = model.forecast(history, 10, model.fit(history) as never)
    for (const [step, value] of said.entries()) expect(value).toBeCloseTo(WEEK[(70 - cut + step) % 7]!, 6)
  }
})

test('Student’s t over the normal is that of the tables', () => {
  // t 0.975: 2.571 at 5 degrees, 2.086 at 20; t 0.9: 1.476 at 5.
  expect(studentOverNormal(0.975, 5) * 1.95996).toBeCloseTo(2.571, 2)
  expect(studentOverNormal(0.975, 20) * 1.95996).toBeCloseTo(2.086, 3)
  expect(studentOverNormal(0.9, 5) * 1.28155).toBeCloseTo(1.476, 2)
})
