import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const DAYS = '/?start=2026-01-01&end=2026-01-14'
const bill = (day: string, cost: string) => `date,provider,gpu_type,cost_usd\n${day},aws,a100,${cost}\n`
const jobs = (...teams: string[]) =>
  `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${teams
    .map((team) => `${team},${team},m,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed\n`)
    .join('')}`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

/** Sends a file past the browser, as a script would. */
async function send(format: string, body: string): Promise<void> {
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const answer = await fetch(new URL(`/api/v1/imports?format=${format}`, heliox.stack.url), {
    ...{ method: 'POST', headers, body },
  })
  expect(answer.status).toBe(200)
}

const note = (page: Page) => page.locator('.live-note').getByText('Updated just now')
const followed = (page: Page) => page.waitForRequest((request) => request.url().endsWith('/api/v1/live'))
/** Where the reader's line stands on the screen: what is above it may grow, and the browser scrolls along. */
const placeOf = (page: Page) =>
  page.evaluate(() => ({
    top: Math.round(document.activeElement?.getBoundingClientRect().top ?? 0),
    focused: document.activeElement?.textContent,
    mark: document.querySelector('.panel')?.getAttribute('data-mark'),
  }))

test('an import in one tab updates the other in place: nothing scrolls, the focus stays, and a note says so', async () => {
  await send('cost-csv', bill('2026-01-01', '100'))
  await send('jobs-csv', jobs('nlp', 'vision'))
  const { page, context, errors, shot } = await heliox.visit({ path: DAYS })
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 15_000 }).toBe('$100.00')
  const row = page.locator('.panel', { hasText: 'Cost by team' }).getByRole('button', { name: 'vision' }).first()
  await row.waitFor()
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  await page.evaluate(() => document.querySelector('.panel')?.setAttribute('data-mark', 'same'))
  await row.focus()
  const before = await placeOf(page)
  expect([await page.evaluate(() => window.scrollY > 0), before.focused?.trim(), before.mark]).toEqual([
    ...[true, 'vision', 'same'],
  ])
  const other = await context.newPage()
  await other.goto('/imports')
  await upload(other, { name: 'more.csv', text: bill('2026-01-01', '140') })
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 15_000 }).toBe('$140.00')
  await note(page).waitFor()
  expect(await placeOf(page)).toEqual(before)
  await shot('live-updated')
  await note(page).waitFor({ state: 'detached', timeout: 15_000 })
  expect(errors).toEqual([])
})

test('while a dialog is open nothing changes below it or in it, and when it closes the page is up to date', async () => {
  const { page, errors } = await heliox.visit({ path: '/teams' })
  await page.getByRole('button', { name: 'New team' }).click()
  const name = page.getByRole('dialog').getByLabel('Name')
  await name.fill('half a name')
  const heard = page
    .waitForResponse((answer) => answer.url().includes('/trpc/teams'), { timeout: 8_000 })
    .then(
      () => 'asked',
      () => 'quiet',
    )
  await send('jobs-csv', jobs('zebra'))
  expect(await heard).toBe('quiet')
  expect(await name.inputValue()).toBe('half a name')
  await page.keyboard.press('Escape') // asks
  await page.keyboard.press('Escape')
  await page.getByRole('row', { name: /zebra/ }).waitFor()
  expect(errors).toEqual([])
})

test('a browser has one stream however many tabs, and the next tab takes it over', async () => {
  const { page, context } = await heliox.visit({ path: DAYS })
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 15_000 }).toBe('$140.00')
  const other = await context.newPage()
  const asked: string[] = []
  other.on('request', (request) => asked.push(request.url()))
  await other.goto(DAYS)
  await expect.poll(() => figureOf(other, 'Total spend'), { timeout: 15_000 }).toBe('$140.00')
  await send('cost-csv', bill('2026-01-02', '1'))
  await expect.poll(() => figureOf(other, 'Total spend'), { timeout: 15_000 }).toBe('$141.00')
  expect(asked.filter((url) => url.endsWith('/api/v1/live'))).toEqual([])
  const taken = followed(other)
  await page.close()
  await taken
  await send('cost-csv', bill('2026-01-03', '1'))
  await expect.poll(() => figureOf(other, 'Total spend'), { timeout: 15_000 }).toBe('$142.00')
})

test('where no stream gets through, a page is up to date when it is looked at', async () => {
  const { page, context } = await heliox.visit({ path: '/sign-in', isSignedIn: false })
  await context.route('**/api/v1/live', (route) => route.abort())
  await page.getByLabel('E-mail').fill(heliox.stack.adminEmail)
  await page.getByLabel('Password').fill(heliox.stack.adminPassword)
  const refused = followed(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await refused
  await page.goto(DAYS)
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 15_000 }).toBe('$142.00')
  await send('cost-csv', bill('2026-01-04', '1'))
  await page.evaluate(() => window.dispatchEvent(new Event('focus')))
  await expect.poll(() => figureOf(page, 'Total spend'), { timeout: 10_000 }).toBe('$143.00')
})
