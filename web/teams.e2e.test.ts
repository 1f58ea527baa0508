import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb } from '../db/client.ts'
import { teams } from '../db/schema/teams.ts'
import { overflowOf, rowsOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const JOBS =
  'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n' +
  'j1,nlp,llama,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n' +
  'j2,nlp,llama,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n' +
  'j3,vision,sam,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n'
const COSTS = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,90.00\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

async function send(format: string, body: string): Promise<void> {
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const to = new URL(`/api/v1/imports?format=${format}`, heliox.stack.url)
  expect(await (await fetch(to, { method: 'POST', headers, body })).json()).toMatchObject({ status: 'success' })
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const press = (page: Page, name: string | RegExp) => button(page, name).click()
const budget = (page: Page) => page.getByLabel('Monthly budget, USD')
const gone = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })
const row = (page: Page, name: string) =>
  page.locator('.teams tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) })

test('without teams the page says where they come from, and an admin makes, changes, budgets and removes one', async () => {
  const { page, errors } = await heliox.visit()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Teams' }).click()
  await page.getByText('They come with the first file of jobs').waitFor()
  await page.goto('/people')
  await press(page, 'Invite a person')
  await page.getByRole('dialog').getByRole('link', { name: 'Teams page' }).click()
  await page.waitForURL('**/teams')

  await press(page, 'New team')
  await page.getByLabel('Name').fill('Speech')
  await page.getByLabel('Description').fill('Listens')
  await budget(page).fill('a lot')
  await press(page, 'Make the team')
  await page.getByText('Expected an amount such as "1234.56", found "a lot"').waitFor()
  expect(await budget(page).getAttribute('aria-invalid')).toBe('true')
  await budget(page).fill('1500.5')
  await press(page, 'Make the team')
  await gone(page)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New team')
  const cells = async () => (await rowsOf(page, 'All teams')).map((texts) => texts.slice(0, 3))
  await expect.poll(cells).toEqual([['Speech', 'Listens', '$1,500.50']])

  await press(page, 'New team')
  await page.getByLabel('Name').fill('SPEECH')
  await press(page, 'Make the team')
  await page.getByText('There is a team called Speech already').waitFor()
  expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
  await page.getByLabel('Name').fill('Zero')
  await budget(page).fill('0')
  await press(page, 'Make the team')
  await gone(page)

  await press(page, 'Edit Speech')
  expect(await budget(page).inputValue()).toBe('1500.50')
  await page.getByLabel('Name').fill('Voice')
  await page.getByLabel('Description').fill('')
  await budget(page).fill('')
  await press(page, 'Save')
  await gone(page)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^Edit (Speech|Voice)$/)
  await expect.poll(cells).toEqual([
    ['Voice', 'None', 'No budget'],
    ['Zero', 'None', '$0.00'],
  ])

  await press(page, 'Remove Voice')
  await page.getByRole('dialog').getByText('The bill stays as it is').waitFor()
  await press(page, 'Cancel')
  await press(page, 'Remove Voice')
  await press(page, 'Remove team')
  await gone(page)
  await page.locator('h1:focus').waitFor()
  await expect.poll(cells).toEqual([['Zero', 'None', '$0.00']])
  expect(errors.filter((text) => !text.includes('status of 409'))).toEqual([])
})

test('a team leads to its costs, and goes with its jobs while the bill stays', async () => {
  await send('jobs-csv', JOBS)
  await send('cost-csv', COSTS)
  const { page, errors } = await heliox.visit({ path: '/teams' })
  await row(page, 'nlp').getByRole('link', { name: 'nlp', exact: true }).click()
  await page.getByRole('button', { name: 'Remove filter Team: nlp' }).waitFor()
  expect(new URL(page.url()).search).toMatch(/^\?team_id=team_\d+$/)
  await page.goBack()
  await press(page, 'Remove vision')
  await page.getByText('the team, its 1 job,').waitFor()
  // The answer waits until the page was read.
  let letGo = () => {}
  const read = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/trpc/teams.remove**', (route) => read.then(() => route.continue()))
  await press(page, 'Remove team')
  await page.getByRole('progressbar', { name: 'Removing the team' }).waitFor()
  letGo()
  await gone(page)
  await row(page, 'vision').waitFor({ state: 'detached' })
  await page.goto('/?start=2026-01-01&end=2026-01-02')
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  // 90.00 was 60 for the two of nlp and 30 for the one of vision: the bill is the same, for nlp alone.
  await expect
    .poll(() => rowsOf(page, 'Cost by team').then((rows) => rows.map((cells) => cells.slice(0, 2))))
    .toEqual([
      ['nlp', '$90.00'],
      ['Total', '$90.00'],
    ])
  expect(errors).toEqual([])
})

test('finance sets a budget and has no other button', async () => {
  const finance = await addPerson(heliox.stack, 'finance')
  const { page, errors } = await heliox.visit({ path: '/teams', as: finance })
  const edit = row(page, 'nlp').getByRole('button')
  await edit.waitFor()
  expect(await page.locator('.teams').getByRole('button').allInnerTexts()).toEqual(['Edit budget', 'Edit budget'])
  await edit.click()
  await budget(page).waitFor()
  expect(await page.getByRole('dialog').getByRole('textbox').count()).toBe(1)
  await budget(page).fill('250')
  await press(page, 'Save')
  await gone(page)
  await row(page, 'nlp').getByText('$250.00').waitFor()
  expect(errors).toEqual([])
})

test('a developer and a viewer see their own teams and no button', async () => {
  for (const role of ['developer', 'viewer'] as const) {
    const person = await addPerson(heliox.stack, role, ['nlp'])
    const { page, errors } = await heliox.visit({ path: '/teams', as: person })
    await row(page, 'nlp').waitFor()
    expect((await rowsOf(page, 'Your teams')).map(([name]) => name)).toEqual(['nlp'])
    expect(await page.locator('.teams').getByRole('button').count()).toBe(0)
    expect(errors).toEqual([])
  }
  const newcomer = await addPerson(heliox.stack, 'viewer')
  const { page } = await heliox.visit({ path: '/teams', as: newcomer })
  await page.getByText('Ask an administrator to add you to a team').waitFor()
})

test('of two who edit or remove a team the second is told, and sees what is there now', async () => {
  const one = (await heliox.visit({ path: '/teams' })).page
  const other = (await heliox.visit({ path: '/teams' })).page
  await press(one, 'Edit nlp')
  await press(other, 'Edit nlp')
  await budget(other).waitFor()
  await one.getByLabel('Description').fill('Reads and writes')
  await press(one, 'Save')
  await gone(one)
  await budget(other).fill('1')
  await press(other, 'Save')
  await other.getByText('Somebody changed it').waitFor()
  await press(other, 'Reload')
  await expect.poll(() => other.getByLabel('Description').inputValue()).toBe('Reads and writes')
  expect(await budget(other).inputValue()).toBe('250.00')
  await budget(other).fill('300')
  await press(one, 'Remove nlp')
  await button(one, 'Remove team').waitFor()
  await press(other, 'Save')
  await gone(other)
  await press(one, 'Remove team')
  await one.getByText('so nothing is done').waitFor()
  await press(one, 'Reload')
  await one.getByText('Somebody changed it').waitFor({ state: 'detached' })
  await press(one, 'Remove team')
  await gone(one)
  // The page of the other still has the row.
  await press(other, 'Edit nlp')
  await other.getByText('There is no team team_').waitFor()
  await row(other, 'nlp').waitFor({ state: 'detached' })
})

test('a team of the demo says so, and a list that does not come can be asked for again', async () => {
  const { databaseUrl, databaseAuthToken } = heliox.stack
  const db = openDb(databaseUrl, databaseAuthToken)
  await db
    .update(teams)
    .set({ isDemo: true, description: 'Nothing to spend\nand two lines' })
    .where(eq(teams.name, 'Zero'))
  db.$client.close()
  const { page } = await heliox.visit()
  await page.route('**/trpc/teams.list**', (route) => route.abort())
  await page.getByRole('link', { name: 'Teams' }).click()
  await page.getByText('Could not load this').waitFor()
  await page.unroute('**/trpc/teams.list**')
  await press(page, 'Try again')
  expect(await row(page, 'Zero').getByRole('rowheader').innerText()).toMatch(/^Zero\s+Demo$/)
})

test('the links and the table fit a phone and every width up to a desk, light and dark', async () => {
  await send('jobs-csv', JOBS.replaceAll('nlp', 'a-team-with-a-long-name-that-somebody-wrote-without-any-space-in-it'))
  for (const [width, isDark] of [
    [375, false],
    [375, true],
    [1280, false],
    [1280, true],
  ] as const) {
    const { page, shot } = await heliox.visit({ path: '/teams', width, isDark })
    await row(page, 'Zero').waitFor()
    expect(await overflowOf(page)).toBe(0)
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link')
    if (width === 375) {
      await press(page, 'Menu')
      await links.first().waitFor()
    }
    expect(await links.count()).toBe(33)
    if (width === 375) {
      for (const link of await links.all()) {
        const box = await link.boundingBox()
        expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44)
      }
      await press(page, 'Close the menu')
      await links.first().waitFor({ state: 'detached' })
    }
    const name = `${width}${isDark ? '-dark' : ''}`
    await shot(`teams-${name}`)
    await press(page, 'Edit Zero')
    await budget(page).waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`teams-edit-${name}`)
    await page.keyboard.press('Escape')
    await press(page, 'Remove Zero')
    await button(page, 'Remove team').waitFor()
    await shot(`teams-remove-${name}`)
    await page.keyboard.press('Escape')
    for (const between of width === 1280 ? [] : [320, 641, 700, 768, 850, 920, 1024, 1119, 1121, 1200]) {
      await page.setViewportSize({ width: between, height: 812 })
      expect([between, await overflowOf(page)]).toEqual([between, 0])
      await shot(`teams-${between}${isDark ? '-dark' : ''}`)
    }
  }
})

test('the team of deployments is Heliox’s own: neither changed nor removed here, and nobody’s to choose', async () => {
  await heliox.run(`insert into teams (name, description, created_at_ms) values ('__serving__', 'Deployments', 1)`)
  const { page, errors } = await heliox.visit({ path: '/teams' })
  await row(page, 'Serving').getByRole('link', { name: 'Deployments' }).waitFor()
  expect(await row(page, 'Serving').getByRole('button').count()).toBe(0)
  await page.goto('/people')
  await press(page, 'Invite a person')
  await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).waitFor()
  expect(await page.getByRole('dialog').getByText('Serving').count()).toBe(0)
  expect(errors).toEqual([])
})
