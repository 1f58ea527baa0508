import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('a stranger signs in, lands where the link led, and signs out again', async () => {
  const { page, errors, signIn, shot } = await heliox.visit({ path: '/imports?skip=0', isSignedIn: false })
  await page.waitForURL('**/sign-in?next=*')
  await shot('sign-in')
  expect(await page.locator('.door-providers').count()).toBe(0) // no provider is set up

  await page.getByLabel('E-mail').fill(heliox.stack.adminEmail)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  const problem = page.getByRole('alert')
  await problem.waitFor()
  expect(await problem.innerText()).toMatch(/password/i)
  expect(new URL(page.url()).pathname).toBe('/sign-in')

  await signIn()
  await page.waitForURL('**/imports?skip=0')
  expect(await page.title()).toBe('Imports · Heliox')

  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in*')
  await page.goto('/')
  await page.waitForURL('**/sign-in*')
  expect(errors).toEqual([])
})

test('who registers reads the rules of a password first, and what is wrong with it at its field', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/sign-in', isSignedIn: false, width: 375 })
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByText('At least 8 characters').waitFor()
  await page.getByLabel('E-mail').fill('newcomer@example.com')
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('password1')
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByText('Is one of those that are guessed first').waitFor()
  expect(await password.getAttribute('aria-invalid')).toBe('true')
  await shot('sign-in-register-375')
  await password.fill('a tall ship and a star')
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.getByText('You are not in a team yet').waitFor()
  expect(errors).toEqual([])
})

test('a link to another site is not followed after signing in', async () => {
  const { page, signIn } = await heliox.visit({ path: '/sign-in?next=//evil.example/', isSignedIn: false })
  await signIn()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  expect(new URL(page.url()).origin).toBe(heliox.stack.url.origin)
})

test('a session that ends elsewhere leads back to the sign-in', async () => {
  const { page, context } = await heliox.visit({ path: '/imports' })
  await context.clearCookies()
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.waitForURL('**/sign-in?next=*')
})

test('an address that is no page says so', async () => {
  const { page, errors } = await heliox.visit({ path: '/no/such/page' })
  await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  // A new page takes the focus to its heading, for keyboards and screen readers.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Overview')
  expect(errors).toEqual([])
})

test('the theme follows the system until the reader chooses, and the choice is remembered', async () => {
  const { page } = await heliox.visit({ isDark: true, isSignedIn: false })
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await background()
  await page.getByRole('button', { name: 'Switch to the light theme' }).click()
  const light = await background()
  expect(light).not.toBe(dark)
  await page.reload()
  await page.getByRole('button', { name: 'Switch to the dark theme' }).waitFor()
  expect(await background()).toBe(light)
})
