import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

async function openAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Your account' }).click()
  await page.getByRole('heading', { name: 'Your account' }).waitFor()
  await page.getByText('This device').waitFor()
}

const sessionsOn = (page: Page) => page.locator('.session')
/** Playwright knows how to wait for one thing, not for a number of them. */
const waitForSessions = (page: Page, count: number) =>
  page.waitForFunction((wanted) => document.querySelectorAll('.session').length === wanted, count)

test('two browsers see each other; the one that is signed out elsewhere is out at its next click', async () => {
  const [here, there] = [await heliox.visit(), await heliox.visit()]
  await openAccount(here.page)
  await waitForSessions(here.page, 2)
  expect(await sessionsOn(here.page).first().innerText()).toContain('Chrome on')
  expect(await sessionsOn(here.page).first().getByRole('button').count()).toBe(0) // this one is left by signing out
  await here.shot('account')

  await sessionsOn(here.page)
    .nth(1)
    .getByRole('button', { name: /^Sign out/ })
    .click()
  await waitForSessions(here.page, 1)
  const said = here.page.getByText(/is signed out\.$/)
  await said.waitFor()
  expect(await said.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(here.errors).toEqual([])

  await there.page.getByRole('link', { name: 'Imports' }).click()
  await there.page.waitForURL('**/sign-in?next=*')
})

test('everywhere else at once, after a question that can be taken back', async () => {
  const [here, ...others] = [await heliox.visit(), await heliox.visit(), await heliox.visit()]
  const { page } = here
  await openAccount(page)
  const opener = page.getByRole('button', { name: 'Sign out everywhere else' })
  await opener.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await sessionsOn(page).count()).toBeGreaterThanOrEqual(3)
  await opener.click()
  await page.getByRole('button', { name: 'Sign out the others' }).click()
  await waitForSessions(page, 1)
  await opener.waitFor({ state: 'detached' }) // nothing is left to end
  for (const other of others) {
    await other.page.getByRole('link', { name: 'Imports' }).click()
    await other.page.waitForURL('**/sign-in?next=*')
  }
})

test('on a phone nothing sticks out, and what is touched is large enough', async () => {
  const { page, shot } = await heliox.visit({ width: 375, isDark: true, path: '/account' })
  await page.getByText('This device').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('account-phone-dark')
  for (const button of await page.locator('main button:visible').all())
    expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
})

test('the password changes: the wrong old one is refused in words, others are out, the new one signs in', async () => {
  const [here, there] = [await heliox.visit({ isDark: true }), await heliox.visit()]
  const { page, errors } = here
  await openAccount(page)
  const change = async (current: string, next: string) => {
    await page.getByLabel('Current password').fill(current)
    await page.getByLabel('New password').fill(next)
    await page.getByRole('button', { name: 'Change password' }).click()
  }
  await page.getByText('At least 8 characters').waitFor() // said before anybody types
  await change('not my password', 'a new password of mine')
  await page.getByRole('alert').getByText('Is not your password').waitFor()
  await here.shot('account-dark')
  await change(heliox.stack.adminPassword, 'a new password of mine')
  await page.getByText(/^Your password is changed\./).waitFor()
  await waitForSessions(page, 1)
  expect(await page.getByLabel('Current password').inputValue()).toBe('')
  expect(errors).toEqual([])

  await page.getByRole('link', { name: 'Overview' }).click() // this browser goes on
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await there.page.getByRole('link', { name: 'Imports' }).click()
  await there.page.waitForURL('**/sign-in?next=*')
  await there.page.getByLabel('E-mail').fill(heliox.stack.adminEmail)
  await there.page.getByLabel('Password').fill('a new password of mine')
  await there.page.getByRole('button', { name: 'Sign in' }).click()
  await there.page.waitForURL('**/imports')
})
