import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

/** 100 + 50 + 7.25 + 0.0025 = 157.2525. */
const COSTS = `date,provider,gpu_type,cost_usd
2026-01-01,aws,a100,100.00
2026-01-02,aws,a100,50.00
2026-01-02,gcp,h100,7.25
2026-01-03,gcp,h100,0.0025
`
/** On day 1 nlp holds one GPU and vision three, two hours each: 25 : 75. Nobody holds anything later. */
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
2,vision,sam,aws,a100,3,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
`
const DOCUMENTED = '/?start=2026-01-01&end=2026-01-14'
/** Calls of one tick travel in one request: wherever in it these stand. */
const ANALYTICS = /\/trpc\/.*analytics\./

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

test('an empty window leads to the latest data and keeps its length; Back returns', async () => {
  const { page, errors, shot } = await heliox.visit()
  await page.getByText(/^No costs between/).waitFor()
  await shot('overview-empty')
  await page.getByRole('button', { name: 'Jump to the latest data' }).click()
  await page.waitForURL('**/?start=2025-12-21&end=2026-01-03') // 14 days that end on the last bill
  await page.locator('.trend .apexcharts-bar-area').first().waitFor()
  expect(await figureOf(page, 'Total spend')).toBe('$157.25')
  await page.goBack()
  await page.getByText(/^No costs between/).waitFor()
  expect(errors).toEqual([])
})

test('what is on the page adds up to the bill, to the digit', async () => {
  const { page, errors, shot } = await heliox.visit({ path: DOCUMENTED })
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  await shot('overview')
  expect(await figureOf(page, 'Unallocated')).toBe('$57.25') // 50 + 7.25 + 0.0025
  expect(await page.locator('.sums').innerText()).toMatch(
    /Billed \$157\.2525\s*=\s*allocated \$100\.00\s*\+\s*unallocated \$57\.2525/,
  )
  // One sentence says where idle hours are; no figure says that there are none.
  expect(await figureOf(page, 'Idle')).toBe('In the jobs')
  await page.locator('.sums').getByText('By allocation the jobs of a day carry the hours').waitFor()
  expect(await page.locator('.sums-check').innerText()).toBe('$0.00 difference')
  expect(await rowsOf(page, 'Cost by team')).toEqual([
    ['vision', '$75.00', '47.7%', '1', '6'],
    ['nlp', '$25.00', '15.9%', '1', '2'],
    ['Unallocated', '$57.2525', '36.4%', '–', '–'],
    ['Total', '$157.2525', ''],
  ])
  const days = await rowsOf(page, 'Daily spend')
  expect(days.at(-1)?.slice(0, 2)).toEqual(['Thu, Jan 1, 2026', '$100.00'])
  expect(days).toHaveLength(14) // zero days included
  await shot('overview-tables')
  expect(errors).toEqual([])
})

test('where the money went and what to do about it are said beside the total, and lead on', async () => {
  const { page, errors } = await heliox.visit({ path: DOCUMENTED })
  const link = (name: string) => page.locator('.where').getByRole('link', { name, exact: true }).first()
  await link('vision').waitFor()
  expect((await page.locator('.dearest li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
    'Dearest team vision $75.00 47.7% new',
    'Dearest model sam $75.00 47.7% new',
    'Dearest GPU a100 $150.00 95.4% new',
  ])
  expect(await link('vision').getAttribute('href')).toMatch(/^\/explore\?.*team_id=team_\d+&by=model&compare=previous$/)
  // 57.2525 on days without a job; what jobs held of the first day nobody measured
  const todo = page.locator('.todo-list li')
  expect(await todo.locator('.todo-amount').allInnerTexts()).toEqual(['$100.00', '$57.25'])
  expect(await todo.getByRole('link').first().getAttribute('href')).toBe('/sources')
  await page.getByText('Billed up to Jan 3, 2026').waitFor()
  await page.getByText('No team has a monthly budget.').waitFor()
  expect(errors).toEqual([])
})

test('on A4 the figures, a chart and a table of each breakdown fill few sheets, without what is to press', async () => {
  const { page, errors } = await heliox.visit({ path: DOCUMENTED })
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  expect(await page.locator('.paper').count()).toBe(0)
  const pdf = await page.pdf({ format: 'A4', path: 'dist/screenshots/overview-A4.pdf' })
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(3)
  expect(await page.locator('.paper').count()).toBe(0) // gone with the print
  await page.setViewportSize({ width: 688, height: 971 }) // what the margins leave of A4
  await page.emulateMedia({ media: 'print' })
  await page.locator('.paper-trend').waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await page.locator('.paper-part h2').allInnerTexts()).toEqual([
    ...['Daily spend', 'Cost by team', 'Cost by model', 'Cost by provider', 'Cost by GPU type'],
  ])
  await page.getByText('Jan 1 – 14, 2026 · days of UTC · Allocation basis').waitFor()
  for (const hidden of ['.apexcharts-canvas', '.toolbar', 'nav'])
    expect(await page.locator(`${hidden}:visible`).count()).toBe(0)
  expect(errors).toEqual([])
})

test('by exposure nothing is shown as a sum, and a sentence says why', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `${DOCUMENTED}&basis=exposure&group=team` })
  await page.locator('.where').getByText('do not add up').waitFor()
  expect(await figureOf(page, 'Total spend')).toBe('$157.25') // the bill, which no basis changes
  expect((await page.locator('.cards .card dt').allInnerTexts()).map((title) => title.trim())).toEqual([
    ...['Total spend', 'GPU-hours'],
  ])
  const sums = page.getByRole('region', { name: 'Reconciliation' })
  await sums.getByText('a dollar of it counts once for each owner').waitFor()
  expect(await sums.locator('.sums-check').count()).toBe(0)
  expect(await page.locator('.dearest-of').allInnerTexts()).toEqual(['Dearest GPU'])
  expect(await page.locator('.movers').getByText('Team').count()).toBe(0)
  await page.locator('.panel', { hasText: 'Cost by team' }).getByText('These figures do not add up').waitFor()
  expect(await page.locator('.donut').count()).toBe(0)
  await page.locator('.trend .apexcharts-bar-area').first().waitFor()
  await shot('overview-exposure')
  await page.getByRole('radio', { name: 'Allocation' }).check()
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  await sums.getByText('difference').waitFor()
  expect(await page.locator('.dearest-of').count()).toBe(3)
  expect(errors).toEqual([])
})

test('the choice lives in the address: basis, filters and range survive a reload and Back', async () => {
  const { page } = await heliox.visit({ path: DOCUMENTED })
  await page.getByRole('radio', { name: 'Usage' }).check()
  await page.waitForURL('**basis=usage*')
  // Without capacity and list price nobody knows what was idle: everything is unmeasured.
  expect(await figureOf(page, 'Unmeasured')).toBe('$157.25')
  await page.goBack()
  await expect.poll(() => new URL(page.url()).searchParams.get('basis')).toBeNull()

  const slices = () => page.locator('.donut .apexcharts-pie-area').count()
  await expect.poll(slices).toBeGreaterThan(1)
  await page.locator('.panel', { hasText: 'Cost by provider' }).getByRole('button', { name: 'gcp' }).click()
  await page.waitForURL('**provider=gcp*')
  await expect.poll(slices).toBe(1) // the drawing follows the list beside it
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$7.25')
  await page.reload()
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$7.25')
  await page.getByRole('button', { name: 'Remove filter Provider: gcp' }).click()
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$157.25')

  await page.locator('.range-button').click()
  await page.getByLabel('First day').fill('2026-01-02')
  await page.getByLabel('Last day').fill('2026-01-02')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL('**start=2026-01-02&end=2026-01-02*')
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$57.25')
  expect(await page.locator('.card').first().innerText()).toContain('$42.75 vs period before') // 100 → 57.25
})

test('hovering a day names it and its exact cost', async () => {
  const { page, shot } = await heliox.visit({ path: `${DOCUMENTED}&group=team` })
  const bar = page.locator('.trend .apexcharts-bar-area').first()
  await bar.waitFor()
  await bar.hover()
  const tip = page.locator('.trend .chart-tip')
  await tip.waitFor()
  expect((await tip.innerText()).split(/\s*\n\s*/)).toEqual(
    expect.arrayContaining(['Thu, Jan 1, 2026', 'vision', '$75.00', 'nlp', '$25.00', 'Total', '$100.00']),
  )
  await shot('overview-hover')
})

test('bars and slices say the cost and the jobs behind it', async () => {
  const { page } = await heliox.visit({ path: DOCUMENTED })
  const tipOver = async (chart: string, kind: string) => {
    const shape = page.locator(`${chart} .apexcharts-${kind}-area`).first()
    await shape.waitFor()
    const { width, height } = (await shape.boundingBox())!
    await shape.hover({ position: { x: width - 8, y: height / 2 } }) // the middle of a slice's box is the hole
    const tip = page.locator(`${chart} .chart-tip`)
    await tip.waitFor()
    return (await tip.innerText()).split(/\s*\n\s*/)
  }
  expect(await tipOver('.is-wide', 'bar')).toEqual(['sam', 'Cost', '$75.00', '1 job', '6 GPU-h'])
  expect(await tipOver('.donut', 'pie')).toEqual(['vision', 'Cost', '$75.00', '1 job', '47.7%'])
})

test('a panel is saved as CSV with the figures of the screen', async () => {
  const { page } = await heliox.visit({ path: DOCUMENTED })
  await rowsOf(page, 'Cost by team')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export cost by team' }).click()
  await page.getByRole('menuitem', { name: 'CSV figures' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toContain('vision')
  expect(text).toContain('57.2525')
})

test('another tab sees a new bill as soon as it is looked at', async () => {
  const { page, context } = await heliox.visit({ path: '/?start=2026-02-01&end=2026-02-02' })
  await page.getByText(/^No costs between/).waitFor()
  const other = await context.newPage()
  await other.goto('/imports')
  await upload(other, { name: 'february.csv', text: 'date,provider,gpu_type,cost_usd\n2026-02-01,aws,l4,3.50\n' })
  await page.bringToFront()
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 10_000 }).toBe('$3.50')
})

test('the indicator turns red when the server stops answering and green when it is back', async () => {
  const { page } = await heliox.visit({ path: DOCUMENTED })
  const lookAgain = () => page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await page.getByText('Healthy', { exact: true }).waitFor()
  await page.route('**/health', (route) => route.abort())
  await lookAgain()
  await page.getByText('Unreachable', { exact: true }).waitFor()
  await page.unroute('**/health')
  await lookAgain()
  await page.getByText('Healthy', { exact: true }).waitFor()
})

test('a failed answer is said in words, with a way to try again', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports' })
  await page.route(ANALYTICS, (route) => route.abort())
  await page.goto(DOCUMENTED)
  await page.getByText('Could not load this').first().waitFor()
  await shot('overview-error')
  await page.unroute(ANALYTICS)
  for (const title of ['Daily spend', 'Cost by team'])
    await page.locator('.panel', { hasText: title }).getByRole('button', { name: 'Try again' }).click()
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  expect(await figureOf(page, 'Total spend')).toBe('$157.25')
})

test('on a phone nothing scrolls sideways and fingers find their targets, dark as light', async () => {
  const { page, errors, shot } = await heliox.visit({ path: DOCUMENTED, width: 375, isDark: true })
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  const heights = await page
    .locator('button:visible, select:visible, nav a:visible')
    .evaluateAll((targets) => targets.map((target) => Math.round(target.getBoundingClientRect().height)))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
  await shot('overview-375-dark')
  await page.locator('.range-button').click()
  expect(await overflowOf(page)).toBe(0)
  expect(errors).toEqual([])
})

test('a click far down narrows the page and shows it from the top, and a link with days that are none says so once', async () => {
  const { page, errors } = await heliox.visit({ path: DOCUMENTED })
  const gcp = page.locator('.panel', { hasText: 'Cost by provider' }).getByRole('button', { name: 'gcp' })
  await gcp.scrollIntoViewIfNeeded()
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0)
  await gcp.click()
  await page.getByRole('button', { name: 'Remove filter Provider: gcp' }).waitFor()
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0)
  await page.goto('/?start=2026-13-45&end=foo&provider=gcp')
  await page.getByText('“2026-13-45 to foo” are no days. Shown: Last 14 days.').waitFor()
  expect(await page.locator('.toast').count()).toBe(1)
  await expect.poll(() => new URL(page.url()).search).toBe('?provider=gcp')
  expect(errors).toEqual([])
})

test('the number of alerts that fire stands in a line that was there before, and leads to them', async () => {
  const { page, errors } = await heliox.visit({ path: DOCUMENTED })
  const line = page.locator('.anomaly-line')
  await line.waitFor()
  const height = (await line.boundingBox())?.height
  expect(await line.getByRole('link', { name: /firing$/ }).count()).toBe(0)
  await heliox.stack.tick('minute') // makes the first rules
  await heliox.run('delete from alerts')
  await heliox.run(`insert into alerts (rule_id, group_key, status, severity, finding, started_at_ms, fired_at_ms, resolved_at_ms)
    select rule, value, 'firing', 'warning', '{"title":"It fires","text":"","href":"/","facts":[]}', 1, 1, iif(value = 'closed', 2, null)
    from (select id as rule from alert_rules limit 1), json_each('["a", "b", "closed"]')`)
  await page.reload()
  await line.getByRole('link', { name: '2 alerts firing' }).waitFor()
  expect((await line.boundingBox())?.height).toBe(height)
  await line.getByRole('link', { name: '2 alerts firing' }).click()
  await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor()
  await page.locator('.alert').filter({ hasText: 'It fires' }).nth(1).waitFor()
  expect(errors).toEqual([])
})
