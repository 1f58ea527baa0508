import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day } from '../db/units/time.ts'
import { faultsOf } from './testing/axe.ts'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const FIRST = '2026-01-01' as Day
const LONG = '/?start=2026-01-01&end=2026-03-31&group=team'
/** 90 days: aws costs 100 a day, gcp 7.25 from the second month on. */
const COSTS = Array.from({ length: 90 }, (_, at) => {
  const day = addDays(FIRST, at)
  return `${day},aws,a100,100.00\n${day >= '2026-02-01' ? `${day},gcp,h100,7.25\n` : ''}`
}).join('')
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-03-31T00:00:00Z,completed
2,vision,sam,aws,a100,3,2026-01-01T00:00:00Z,2026-03-31T00:00:00Z,completed
`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  const costs = `date,provider,gpu_type,cost_usd\n${COSTS}`
  await upload(page, { name: 'costs.csv', text: costs }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

const drawn = (page: Page) => page.locator('.trend .drag-over .apexcharts-bar-area').first().waitFor()

/** Saves a panel from its menu and answers the file. */
async function save(page: Page, name: string, item: string) {
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: `Export ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
  const file = await saved
  return { fileName: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

test('one menu saves a chart as an image, as a drawing and its figures, from the table too', async () => {
  const { page, errors } = await heliox.visit({ path: LONG })
  await drawn(page)
  const drawing = await save(page, 'daily spend', 'SVG drawing')
  expect(drawing.fileName).toBe('heliox-overview-daily-team-2026-01-01..2026-03-31.svg')
  const svg = drawing.bytes.toString()
  for (const words of ['Daily spend', 'By team, Jan 1 – Mar 31, 2026', 'vision', 'nlp', 'Unallocated'])
    expect(svg).toContain(words)
  expect(svg).not.toContain('foreignObject')
  const figures = await save(page, 'daily spend', 'CSV figures')
  expect(figures.bytes.toString()).toContain('2026-03-31')
  await page.locator('.trend').getByRole('button', { name: 'Table' }).click()
  await page.locator('.trend tbody tr').first().waitFor()
  const image = await save(page, 'daily spend', 'PNG image')
  expect(image.fileName).toBe('heliox-overview-daily-team-2026-01-01..2026-03-31.png')
  // The width in a PNG's header: 1120 and two margins of 24, twice as fine.
  expect(image.bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(image.bytes.readUInt32BE(16)).toBe(2336)
  const bars = await save(page, 'cost by provider', 'SVG drawing')
  expect(bars.fileName).toBe('heliox-overview-provider-2026-01-01..2026-03-31.svg')
  for (const words of ['Cost by provider', 'Jan 1 – Mar 31, 2026', 'aws', '$9,000.00'])
    expect(bars.bytes.toString()).toContain(words)
  expect(errors).toEqual([])
})

test('the menu is walked by keys, and Escape gives the focus back to its button', async () => {
  const { page, errors } = await heliox.visit({ path: LONG })
  await drawn(page)
  const button = page.getByRole('button', { name: 'Export daily spend' })
  const standsOn = (name: string) => page.getByRole('menuitem', { name }).and(page.locator(':focus')).waitFor()
  await button.focus()
  await page.keyboard.press('Enter')
  await standsOn('PNG image')
  await page.keyboard.press('ArrowDown')
  await standsOn('SVG drawing')
  await page.keyboard.press('End')
  await standsOn('CSV figures')
  await page.keyboard.press('ArrowDown')
  await standsOn('PNG image')
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  await button.and(page.locator(':focus')).waitFor()
  await page.keyboard.press('ArrowUp')
  await standsOn('CSV figures')
  const saved = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  expect((await saved).suggestedFilename()).toBe('heliox-overview-daily-team-2026-01-01..2026-03-31.csv')
  await button.and(page.locator(':focus')).waitFor()
  await button.click()
  await page.getByRole('menu', { name: 'Export daily spend' }).waitFor()
  await button.click()
  await page.getByRole('menu').waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

test('dragging over columns looks closer, the whole page follows, and there are two ways back', async () => {
  const { page, errors } = await heliox.visit({ path: LONG })
  await drawn(page)
  const columns = page.locator('.trend .drag-over .apexcharts-grid').first()
  await page.locator('.trend').scrollIntoViewIfNeeded()
  const grid = (await columns.boundingBox())!
  const middle = grid.y + grid.height / 2
  // 90 columns: from the 10th to the 20th
  await page.mouse.move(grid.x + (grid.width * 9.5) / 90, middle)
  await page.mouse.down()
  await page.mouse.move(grid.x + (grid.width * 15) / 90, middle)
  await page.mouse.move(grid.x + (grid.width * 19.5) / 90, middle)
  await page.mouse.up()
  await page.waitForURL(/start=2026-01-10&end=2026-01-20/)
  expect(new URL(page.url()).searchParams.get('team_id')).toBeNull() // the press was no click
  await expect.poll(() => page.locator('.card-value').first().innerText()).toBe('$1,100.00') // 11 days of 100
  await page.getByRole('button', { name: 'Whole range' }).click()
  await page.waitForURL(/start=2026-01-01&end=2026-03-31/)
  expect(page.url()).not.toContain('whole=')
  await page.goBack()
  await page.waitForURL(/start=2026-01-10&end=2026-01-20/)
  await page.goBack()
  await page.waitForURL(/start=2026-01-01&end=2026-03-31/)
  expect(errors).toEqual([])
})

test('the handles of the strip move by arrow keys, and a link shows what its sender saw', async () => {
  const { page, errors } = await heliox.visit({ path: LONG })
  await drawn(page)
  const first = page.getByRole('slider', { name: 'First day shown' }).first()
  await first.focus()
  for (let key = 0; key < 3; key++) await page.keyboard.press('ArrowRight')
  await page.waitForURL(/start=2026-01-04&end=2026-03-31/)
  expect(await first.getAttribute('aria-valuetext')).toBe('Sun, Jan 4, 2026')
  const { page: colleague } = await heliox.visit({ path: new URL(page.url()).pathname + new URL(page.url()).search })
  await drawn(colleague)
  const handle = colleague.getByRole('slider', { name: 'First day shown' }).first()
  expect(await handle.getAttribute('aria-valuenow')).toBe('3')
  await colleague.getByRole('button', { name: 'Whole range' }).click()
  await colleague.waitForURL(/start=2026-01-01&end=2026-03-31/)
  expect(errors).toEqual([])
})

test('a short range has no strip', async () => {
  const { page } = await heliox.visit({ path: '/?start=2026-02-01&end=2026-02-14' })
  await drawn(page)
  expect(await page.getByRole('slider').count()).toBe(0)
})

test('a chart says what it shows, and its table has every figure and leads on', async () => {
  const { page, errors } = await heliox.visit({ path: '/?start=2026-01-01&end=2026-01-02&group=provider' })
  await drawn(page)
  const words = await page.locator('.trend .chart[role=img]').getAttribute('aria-label')
  expect(words).toBe(
    'Daily spend by provider. 2 columns from Thu, Jan 1, 2026 to Fri, Jan 2, 2026. $200.00 in total, most on Thu, Jan 1, 2026: $100.00. The table has every figure.',
  )
  expect(await rowsOf(page, 'Daily spend')).toEqual([
    ['Fri, Jan 2, 2026', '$100.00'],
    ['Thu, Jan 1, 2026', '$100.00'],
    ['Total', '$200.00'],
  ])
  expect(new URL(page.url()).searchParams.get('table')).toBe('daily')
  await page.reload()
  await page.locator('.trend tbody tr').first().waitFor() // the table is in the link
  await page.getByRole('link', { name: 'Thu, Jan 1, 2026', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/explain\?.*start=2026-01-01&end=2026-01-01/)
  await page.goBack()
  await page.locator('.trend thead').getByRole('button', { name: 'aws' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/provider=aws/)
  expect(errors).toEqual([])
})

test('a bar leads to its name on its day, and Back returns', async () => {
  const { page } = await heliox.visit({ path: '/?start=2026-02-01&end=2026-02-02&group=provider' })
  await drawn(page)
  await page.locator('.trend .drag-over .apexcharts-bar-area').first().click()
  await page.waitForURL(/start=2026-02-01&end=2026-02-01.*provider=aws/)
  await page.getByText('All of it is aws. Split by').first().waitFor()
  await page.goBack()
  await page.waitForURL(/start=2026-02-01&end=2026-02-02/)
  expect(new URL(page.url()).searchParams.get('provider')).toBeNull()
})

test('a name has one colour on every page and after a reload', async () => {
  const { page } = await heliox.visit({ path: `${LONG}&table=daily` })
  const swatchOf = (name: string) =>
    page
      .locator('li')
      .filter({ has: page.getByRole('button', { name, exact: true }) })
      .locator('.swatch')
      .first()
      .evaluate((swatch) => (swatch as HTMLElement).style.background)
  await page.getByRole('button', { name: 'nlp', exact: true }).first().waitFor()
  const [vision, nlp] = [await swatchOf('vision'), await swatchOf('nlp')]
  expect(vision).not.toBe(nlp)
  await page.goto('/explore?start=2026-01-01&end=2026-01-31&by=team')
  await page.getByRole('button', { name: 'nlp', exact: true }).first().waitFor()
  expect([await swatchOf('vision'), await swatchOf('nlp')]).toEqual([vision, nlp])
})

test('a chart that could not be loaded says so, and loads with the page again', async () => {
  const { page, context } = await heliox.visit({ path: '/imports' })
  await context.route('**/assets/*apexcharts*', (route) => route.abort())
  await page.goto('/?start=2026-02-01&end=2026-02-02')
  await page.locator('.trend').getByText('The chart could not be loaded.').waitFor()
  expect(await rowsOf(page, 'Daily spend')).toHaveLength(2)
  await page.locator('.trend').getByRole('button', { name: 'Chart' }).click()
  await context.unroute('**/assets/*apexcharts*')
  await page.locator('.trend').getByRole('button', { name: 'Load the page again' }).click()
  await drawn(page)
})

test('on a phone nothing scrolls sideways and the items of the menu are high enough for a finger, dark as light', async () => {
  for (const isDark of [false, true]) {
    const { page, errors, shot, context } = await heliox.visit({ path: LONG, width: 375, isDark })
    await drawn(page)
    await page.getByRole('slider').first().waitFor()
    expect(await overflowOf(page)).toBe(0)
    await page.getByRole('button', { name: 'Export daily spend' }).click()
    expect(await overflowOf(page)).toBe(0)
    const heights = await page
      .getByRole('menuitem')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
    expect(await faultsOf(page, isDark)).toEqual([])
    await shot(`charts-375-${isDark ? 'dark' : 'light'}`)
    expect(errors).toEqual([])
    await context.close()
  }
})
