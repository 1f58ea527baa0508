import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const COSTS = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,363548.46\n2026-01-02,aws,h100,12452.29\n'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed
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

/** Where something stands in the window. */
async function boxOf(page: Page, selector: string) {
  const box = await page.locator(selector).first().boundingBox()
  if (!box) throw new Error(`${selector} is not to be seen`)
  return box
}

describe.each([375, 390])('at %i px', (width) => {
  test.for(['/', '/utilization'])('every “How?” of %s opens inside the screen', async (path) => {
    const { page, errors } = await heliox.visit({ path: `${path}?${JANUARY}`, width })
    await page.locator('.card .how-button').first().waitFor()
    for (const button of await page.locator('.card .how-button').all()) {
      await button.click()
      // Once it is placed: before that it stands nowhere.
      await expect.poll(async () => (await boxOf(page, '.popover')).x).toBeGreaterThanOrEqual(0)
      const { x, width: wide } = await boxOf(page, '.popover')
      expect(x + wide).toBeLessThanOrEqual(width)
      await page.keyboard.press('Escape')
      await page.locator('.popover').waitFor({ state: 'detached' })
    }
    expect(await overflowOf(page)).toBe(0)
    expect(errors).toEqual([])
  })
})

test('at twice the size the calendar scrolls under the header, its weekdays above its days', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/?${JANUARY}`, width: 720 })
  await page.setViewportSize({ width: 720, height: 450 })
  await page.locator('.range-button').click()
  await page.locator('.calendar').waitFor()
  await page.mouse.move(300, 400)
  await page.mouse.wheel(0, 260)
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(260)
  const [weekdays, firstWeek] = [await boxOf(page, '.calendar thead'), await boxOf(page, '.calendar tbody tr')]
  expect(weekdays.y + weekdays.height).toBeLessThanOrEqual(firstWeek.y + 1)
  const { x, y } = await boxOf(page, '.range-presets')
  expect(y).toBeLessThan(56) // so that something of the box would lie over the header
  expect(await page.evaluate(([at]) => !!document.elementFromPoint(at ?? 0, 30)?.closest('.top'), [x + 20])).toBe(true)
  await shot('calendar-200')
  expect(errors).toEqual([])
})

test('figures of the cards stay inside them at 720 px', async () => {
  const { page, errors } = await heliox.visit({ path: `/?${JANUARY}`, width: 720 })
  await page.locator('.card:not(.is-loading)').first().waitFor()
  const over = await page
    .locator('.card > *')
    .evaluateAll((parts) => parts.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length)
  expect(over).toBe(0)
  const tops = await page.locator('.card').evaluateAll((cards) => cards.map((one) => one.getBoundingClientRect().top))
  expect(new Set(tops).size).toBe(2) // two and two
  expect(errors).toEqual([])
})
