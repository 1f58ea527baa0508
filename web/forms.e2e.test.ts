import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const gone = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })
const listed = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).waitFor()
/** How often the page asked for a new team. */
const countCreated = (page: Page) => {
  const count = { sent: 0 }
  page.on('request', (request) => {
    if (request.url().includes('teams.create')) count.sent++
  })
  return count
}

test('what is wrong stands beside its field before anything is sent, and goes when it is mended', async () => {
  const { page, errors } = await heliox.visit({ path: '/teams' })
  const count = countCreated(page)
  await press(page, 'New team')
  await page.getByLabel('Monthly budget, USD').fill('-5')
  await press(page, 'Make the team')
  await page.getByText('A team needs a name').waitFor()
  await page.getByText('Must not be below 0').waitFor()
  expect(count.sent).toBe(0)
  // The first of the fields has the focus, and its problem is read with it.
  const name = page.getByLabel('Name')
  expect(await name.evaluate((field) => field === document.activeElement)).toBe(true)
  expect(await name.getAttribute('aria-invalid')).toBe('true')
  const described = (await name.getAttribute('aria-describedby'))?.split(' ').at(-1)
  expect(await page.locator(`[id="${described}"]`).innerText()).toBe('A team needs a name')
  await name.fill('__idle__')
  await page.getByText('are names of Heliox').waitFor()
  await name.fill('Vision')
  await page.getByText('are names of Heliox').waitFor({ state: 'detached' })
  await page.getByText('Must not be below 0').waitFor() // the other field still has to be mended
  await page.getByLabel('Monthly budget, USD').fill('5')
  await press(page, 'Make the team')
  await gone(page)
  await page
    .getByRole('region', { name: /^Results/ })
    .getByText('The team Vision is made.')
    .waitFor()
  await press(page, 'Dismiss')
  await page.getByText('The team Vision is made.').waitFor({ state: 'detached' })
  expect(count.sent).toBe(1)
  expect(errors).toEqual([])
})

test('a form that is sent twice in a row is sent once', async () => {
  const { page } = await heliox.visit({ path: '/teams' })
  const count = countCreated(page)
  let letGo = () => {}
  const read = new Promise<void>((resolve) => {
    letGo = resolve
  })
  await page.route('**/trpc/teams.create**', (route) => read.then(() => route.continue()))
  await press(page, 'New team')
  await page.getByLabel('Name').fill('Once')
  await page.locator('form.form').evaluate((form: HTMLFormElement) => {
    for (const _ of [1, 2, 3]) form.requestSubmit()
  })
  const busy = page.getByRole('button', { name: 'One moment…' })
  await busy.waitFor()
  expect(await busy.isDisabled()).toBe(true)
  await page.getByLabel('Name').press('Enter')
  letGo()
  await gone(page)
  expect(count.sent).toBe(1)
  await listed(page, 'Once')
})

test('a send that fails keeps what was typed, and the next one takes it', async () => {
  const { page } = await heliox.visit({ path: '/teams' })
  await press(page, 'New team')
  await page.getByLabel('Name').fill('Kept')
  await page.getByLabel('Description').fill('Written once')
  await page.route('**/trpc/teams.create**', (route) => route.abort())
  await press(page, 'Make the team')
  await page.getByText('Heliox does not answer').waitFor()
  expect(await page.getByLabel('Description').inputValue()).toBe('Written once')
  await page.unroute('**/trpc/teams.create**')
  await press(page, 'Make the team')
  await gone(page)
  await listed(page, 'Kept')
})

test('a session that ends while a form is open takes nothing away, and the form is sent after signing in again', async () => {
  const { page, context, signIn } = await heliox.visit({ path: '/teams' })
  await press(page, 'New team')
  await page.getByLabel('Name').fill('After the session')
  const cookies = await context.cookies()
  await context.clearCookies()
  await press(page, 'Make the team')
  await page.getByText('You are signed out').waitFor()
  const focus = () => page.evaluate(() => window.dispatchEvent(new Event('focus'))) // asks again who is here
  await Promise.all([page.waitForResponse('**/trpc/auth.me**'), focus()])
  expect(await page.getByLabel('Name').inputValue()).toBe('After the session')
  await context.addCookies(cookies)
  const isBack = () => page.getByText('You are signed in again').isVisible()
  await expect.poll(() => focus().then(isBack)).toBe(true)
  await press(page, 'Make the team')
  await gone(page)
  await listed(page, 'After the session')

  await press(page, 'New team')
  await page.getByLabel('Name').fill('Let go')
  await context.clearCookies()
  await press(page, 'Make the team')
  await page.getByText('You are signed out').waitFor()
  await press(page, 'Cancel')
  await page.waitForURL('**/sign-in**') // nothing is waited for any more
  await signIn()
  await page.waitForURL('**/teams')
})

test('escape asks once before something typed goes', async () => {
  const { page } = await heliox.visit({ path: '/teams' })
  await press(page, 'New team')
  await page.keyboard.press('Escape')
  await gone(page) // nothing was typed
  await press(page, 'New team')
  await page.getByLabel('Name').fill('Nearly lost')
  await page.keyboard.press('Escape')
  await page.getByText('What you typed is not saved').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('Nearly lost')
  await page.keyboard.press('Escape')
  await gone(page)
})
