import { expect, test } from 'vitest'
import { detect, type Said } from './detect.ts'

const SETTINGS = { season: 7, z: 4, leastImpact: 1 }
/** Ten weeks: 100 on weekdays, 40 at weekends, a little more or less. */
const WEEKS = Array.from({ length: 70 }, (_, at) => (at % 7 < 5 ? 100 : 40) + ((at * 7919) % 11) - 5)

function found(values: readonly (number | null)[], said?: ReadonlyMap<number, Said>, settings = SETTINGS) {
  return detect(values, settings, said).findings.map(({ at, direction, length, isShift }) => ({
    ...{ at, direction, length, isShift },
  }))
}
const withDay = (at: number, value: number | null) => WEEKS.with(at, value as number)

test('weekends are no anomaly, three times a day is, and it does not make the next days one', () => {
  expect(found(WEEKS)).toEqual([])
  expect(found(withDay(50, 300))).toEqual([{ at: 50, direction: 'up', length: 1, isShift: false }])
})

test('a weekday’s cost on a Sunday is an anomaly, and a drop is as well', () => {
  expect(found(withDay(55, 100))).toMatchObject([{ at: 55, direction: 'up' }])
  expect(found(withDay(50, 20))).toMatchObject([{ at: 50, direction: 'down' }])
})

test('a level shift is one anomaly, its first day, and the way back another', () => {
  const shifted = WEEKS.map((value, at) => (at >= 35 && at < 60 ? value + 200 : value))
  expect(found(shifted)).toMatchObject([
    { at: 35, direction: 'up', length: 7, isShift: true },
    { at: 60, direction: 'down', isShift: true },
  ])
})

test('a series that grows by half a percent a day is followed', () => {
  expect(found(WEEKS.map((value, at) => value * 1.005 ** at))).toEqual([])
})

test('nothing is judged before fourteen days, whatever happens there', () => {
  expect(found(withDay(13, 900))).toEqual([])
  const { judged } = detect(WEEKS, SETTINGS)
  expect([judged[13], judged[14]?.threshold]).toEqual([null, 4])
})

test('a flat series does not alarm on pennies, nor does what costs less than the threshold', () => {
  const flat = Array.from({ length: 40 }, () => 100)
  expect(found(flat.with(30, 100.5), undefined, { ...SETTINGS, leastImpact: 0 })).toEqual([])
  expect(found(flat.with(30, 150))).toHaveLength(1)
  expect(found(flat.with(30, 150), undefined, { ...SETTINGS, leastImpact: 60 })).toEqual([])
})

test('a day of which nothing is known is neither zero nor an anomaly', () => {
  expect(found(withDay(50, null))).toEqual([])
})

test('no widens the series afterwards, and that decays', () => {
  const after = (days: number, said: ReadonlyMap<number, Said>) =>
    detect(WEEKS, SETTINGS, said).judged[20 + days]?.threshold
  expect(after(1, new Map([[20, 'no']]))).toBeCloseTo(4 * (1 + 0.25 * 2 ** (-1 / 30)), 6)
  expect(after(30, new Map([[20, 'no']]))).toBeCloseTo(4.5, 6)
  expect(after(1, new Map([10, 12, 14, 16, 18, 20].map((at): [number, Said] => [at, 'no'])))).toBe(8)
  expect(after(1, new Map([[20, 'yes']]))).toBe(4)
})

test('a planned day is left out of what follows, and is still found, so that it can be taken back', () => {
  const said = new Map<number, Said>([[50, 'planned']])
  expect(found(withDay(50, 300), said)).toMatchObject([{ at: 50, length: 1 }])
  expect(detect(withDay(50, 300), SETTINGS, said).judged[51]?.expected).toBeCloseTo(
    detect(withDay(50, null), SETTINGS).judged[51]?.expected ?? 0,
    6,
  )
})
