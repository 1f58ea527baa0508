import { expect, test } from 'vitest'
import { addDays, type Day } from '../../db/units/time.ts'
import { nano, startHeliox } from '../testing.ts'

const FIRST = '2026-01-01' as Day
const WEEK = [100, 110, 120, 130, 90, 40, 20]

type Told = {
  history_end: string
  is_partial: boolean
  assumes: string[]
  // biome-ignore lint/suspicious/noExplicitAny: held against the OpenAPI document already
  series: any[]
}

/** A bill of so many days from January 1, weekdays apart, and a clock that stands at noon of a day. */
async function billed(days: number, now: string, of: (day: number) => number = (day) => WEEK[day % 7]!) {
  const heliox = await startHeliox({ now: `${now}T12:00:00Z` })
  const rows = Array.from({ length: days }, (_, day) => `${addDays(FIRST, day)},aws,h100,${of(day)}`)
  const file = ['date,provider,gpu_type,cost_usd', ...rows.filter((row) => !row.endsWith(',0'))].join('\n')
  const sent = await heliox.fetch('/api/v1/imports?format=cost-csv', { method: 'POST', body: file })
  expect(sent.ok).toBe(true)
  return heliox
}

test('fourteen days are forecast for 7, 14 and 30 days with limits, a method and its error', async () => {
  const { json } = await billed(14, '2026-01-15')
  for (const days of [7, 14, 30]) {
    const { series, history_end: end } = await json<Told>(`/api/v1/analytics/forecast?days=${days}`)
    expect(end).toBe('2026-01-14')
    const [one] = series
    expect(one.days).toHaveLength(days)
    expect(one.days[0].day).toBe('2026-01-15')
    // The week repeats exactly.
    expect(one.days.slice(0, 7).map(({ point }: { point: string }) => Number(point))).toEqual(WEEK)
    expect(one.method).not.toBeNull()
    expect(one.backtest.methods[0].mase ?? 0).toBe(0)
    expect(one.backtest.folds).toBeGreaterThanOrEqual(4)
  }
})

test('six days are refused: need 7', async () => {
  const { write } = await billed(6, '2026-01-20')
  const { status, body } = await write('GET', '/api/v1/analytics/forecast')
  expect([status, body.error.code]).toEqual([400, 'forecast.needs_history'])
  expect(body.error.message).toBe('A forecast needs history: there are 6 complete days, need 7')
})

test('seven days are a run rate in a declared band', async () => {
  const { json } = await billed(7, '2026-01-20')
  const [one] = (await json<Told>('/api/v1/analytics/forecast?days=3')).series
  expect([one.method, one.backtest]).toEqual(['run_rate', null])
  // 610 ÷ 7
  expect(one.days[2].point).toBe('87.142857143')
  expect(Number(one.days[2].high80)).toBeGreaterThan(87.14 * 1.5 - 0.01)
})

test('a day that is not over is no history, and neither are days after the bill', async () => {
  const open = await billed(20, '2026-01-20', (day) => (day === 19 ? 5 : WEEK[day % 7]!))
  const today = await open.json<Told>('/api/v1/analytics/forecast?days=1')
  expect([today.history_end, today.series[0].days[0].day]).toEqual(['2026-01-19', '2026-01-20'])
  const late = await billed(20, '2026-02-20')
  expect((await late.json<Told>('/api/v1/analytics/forecast')).history_end).toBe('2026-01-20')
})

test('the month is its complete days and the days to come, to the nano-dollar', async () => {
  const { json } = await billed(50, '2026-02-20', (day) => WEEK[day % 7]! + ((day * 37) % 11))
  const [one] = (await json<Told>('/api/v1/analytics/forecast?days=month_end')).series
  expect([one.month.month, one.month.actual_days, one.month.rest_days]).toEqual(['2026-02', 19, 9])
  const rest = one.days.reduce((sum: bigint, { point }: { point: string }) => sum + nano(point), 0n)
  expect(nano(one.month.rest)).toBe(rest)
  expect(nano(one.month.total)).toBe(nano(one.month.actual) + rest)
  const { low95, low80, total, high80, high95 } = one.month
  const order = [low95, low80, total, high80, high95].map(Number)
  expect([...order].sort((a, b) => a - b)).toEqual(order)
})

test('days of nothing and credits are days', async () => {
  const { json } = await billed(40, '2026-02-20', (day) => (day % 7 > 4 ? 0 : 50))
  const [one] = (await json<Told>('/api/v1/analytics/forecast?days=7')).series
  expect(one.history_days).toBe(40)
  expect(one.days.some(({ point }: { point: string }) => Number(point) === 0)).toBe(true)
})

test('CSV has a line per day and group', async () => {
  const { fetch } = await billed(30, '2026-02-20')
  const answer = await fetch('/api/v1/analytics/forecast?days=2&group_by=provider', { headers: { accept: 'text/csv' } })
  const lines = (await answer.text()).trim().split('\r\n')
  expect(lines[0]).toBe('date,group_by,group,kind,measure,point,low80,high80,low95,high95,method')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^2026-01-31,provider,aws,owner,cost,/)
})

test('a price that changes by the company’s own list is a step from its day on', async () => {
  const { json, write } = await billed(42, '2026-02-20')
  const price = { provider: 'aws', gpu_type: 'h100' }
  for (const [from, usd] of [
    ['2026-01-01', '2'],
    ['2026-02-15', '3'],
  ] as const)
    expect(
      (await write('POST', '/api/v1/prices/gpus', { ...price, effective_from: from, usd_per_gpu_hour: usd })).status,
    ).toBe(201)
  const answer = await json<Told>('/api/v1/analytics/forecast?days=7')
  expect(answer.assumes[0]).toMatch(/^h100 at aws changes by 50 % from 2026-02-15 on/)
  const points = answer.series[0].days.map(({ point }: { point: string }) => Number(point))
  // The history ends on February 11; half of 610 ÷ 7 a day is added from the 15th on.
  expect(points.slice(0, 3)).toEqual(WEEK.slice(0, 3))
  expect(points[3]).toBeCloseTo(WEEK[3]! + 610 / 7 / 2, 6)
})

test('who sees some teams gets the forecast of their part, and another team’s is refused', async () => {
  const heliox = await billed(20, '2026-01-25')
  for (const name of ['ml', 'nlp']) expect((await heliox.write('POST', '/api/v1/teams', { name })).status).toBe(201)
  const job = { job_id: 'a', team_id: 'team_1', model_name: 'm', provider: 'aws', gpu_type: 'h100' }
  const run = { ...job, start_time: '2026-01-02T00:00:00Z', end_time: '2026-01-18T00:00:00Z', status: 'completed' }
  expect((await heliox.write('POST', '/api/v1/jobs', run)).status).toBe(201)
  const viewer = await heliox.as('viewer', ['team_1'])
  const { series, is_partial: isPartial } = await viewer.json<Told>('/api/v1/analytics/forecast?group_by=team')
  expect([isPartial, series.map(({ name }: { name: string }) => name)]).toEqual([true, ['ml']])
  expect(series[0].history_start).toBe('2026-01-02')
  const other = await viewer.write('GET', '/api/v1/analytics/forecast?team_id=team_2')
  expect(other.status).toBe(403)
  const hours = await viewer.json<Told>('/api/v1/analytics/forecast?measure=gpu_hours&days=1')
  expect(hours.series[0].recent.find(({ day }: { day: string }) => day === '2026-01-05').actual).toBe('24')
})
