import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day, dayOf, type EpochMs } from '../db/units/time.ts'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const WEEK = [100, 110, 120, 130, 90, 40, 20]
const DAYS = 120

/** Complete days up to yesterday, weekdays apart, one of them a little off each week. */
function bill(): string {
  const first = addDays(dayOf(Date.now() as EpochMs), -DAYS) as Day
  const rows = Array.from(
    { length: DAYS },
    (_, day) => `${addDays(first, day)},aws,h100,${WEEK[day % 7]! + ((day * 13) % 9)}.00`,
  )
  return ['date,provider,gpu_type,cost_usd', ...rows].join('\n')
}

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('before there are seven days nothing is made up, and after that the month, its bands and their test are there', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/forecast' })
  await page.getByRole('heading', { name: 'Not enough history yet' }).waitFor()
  await page.getByText('need 7').waitFor()
  await page.goto('/imports')
  await upload(page, { name: 'costs.csv', text: bill() })
  await page.goto('/forecast')
  await page.locator('.apexcharts-rangeArea-series, .apexcharts-rangearea-series').first().waitFor()
  expect(await page.locator('.card-value').first().innerText()).toMatch(/^\$[\d,]+\.\d\d/)
  await page.getByText(/Nothing known today changes these days/).waitFor()
  await page.getByText(/of \d+ days lay in the 80 % band/).waitFor()
  expect(await page.locator('.forecast-methods tbody tr').count()).toBeGreaterThanOrEqual(8)
  await shot('forecast')
  await page.getByLabel('How far').selectOption('7')
  await expect.poll(() => rowsOf(page, 'Cost a day').then((rows) => rows.length)).toBe(7)
  await page.setViewportSize({ width: 375, height: 800 })
  expect(await overflowOf(page)).toBe(0)
  await shot('forecast-375')
  // The first look was refused, which a browser says.
  expect(errors.filter((words) => !/400/.test(words))).toEqual([])
})

test('the overview says what the month will cost, and the figure leads to the forecast', async () => {
  const { page, shot } = await heliox.visit({ path: '/' })
  const card = page.locator('.card').filter({ hasText: 'Month end' })
  await card.locator('.figure-door').waitFor()
  await shot('forecast-overview')
  await card.locator('.figure-door').click()
  await page.getByRole('heading', { name: 'Forecast', level: 1 }).waitFor()
  expect(await page.getByLabel('How far').inputValue()).toBe('month_end')
})
