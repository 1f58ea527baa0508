import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day, dayOf, type EpochMs } from '../db/units/time.ts'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

/** Thirty days up to yesterday, of which yesterday cost three times as much. */
const YESTERDAY = addDays(dayOf(Date.now() as EpochMs), -1)
const DAYS = Array.from({ length: 30 }, (_, at) => addDays(YESTERDAY, at - 29))
const gpus = (day: Day) => (day === YESTERDAY ? 6 : 2)
const COSTS = [
  'date,provider,gpu_type,cost_usd,gpu_hours',
  ...DAYS.map((day) => `${day},aws,h100,${gpus(day) * 240},${gpus(day) * 24}`),
]
const JOBS = [
  'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status',
  ...DAYS.map((day) => `job-${day},vision,sam,aws,h100,${gpus(day)},${day},${addDays(day, 1)},completed`),
]

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('without history the page says what is needed; then a day that stood out has its sentence, bridge, causes and doors', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/anomalies' })
  await page.getByText('14 days with a bill are needed').waitFor()
  await page.goto('/imports')
  await upload(page, { name: 'costs.csv', text: COSTS.join('\n') }, { name: 'jobs.csv', text: JOBS.join('\n') })
  await page.goto('/anomalies')
  const card = page.locator('.anomaly')
  await card
    .getByText(/^vision spent \$1,440\.00 on .* \$960\.00 more than expected .*3 × the GPU-hours on aws h100$/)
    .waitFor()
  expect((await card.locator('tbody tr').innerText()).replace(/\s+/g, ' ')).toContain(
    'aws h100: 48 → 144 hours $960.00',
  )
  expect(await card.locator('tfoot').innerText()).toContain('$960.00')
  expect(await card.getByRole('link', { name: /^How the figure is made/ }).getAttribute('href')).toContain(
    `start=${YESTERDAY}`,
  )
  await shot('anomalies')
  await page.getByLabel('Direction').selectOption('down')
  await page.waitForURL('**direction=down*')
  await page.getByText('Nothing stood out on these days.').waitFor()
  expect(errors).toEqual([])
})

test('what somebody says of it is kept and can be undone, on a phone in the dark without scrolling sideways', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/anomalies', width: 375, isDark: true })
  await page.getByLabel('Was it one?').fill('a planned run')
  await page.getByRole('button', { name: /^It was planned/ }).click()
  await page.locator('.anomaly-said').getByText('a planned run').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('anomalies-375-dark')
  await page.getByRole('button', { name: /^Undo what was said/ }).click()
  await page.getByLabel('Was it one?').waitFor()
  expect(errors).toEqual([])
})

test('the overview has a line of it that leads to the day', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/' })
  const line = page.getByRole('link', { name: /^1 anomaly yesterday: vision spent/ })
  await line.waitFor()
  await shot('anomalies-overview')
  await line.click()
  await page.waitForURL(`**/anomalies?start=${YESTERDAY}&end=${YESTERDAY}`)
  await page.locator('.anomaly').waitFor()
  expect(errors).toEqual([])
})
