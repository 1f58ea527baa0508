import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './testing/axe.ts'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

/** A third of a dollar is more digits than a column has. */
const COSTS = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,1.00\n2026-01-02,aws,h100,5.00\n'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed
2,vision,sam,aws,a100,2,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed
`
const PATH = '/explore?start=2026-01-01&end=2026-01-14&by=team'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

const hint = (page: Page) => page.getByRole('tooltip')
const toTable = (page: Page) => page.getByRole('button', { name: 'Table', exact: true }).click()

test('who comes by key is told what a word means and every digit of an amount, until Escape or Tab', async () => {
  const { page, errors, shot } = await heliox.visit({ path: PATH })
  await toTable(page)
  const amount = page.locator('.explain-link', { hasText: '$0.33' })
  await amount.focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await hint(page).getByText('$0.333333333: how is this made?').waitFor()
  expect(await amount.getAttribute('aria-describedby')).toBe(await hint(page).getAttribute('id'))
  await shot('hint')
  expect(await faultsOf(page, false)).toEqual([])
  await page.keyboard.press('Escape')
  await hint(page).waitFor({ state: 'detached' })
  expect(await amount.getAttribute('aria-describedby')).toBeNull()
  expect(await amount.evaluate((one) => one === document.activeElement)).toBe(true)
  const word = page.locator('.explained', { hasText: 'Unallocated' })
  await word.focus()
  await hint(page).waitFor()
  expect(await hint(page).innerText()).toMatch(/^Days on which no job held these GPUs/)
  expect(await word.getAttribute('aria-describedby')).toBe(await hint(page).getAttribute('id'))
  await page.keyboard.press('Tab')
  await expect.poll(() => page.locator('.explained:focus').count()).toBe(0)
  expect(errors).toEqual([])
})

test('a pointer that rests is told too, may go onto the box, and takes it away by leaving or pressing', async () => {
  const { page, errors } = await heliox.visit({ path: PATH })
  await toTable(page)
  const amount = page.locator('.explain-link', { hasText: '$0.33' })
  await amount.hover()
  await hint(page).hover()
  await amount.hover()
  expect(await hint(page).innerText()).toBe('$0.333333333: how is this made?')
  await page.mouse.move(5, 5)
  await hint(page).waitFor({ state: 'detached' })
  await amount.hover()
  await hint(page).waitFor()
  await amount.click()
  await page.waitForURL('**/explain?*')
  await hint(page).waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

test('on a phone a tap on a word says what it means, inside the screen and in the dark', async () => {
  const { page, errors, shot } = await heliox.visit({ path: PATH, width: 375, isDark: true })
  await toTable(page)
  await page.locator('.explained', { hasText: 'Unallocated' }).tap()
  await hint(page).waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await faultsOf(page, true)).toEqual([])
  await shot('hint-375-dark')
  expect(errors).toEqual([])
})

test('chart or table, and the basis, are chosen by keys: one Tab to each, arrows inside', async () => {
  const { page, errors, shot } = await heliox.visit({ path: PATH })
  const chart = page.getByRole('button', { name: 'Chart', exact: true })
  const table = page.getByRole('button', { name: 'Table', exact: true })
  await chart.focus()
  await page.keyboard.press('ArrowRight')
  await page.locator('.switch button:focus', { hasText: 'Table' }).waitFor()
  await page.keyboard.press('Enter')
  expect([await chart.getAttribute('aria-pressed'), await table.getAttribute('aria-pressed')]).toEqual([
    'false',
    'true',
  ])
  await page.keyboard.press('Enter') // the one that is on stays on
  expect(await table.getAttribute('aria-pressed')).toBe('true')
  await page.getByRole('radio', { name: 'Allocation' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL('**basis=usage')
  expect(await page.getByRole('radio', { name: 'Usage' }).isChecked()).toBe(true)
  await page.goBack()
  await expect.poll(() => page.getByRole('radio', { name: 'Allocation' }).isChecked()).toBe(true)
  await shot('switches')
  expect(errors).toEqual([])
})
