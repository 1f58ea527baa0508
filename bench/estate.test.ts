import { expect, test } from 'vitest'
import { addDays, type EpochMs, startOf } from '../db/units/time.ts'
import { jobAt, jobFile, laterDay, MODELS, TEAMS, yearOf } from './estate.ts'
import { billFile, billLines, poolDayCosts } from './estate-bill.ts'

const YEAR = yearOf(2_000)
const rowsOf = (text: string) => {
  const [header = '', ...lines] = text.trimEnd().split('\n')
  const columns = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [columns[index], cell])))
}
const textOf = (file: { pieces: () => Iterable<string> }) => [...file.pieces()].join('')

test('the same estate is made each time, and a job is the same whoever asks for it first', () => {
  expect(textOf(jobFile(YEAR))).toBe(textOf(jobFile(yearOf(2_000))))
  expect(textOf(billFile(YEAR))).toBe(textOf(billFile(YEAR)))
  expect(jobAt(1_999, YEAR)).toEqual(jobAt(1_999, YEAR))
  expect(jobAt(1_999, YEAR)).not.toEqual(jobAt(1_998, YEAR))
})

test('a file has as many jobs as were asked for, all ended, of all teams and models', () => {
  const jobs = rowsOf(textOf(jobFile(YEAR)))
  expect(jobs).toHaveLength(2_000)
  expect(new Set(jobs.map(({ job_id: id }) => id)).size).toBe(2_000)
  expect(new Set(jobs.map(({ team_name: team }) => team)).size).toBe(TEAMS)
  expect(new Set(jobs.map(({ model_name: model }) => model)).size).toBe(MODELS)
  expect(jobs.filter(({ status }) => status === 'completed').length / 2_000).toBeCloseTo(0.8, 1)
  for (const { start_time: start = '', end_time: end = '' } of jobs) expect(start <= end).toBe(true)
})

test('every day of every job has a bill', () => {
  const billed = poolDayCosts(YEAR)
  for (const estate of [YEAR, laterDay(YEAR, 3_000, 0), laterDay(YEAR, 3_000, 4)])
    for (let at = 0; at < estate.jobs; at += 1) {
      const { provider, gpuType, startSecond, endSecond } = jobAt(at, estate)
      const dayAt = (second: number) => new Date(second * 1000).toISOString().slice(0, 10)
      const days = new Set([dayAt(startSecond), dayAt(Math.max(startSecond, endSecond - 1))])
      for (const day of days) expect(billed.get(`${day} ${provider} ${gpuType}`)).toBeGreaterThan(0n)
    }
})

test('the bill has the same lines whatever the number of jobs, and pays for more than what they hold', () => {
  const [small, large] = [yearOf(1_000), yearOf(20_000)]
  expect(billLines(small)).toBe(billLines(large))
  expect(rowsOf(textOf(billFile(large)))).toHaveLength(billLines(large))
  const dollars = Number(billFile(large).sum() / billFile(small).sum())
  expect(dollars).toBeGreaterThanOrEqual(19)
  const paid = rowsOf(textOf(billFile(large))).reduce((sum, row) => sum + Number(row.x_HelioxGpuHours), 0)
  const held = Number(jobFile(large).sum()) / 3600
  expect(held / paid).toBeGreaterThan(0.6)
  expect(held / paid).toBeLessThan(0.95)
})

test('the sum of the bill is the sum of its pool-days, and of its lines', () => {
  const file = billFile(YEAR)
  const byPoolDay = [...poolDayCosts(YEAR).values()].reduce((sum, cost) => sum + cost, 0n)
  expect(file.sum()).toBe(byPoolDay)
  const lines = rowsOf(textOf(file)).map(({ EffectiveCost: cost = '' }) => BigInt(cost.replace('.', '')))
  expect(lines.reduce((sum, cost) => sum + cost, 0n)).toBe(byPoolDay)
})

test('one more day begins where the year ends', () => {
  const day = laterDay(YEAR, 100, 0)
  expect(day.first).toBe(addDays(YEAR.first, 365))
  const end = (startOf(day.first) + 86_400_000) as EpochMs
  for (let at = 0; at < 100; at += 1) expect(jobAt(at, day).endSecond * 1000).toBeLessThanOrEqual(end)
})
