import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

/** January 2026: a100 costs 150, nlp holds a quarter of its first day and vision the rest; January 2025: 60. */
const COSTS = `date,provider,gpu_type,cost_usd
2025-01-02,aws,a100,60.00
2026-01-01,aws,a100,100.00
2026-01-02,aws,a100,50.00
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,0.5,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
2,vision,sam,aws,a100,1.5,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,failed
`
const JANUARY = 'start=2026-01-01&end=2026-01-31'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

test('two days are chosen on the calendar with keys alone, in either order', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/explore?${JANUARY}` })
  await page.locator('.range-button').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /January 31, 2026, end of the range/ }).focus()
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-day'))
  for (const [key, day] of [
    ['ArrowUp', '2026-01-24'],
    ['ArrowLeft', '2026-01-23'],
    ['Home', '2026-01-19'],
    ['End', '2026-01-25'],
    ['PageDown', '2026-02-25'],
    ['Shift+PageUp', '2025-02-25'],
    ['Shift+PageDown', '2026-02-25'],
    ['ArrowDown', '2026-03-04'],
  ] as const) {
    await page.keyboard.press(key)
    expect([key, await focused()]).toEqual([key, day])
  }
  await page.keyboard.press('Enter')
  await page.getByText('Now take the other day.').waitFor()
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageUp')
  await shot('range-calendar')
  await page.keyboard.press('Enter')
  expect(await page.getByLabel('First day').inputValue()).toBe('2026-01-04')
  expect(await page.getByLabel('Last day').inputValue()).toBe('2026-03-04')
  await page.getByRole('button', { name: 'Apply' }).press('Enter')
  await page.waitForURL('**/explore?start=2026-01-04&end=2026-03-04')
  // The box is gone and the focus is back on its button.
  await page.locator('.range-button:focus').waitFor()
  await page.locator('.range-button').press('Enter')
  await page.getByRole('button', { name: 'Last quarter' }).click()
  await page.waitForURL('**/explore?range=last-quarter')
  expect(errors).toEqual([])
})

test('the box fits a phone, with room for fingers, and Escape gives the focus back', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/explore?${JANUARY}`, width: 375, isDark: true })
  await page.locator('.range-button').click()
  await page.getByRole('button', { name: /January 31, 2026/ }).waitFor()
  await shot('range-375-dark')
  expect(await overflowOf(page)).toBe(0)
  const small = await page
    .locator('.range button')
    .evaluateAll((buttons) =>
      buttons.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
    )
  expect(small).toEqual([])
  await page.keyboard.press('Escape')
  await page.locator('.range-button:focus').waitFor()
  expect(errors).toEqual([])
})

test('the year before stands beside: its total, its groups, and which days they were', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/explore?${JANUARY}&by=gpu_type` })
  await page.getByLabel('Compare with').selectOption('year')
  await page.waitForURL('**compare=year')
  const line = page.locator('.total-line')
  await line.getByText('$90.00 vs year before').waitFor()
  expect(await line.innerText()).toContain('(Jan 1 – 31, 2025)')
  expect(await rowsOf(page, 'Cost by GPU type')).toEqual([
    ['a100', '$150.00', '100.0%', '$60.00', '+150.0%', '2', '4'],
    ['Total', '$150.00', '', '$60.00', '+150.0%', ''],
  ])
  await shot('explore-year')
  await page.getByText('January 2026 is open').waitFor()
  await page.getByRole('link', { name: 'Statement of January 2026' }).click()
  await page.waitForURL('**/statements?month=2026-01')
  expect(errors).toEqual([])
})

test('an amount says how it was computed and leads to its pool-days, jobs lead to their list', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/explore?${JANUARY}&by=team&by=gpu_type` })
  const rows = await rowsOf(page, 'Cost by team and GPU type')
  expect(rows[0]?.slice(0, 3)).toEqual(['vision', 'a100', '$75.00'])
  await page.getByRole('button', { name: 'How was the total computed?' }).click()
  const box = page.locator('.popover .how')
  await box.getByText('Allocation. Splits each bill').waitFor()
  await shot('how-computed')
  await page.keyboard.press('Escape')
  expect(await page.getByRole('link', { name: /jobs of vision/ }).getAttribute('href')).toMatch(
    /^\/jobs\?start=2026-01-01&end=2026-01-31&gpu_type=a100&team_id=team_\d+$/,
  )
  await page.getByRole('link', { name: /how is this made, of vision, a100/ }).click()
  await page.waitForURL('**/explain?*')
  await page.locator('.explain-amount', { hasText: '$75.00' }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'How was the total computed?' }).click()
  await page.locator('.popover .how').getByRole('link', { name: 'The rows behind it' }).click()
  await page.locator('.explain-amount', { hasText: '$150.00' }).waitFor()
  expect(errors).toEqual([])
})

test('invoiced cost is explained as invoiced, and a step back keeps it', async () => {
  const { page, errors } = await heliox.visit({ path: `/explore?${JANUARY}&by=gpu_type&cost=billed` })
  await page.getByRole('button', { name: 'How was the total computed?' }).click()
  await page.locator('.popover .how').getByRole('link', { name: 'Bill lines' }).waitFor()
  await page.locator('.popover .how').getByRole('link', { name: 'The rows behind it' }).click()
  await page.waitForURL('**/explain?*cost=billed*')
  await page.getByText('by allocation, cost as invoiced').waitFor()
  await page.locator('.explain-amount', { hasText: '$150.00' }).waitFor()
  await page.getByText('These 2 pool-days add up to $150.00: difference 0.').waitFor()
  await page.getByRole('link', { name: 'Thu, Jan 1, 2026' }).click()
  await page.getByText('This line adds up to $100.00: difference 0.').waitFor()
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Explore' }).click()
  await page.waitForURL('**/explore?*cost=billed*')
  expect(errors).toEqual([])
})

test('“Which pools” leads to that part of Utilisation, and a relative range stays relative', async () => {
  const { page, errors } = await heliox.visit({ path: '/?range=this-year' })
  await page.goto(`/?${JANUARY}`)
  const link = page.getByRole('link', { name: /^Which pools/ })
  expect(await link.getAttribute('href')).toBe(`/utilization?${JANUARY}&worth=pool#worth`)
  await link.click()
  await page.locator('#worth:focus').waitFor()
  expect(await page.locator('#worth').getByRole('combobox', { name: 'By' }).inputValue()).toBe('pool')
  await page.goto('/explore?range=this-year&by=gpu_type')
  await page.getByRole('button', { name: 'How was the total computed?' }).click()
  expect(await page.getByRole('link', { name: 'The rows behind it' }).getAttribute('href')).toBe(
    '/explain?range=this-year',
  )
  expect(errors).toEqual([])
})

test('a statement’s sums lead to what they are made of, and a team says what it used of its budget this month', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/statements?month=2026-01' })
  await page.getByRole('button', { name: 'How was a team’s total computed?' }).click()
  await page.locator('.popover .how').getByText('Allocation of effective cost').waitFor()
  await shot('statement-how')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'how is this made, of vision, jobs?' }).click()
  await page.locator('.explain-amount', { hasText: '$75.00' }).waitFor()
  await page.goto('/statements?month=2026-01')
  await page.getByRole('link', { name: 'how is this made, of aws · a100?' }).click()
  await page.locator('.explain-amount', { hasText: '$50.00' }).waitFor()
  await page.goto('/teams')
  await page.getByRole('link', { name: 'spent by vision this month' }).click()
  await page.waitForURL('**/?range=this-month&team_id=team_*')
  expect(errors).toEqual([])
})

test('utilisation says how a share was computed, on a phone without scrolling sideways', async () => {
  const path = `/utilization?${JANUARY}`
  const { page, errors, shot } = await heliox.visit({ path, width: 375 })
  for (const figure of ['idle share', 'busy while held', 'held', 'useful']) {
    await page.getByRole('button', { name: `How was ${figure} computed?` }).click()
    await page.locator('.popover .how').waitFor()
    expect([figure, await overflowOf(page)]).toEqual([figure, 0])
    if (figure === 'busy while held') await shot('utilization-how-375')
    await page.keyboard.press('Escape')
  }
  expect(await page.getByRole('link', { name: 'the jobs that held them' }).getAttribute('href')).toBe(
    '/jobs?start=2026-01-01&end=2026-01-31',
  )
  await shot('utilization-cards-375')
  expect(errors).toEqual([])
})
