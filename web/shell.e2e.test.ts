import { afterAll, beforeAll, expect, test } from 'vitest'
import { go, overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const JOBS =
  'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n' +
  'train-1,nlp,llama,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n' +
  'train-2,vision,sam,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const to = new URL('/api/v1/imports?format=jobs-csv', heliox.stack.url)
  expect(await (await fetch(to, { method: 'POST', headers, body: JOBS })).json()).toMatchObject({ status: 'success' })
})
afterAll(() => heliox?.close())

test('the navigation shows what the role may open, by section, and says where the reader is', async () => {
  const admin = await heliox.visit({ path: '/teams' })
  const nav = admin.page.getByRole('navigation', { name: 'Main' })
  expect(await nav.getByRole('list', { name: 'Company' }).getByRole('link').allInnerTexts()).toEqual([
    ...['Who pays', 'Teams', 'People', 'Audit'],
  ])
  expect(await nav.locator('[aria-current=page]').allInnerTexts()).toEqual(['Teams'])
  await go(admin.page, 'Explore')
  await admin.page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor()
  expect(await nav.locator('[aria-current=page]').allInnerTexts()).toEqual(['Explore'])
  const viewer = await heliox.visit({ as: await addPerson(heliox.stack, 'viewer', ['nlp']) })
  const links = viewer.page.getByRole('navigation', { name: 'Main' }).getByRole('link')
  expect(await links.allInnerTexts()).toEqual([
    ...['Overview', 'Explore', 'Jobs', 'Models', 'Utilisation', 'Statements'],
    ...['Forecast', 'Anomalies', 'Recommendations', 'What-if', 'Alerts', 'Digests'],
    ...['Requests', 'Tokens', 'Unit economics', 'Budgets', 'Prices', 'Imports', 'Teams'],
  ])
  await viewer.page.goto('/owner-rules')
  await viewer.page.getByRole('heading', { name: 'Not open to you' }).waitFor()
  expect([...admin.errors, ...viewer.errors]).toEqual([])
})

test('a page below another leads back to it, and is called as its heading says', async () => {
  const { page, errors } = await heliox.visit({ path: '/imports' })
  const file = page
    .getByRole('main')
    .getByRole('link', { name: /imp|csv|jobs/ })
    .first()
  await file.click()
  const trail = page.getByRole('navigation', { name: 'Breadcrumbs' })
  const heading = await page.getByRole('heading', { level: 1 }).innerText()
  await expect.poll(() => trail.getByRole('listitem').allInnerTexts()).toEqual(['Data', 'Imports', heading])
  expect(await trail.locator('[aria-current=page]').innerText()).toBe(heading)
  await trail.getByRole('link', { name: 'Imports' }).click()
  await page.waitForURL('**/imports')
  expect(await trail.count()).toBe(0)
  expect(errors).toEqual([])
})

test('on a phone the navigation is a drawer that a link and Escape close', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/explore', width: 375, isDark: true })
  const menu = page.getByRole('button', { name: 'Menu' })
  const nav = page.getByRole('navigation', { name: 'Main' })
  expect(await nav.count()).toBe(0)
  await menu.click()
  await nav.waitFor()
  await shot('shell-drawer-375-dark')
  await page.keyboard.press('Escape')
  await nav.waitFor({ state: 'detached' })
  await page.locator('.menu-button:focus').waitFor()
  await go(page, 'Teams')
  await page.locator('h1:focus', { hasText: 'Teams' }).waitFor()
  await nav.waitFor({ state: 'detached' })
  expect(await overflowOf(page)).toBe(0)
  expect(errors).toEqual([])
})

test('Ctrl+K leads by keyboard to a page, a team, a model and a job, and changes the theme', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/explore' })
  const field = page.getByRole('combobox', { name: 'Go to' })
  const options = page.getByRole('option')
  const ask = async (text: string) => {
    await page.keyboard.press('Control+k')
    await field.waitFor()
    await field.fill(text)
  }
  await ask('')
  await expect.poll(() => options.count()).toBeGreaterThan(20)
  await shot('shell-palette')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const active = await field.getAttribute('aria-activedescendant')
  expect(await page.locator(`[id="${active}"]`).innerText()).toMatch(/^Explore/)
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Go to…' }).click()
  await field.waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.palette-button:focus').waitFor()

  await ask('budg')
  await page.keyboard.press('Enter')
  await page.locator('h1:focus', { hasText: 'Budgets' }).waitFor()
  await ask('visio')
  await options.filter({ hasText: 'vision' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/\?team_id=team_\d+$/)
  await ask('llam')
  await options.filter({ hasText: 'llama' }).click()
  await page.waitForURL('**/?model_name=llama')
  await ask('train-2')
  await options.filter({ hasText: 'train-2' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/jobs\/job_\d+$/)
  await ask('theme')
  await options.filter({ hasText: 'theme' }).first().waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await ask('nothing is called so')
  await page.getByText('Nothing is called so').waitFor()
  expect(errors).toEqual([])
})

test('what another team has is not found', async () => {
  const { page } = await heliox.visit({ as: await addPerson(heliox.stack, 'developer', ['nlp']) })
  await page.getByRole('button', { name: 'Go to…' }).click()
  await page.getByRole('combobox', { name: 'Go to' }).fill('train')
  await page.getByRole('option').filter({ hasText: 'train-1' }).waitFor()
  expect(await page.getByRole('option').filter({ hasText: 'train-2' }).count()).toBe(0)
})

test('a view is kept, shared and opened by a colleague with the same choice; its maker renames and forgets it', async () => {
  const ada = await heliox.visit({ path: '/explore?range=30d&by=team' })
  await ada.page.getByRole('button', { name: 'Keep this view' }).click()
  const dialog = ada.page.getByRole('dialog')
  await dialog.getByLabel('Name of the view').fill('Team month')
  await dialog.getByRole('checkbox').check()
  expect(await dialog.getByLabel('Link to it').inputValue()).toBe(
    `${heliox.stack.url.origin}/explore?range=30d&by=team`,
  )
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await dialog.waitFor({ state: 'detached' })
  await ada.page.getByRole('button', { name: 'Kept: Team month' }).waitFor()

  const bob = await heliox.visit({ as: await addPerson(heliox.stack, 'finance', ['nlp']) })
  const kept = bob.page.getByRole('list', { name: 'Saved views' }).getByRole('link', { name: 'Team month' })
  await kept.click()
  await bob.page.waitForURL('**/explore?range=30d&by=team')
  await bob.page.getByRole('button', { name: 'Keep this view' }).waitFor() // it is not his to change

  await ada.page.getByRole('button', { name: 'Kept: Team month' }).click()
  await dialog.getByLabel('Name of the view').fill('By team')
  await dialog.getByRole('button', { name: 'Change it' }).click()
  await ada.page.getByRole('button', { name: 'Kept: By team' }).click()
  await dialog.getByRole('button', { name: 'Forget this view' }).click()
  await dialog.waitFor({ state: 'detached' })
  await ada.page.getByRole('button', { name: 'Keep this view' }).waitFor()
  const asked = bob.page.waitForResponse(/savedViews\.list/)
  await bob.page.reload()
  await asked
  await bob.page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor()
  expect(await kept.count()).toBe(0)
  expect([...ada.errors, ...bob.errors]).toEqual([])
})

test('a link that is pointed at has its page’s code and first answer before it is opened', async () => {
  const { page, errors } = await heliox.visit({ path: '/explore' })
  await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor()
  const answered = page.waitForResponse(/\/trpc\/.*teams\.list/)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Teams' }).hover()
  await answered
  await page.route('**/trpc/teams.list**', () => {}) // what is asked again is never answered
  await go(page, 'Teams')
  await page.locator('.teams').getByRole('link', { name: 'nlp', exact: true }).waitFor()
  expect(errors).toEqual([])
})
