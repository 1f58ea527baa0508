import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

/** a100 costs 150 over two days, h100 7.25: nlp holds a quarter of the a100 on the first day, vision the rest. */
const COSTS = `date,provider,gpu_type,cost_usd
2026-01-01,aws,a100,100.00
2026-01-02,aws,a100,50.00
2026-01-02,gcp,h100,7.25
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,0.5,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
2,vision,sam,aws,a100,1.5,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,failed
`
const FORTNIGHT = 'start=2026-01-01&end=2026-01-14'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

test('cost by two names adds up to the bill, a click narrows, Back widens again', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/explore?${FORTNIGHT}` })
  await page.getByLabel('and by').selectOption('gpu_type')
  await page.getByRole('button', { name: 'Table' }).click()
  await page.getByRole('heading', { name: 'Cost by team and GPU type' }).waitFor()
  const all = [
    ['vision', 'a100', '$75.00', '47.7%', '1', '3'],
    ['nlp', 'a100', '$25.00', '15.9%', '1', '1'],
    ['a100: Unallocated', '$50.00', '31.8%', '0', '0'],
    ['h100: Unallocated', '$7.25', '4.6%', '0', '0'],
    ['Total', '$157.25', '', ''],
  ]
  expect(await rowsOf(page, 'Cost by team and GPU type')).toEqual(all)
  await shot('explore')
  await page.getByRole('button', { name: 'vision' }).click()
  await page.getByRole('button', { name: 'Remove filter Team: vision' }).waitFor()
  expect(new URL(page.url()).searchParams.getAll('by')).toEqual(['team', 'gpu_type'])
  await page.goBack()
  await page.getByRole('button', { name: 'nlp' }).waitFor()
  expect(errors).toEqual([])
})

test('over time the columns are days, weeks or months, and the period before stands beside', async () => {
  const path = `/explore?${FORTNIGHT}&by=week&by=status&compare=previous`
  const { page, errors } = await heliox.visit({ path })
  await page.locator('.apexcharts-bar-area').first().waitFor()
  await page.getByRole('button', { name: 'Table' }).click()
  const [latest, , first] = await rowsOf(page, 'Cost by week and job status')
  expect([latest?.[0], first?.slice(0, 4)]).toEqual([
    'Week of Mon, Jan 12, 2026',
    ['Week of Mon, Dec 29, 2025', '$75.00', '$25.00', '$57.25'],
  ])
  await page.setViewportSize({ width: 375, height: 800 })
  expect(await overflowOf(page)).toBe(0)
  expect(errors).toEqual([])
})

test('a tag is asked for by its key, and charges without it are one row', async () => {
  const { page, errors } = await heliox.visit({ path: `/explore?${FORTNIGHT}` })
  await page.getByLabel('Group by').selectOption('tag')
  await page.getByRole('textbox', { name: 'Tag' }).fill('env')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Cost by tag env' }).waitFor()
  await page.getByRole('button', { name: 'Table' }).click()
  expect(await rowsOf(page, 'Cost by tag env')).toEqual([
    ['(none)', '$157.25', '100.0%', '–', '–'],
    ['Total', '$157.25', '', ''],
  ])
  expect(errors).toEqual([])
})

test('a filter is added from a list of what is there, and bars say what they are compared with', async () => {
  const { page, errors, shot } = await heliox.visit({
    path: `/explore?start=2026-01-02&end=2026-01-02&compare=previous`,
  })
  await page.getByText('Down 50.0% from $100.00').or(page.getByText('New: there was nothing before')).first().waitFor()
  await page.getByLabel('Filter by').selectOption('gpu_type')
  await page.locator('.explore-value').selectOption({ label: 'h100' })
  await page.getByRole('button', { name: 'Remove filter GPU type: h100' }).waitFor()
  await page.getByText('$7.25').first().waitFor()
  expect(await page.getByLabel('Filter by').inputValue()).toBe('')
  expect(await page.getByLabel('Filter by').evaluate((one) => one === document.activeElement)).toBe(true)
  await page.setViewportSize({ width: 375, height: 800 })
  expect(await overflowOf(page)).toBe(0)
  await shot('explore-filter-375')
  expect(errors).toEqual([])
})
