import { createClient } from '@libsql/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CALLBACK, startProvider, type TestProvider } from '../worker/sso/testing.ts'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox, type Visit, type VisitOptions } from './testing/open-heliox.ts'

const BUTTON = 'Sign in with Acme'
let heliox: Heliox
let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
  heliox = await openHeliox({
    ...provider.settings,
    ...{ OIDC_LABEL: BUTTON, SSO_DOMAINS: '["example.com"]', ALLOW_REGISTRATION: 'false' },
    ...{ OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: '{"gpu-admins":"admin","gpu-builders":"developer"}' },
  })
  provider.register(`${heliox.stack.url.origin}${CALLBACK}`)
  const account = { email_verified: true, name: 'Ada' }
  provider.accounts.set('ada', { ...account, email: 'ada@example.com', groups: ['gpu-builders'] })
  provider.accounts.set('unverified', { ...account, email: 'bob@example.com', email_verified: false })
  provider.accounts.set('foreign', { ...account, email: 'eve@evil.example' })
  provider.accounts.set('disabled', { ...account, email: 'dan@example.com' })
})
afterAll(async () => {
  await heliox?.close()
  await provider?.close()
})

/** A visitor in front of the sign-in page. The provider's own pages ask for a font that no test should wait for. */
async function atTheDoor(options: VisitOptions = {}): Promise<Visit> {
  const visit = await heliox.visit({ path: '/sign-in', ...options, isSignedIn: false })
  await visit.context.route('https://fonts.googleapis.com/**', (route) =>
    route.fulfill({ contentType: 'text/css', body: '' }),
  )
  await visit.page.getByRole('link', { name: BUTTON }).waitFor()
  return visit
}

/** Clicks through: Heliox's button, the provider's login, its consent. */
async function signInAs(page: Page, login: string): Promise<void> {
  await page.getByRole('link', { name: BUTTON }).click()
  await page.getByPlaceholder('Enter any login').fill(login)
  await page.getByPlaceholder('and password').fill('any')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

const whoAmI = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/api/v1/auth/me')).json()) as { email: string; role: string })

/** What the page says after a sign-in that did not come to be. */
async function words(page: Page): Promise<string> {
  await page.waitForURL('**/sign-in?error=*')
  return page.getByRole('alert').innerText()
}

test('a stranger clicks the button, logs in and consents at the provider, and lands signed in where the link led', async () => {
  const { page, errors, context, shot } = await atTheDoor({ path: '/imports?skip=0' })
  await shot('sign-in-sso')
  await signInAs(page, 'ada')
  await page.waitForURL('**/imports?skip=0')
  await page.getByRole('button', { name: /^Account of/ }).waitFor()
  expect(await whoAmI(page)).toMatchObject({ email: 'ada@example.com', name: 'Ada', role: 'developer' })
  const cookies = await context.cookies(heliox.stack.url.origin)
  expect(cookies.map(({ name }) => name)).toContain('heliox_session')
  expect(cookies.map(({ name }) => name)).not.toContain('heliox_sso')
  expect(errors).toEqual([])
})

test('who has a session at the provider is asked nothing the second time, and the role follows the claim', async () => {
  const { page } = await atTheDoor()
  await signInAs(page, 'ada')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  provider.accounts.set('ada', { email: 'ada@example.com', email_verified: true, groups: ['gpu-admins'] })
  await page.getByRole('link', { name: BUTTON }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  expect(await whoAmI(page)).toMatchObject({ email: 'ada@example.com', role: 'admin' })
})

test('an address that is not verified, or not of the company, and a disabled account get words, not a session', async () => {
  const db = createClient({ url: heliox.stack.databaseUrl, authToken: heliox.stack.databaseAuthToken })
  await db.execute(`insert into users (email, role, password_hash, is_disabled, created_at_ms)
    values ('dan@example.com', 'viewer', '', 1, 1)`)
  db.close()
  for (const [login, said] of [
    ['unverified', 'Your e-mail address is not verified at the sign-in service. Verify it there, then try again.'],
    ['foreign', 'Accounts of your e-mail domain do not have access. Ask an administrator to invite you.'],
    ['disabled', 'This account is disabled: ask an administrator.'],
  ] as const) {
    const { page, context, errors } = await atTheDoor()
    await signInAs(page, login)
    expect(await words(page)).toBe(said)
    expect((await context.cookies(heliox.stack.url.origin)).map(({ name }) => name)).not.toContain('heliox_session')
    expect(errors).toEqual([])
  }
})

test('who cancels at the provider is back at the door, and the next try still leads where the link led', async () => {
  const { page, errors } = await atTheDoor({ path: '/imports' })
  await page.getByRole('link', { name: BUTTON }).click()
  await page.getByRole('link', { name: /cancel/i }).click()
  expect(await words(page)).toMatch(/^You stopped signing in/)
  await signInAs(page, 'ada')
  await page.waitForURL('**/imports')
  expect(errors).toEqual([])
})

test('an answer that is opened again, or in another browser, signs nobody in', async () => {
  const { page } = await atTheDoor()
  const answered = page.waitForRequest((request) => new URL(request.url()).pathname === CALLBACK)
  await signInAs(page, 'ada')
  const address = (await answered).url()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  const thief = await atTheDoor()
  await thief.page.goto(address)
  expect(await words(thief.page)).toMatch(/opened twice/)
  // With a sign-in of its own under way it is still the answer to another.
  await thief.page.getByRole('link', { name: BUTTON }).click()
  await thief.page.getByPlaceholder('Enter any login').waitFor()
  await thief.page.goto(address)
  expect(await words(thief.page)).toMatch(/begun elsewhere/)
})

test('on a phone the buttons are large enough to hit and nothing scrolls sideways; in the dark they are dark', async () => {
  const { page, shot } = await atTheDoor({ path: '/sign-in?error=sso.expired', width: 375, isDark: true })
  const box = await page.getByRole('link', { name: BUTTON }).boundingBox()
  expect(box?.height).toBeGreaterThanOrEqual(44)
  expect(await overflowOf(page)).toBe(0)
  await shot('sign-in-sso-375')
})
