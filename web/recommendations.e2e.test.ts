import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day, dayOf, type EpochMs } from '../db/units/time.ts'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const LAST = addDays(dayOf(Date.now() as EpochMs), -1)
const FIRST = addDays(LAST, -13)
const days = Array.from({ length: 14 }, (_, at) => addDays(FIRST, at))
/** $240 a day for 48 GPU-hours, of which vision holds 24. */
const COSTS = `date,provider,gpu_type,cost_usd,gpu_hours\n${days.map((day) => `${day},aws,h100,240,48`).join('\n')}\n`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${days
  .map((day: Day, at) => `run-${at},vision,bert,aws,h100,1,${day}T00:00:00Z,${addDays(day, 1)}T00:00:00Z,completed`)
  .join('\n')}\n`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

test('advice is opened by keyboard, accepted, and stands in the next step with its dollars', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/recommendations' })
  const idle = page.getByRole('button', { name: /aws h100 stands idle/ })
  await idle.waitFor()
  expect(await idle.innerText()).toContain('$3,600.00')
  await idle.focus()
  await page.keyboard.press('Enter')
  const detail = page.getByRole('region', { name: 'Recommendation' })
  await detail.waitFor()
  expect(await detail.innerText()).toContain('Σ over 14 days')
  expect(await detail.locator('tbody tr').count()).toBe(14)
  const door = await detail.locator('tbody a').first().getAttribute('href')
  expect(door).toMatch(/^\/explain\?start=.*provider=aws&gpu_type=h100$/)
  await shot('recommendations')
  await detail.getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /^Accepted 1/ }).click()
  await page.getByRole('button', { name: /aws h100 stands idle/ }).waitFor()
  expect(new URL(page.url()).searchParams.get('status')).toBe('accepted')
  expect(errors).toEqual([])
})

test('what is dismissed without a reason stays; with one it is gone after a reload', async () => {
  const { page, errors } = await heliox.visit({ path: '/recommendations?kind=cheaper-place' })
  await page.getByRole('button', { name: /costs less at/ }).click()
  await page.getByRole('region', { name: 'Recommendation' }).getByRole('button', { name: 'Dismiss' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Dismiss' }).click()
  await dialog
    .getByText(/say why it is dismissed/i)
    .first()
    .waitFor()
  await dialog.getByLabel('Why').fill('our data lives here')
  await dialog.getByRole('button', { name: 'Dismiss' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.goto('/recommendations?kind=cheaper-place')
  await page.getByText('Nothing here.').waitFor()
  await page.getByRole('button', { name: /^Dismissed 1/ }).waitFor()
  expect(errors).toEqual([])
})

test('a what-if is made, and its link shows the same to somebody else', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/what-if?start=${FIRST}&end=${LAST}` })
  await page.getByText('No change yet').waitFor()
  await page.getByRole('textbox', { name: 'Percent' }).fill('-10')
  await page.getByRole('button', { name: 'Add the change' }).click()
  await page.getByText('every pool -10 % a GPU-hour').waitFor()
  // 14 × $240, less a tenth.
  await page.locator('.card-value', { hasText: '$3,024.00' }).waitFor()
  const [vision] = await rowsOf(page, 'Before and after')
  expect(vision).toEqual(['vision', '$3,360.00', '$3,024.00', '-$336.00'])
  await shot('what-if')
  expect(await page.getByLabel('Link to this what-if').inputValue()).toContain('gpu_percent=*%2F*%3D-10')
  const other = await heliox.visit({
    path: new URL(page.url()).pathname + new URL(page.url()).search,
    width: 375,
    isDark: true,
  })
  await other.page.locator('.card-value', { hasText: '$3,024.00' }).waitFor()
  expect(await overflowOf(other.page)).toBe(0)
  await other.shot('what-if-narrow')
  await page.getByRole('button', { name: /^Take away/ }).click()
  await page.getByText('No change yet').waitFor()
  expect(errors.concat(other.errors)).toEqual([])
})

test('a narrow dark screen has no sideways scroll', async () => {
  const { page, shot } = await heliox.visit({ path: '/recommendations?status=all', width: 375, isDark: true })
  await page.getByRole('button', { name: /aws h100 stands idle/ }).click()
  await page.getByRole('region', { name: 'Recommendation' }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('recommendations-narrow')
})
