import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dialogThere, overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const PASSWORD = 'a tall ship and a star'
const JOBS =
  'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n' +
  'j1,Research,llama,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,completed\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const sent = await fetch(new URL('/api/v1/imports?format=jobs-csv', heliox.stack.url), {
    method: 'POST',
    headers,
    body: JOBS,
  })
  expect(await sent.json()).toMatchObject({ status: 'success' })
})
afterAll(() => heliox?.close())

const row = (page: Page, text: string) => page.locator('.people tbody tr').filter({ hasText: text })

/** From now on, grey bars that come count, however short they stay: what is in the page leaves it for them. */
function watchForSkeleton(page: Page): Promise<void> {
  return page.evaluate(() => {
    const isSkeleton = (node: Node) => node instanceof Element && node.matches('.skeleton, :has(.skeleton)')
    new MutationObserver((changes) => {
      if (changes.some(({ addedNodes }) => [...addedNodes].some(isSkeleton))) document.body.dataset.flashed = 'yes'
    }).observe(document.body, { childList: true, subtree: true })
  })
}
const hasFlashed = (page: Page) => page.evaluate(() => document.body.dataset.flashed === 'yes')

/** Fills the invitation and answers the address of the link. */
async function invite(page: Page, email: string, role: string, team?: string): Promise<string> {
  await page.getByRole('button', { name: 'Invite a person' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill(email)
  await dialog.getByLabel('Role').selectOption({ label: role })
  if (team) await dialog.getByLabel(team).check()
  await dialog.getByRole('button', { name: 'Make the invitation' }).click()
  const url = await dialog.getByLabel(`Link for ${email}`).inputValue()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape') // what is shown once does not go by a slip
  await dialog.getByRole('button', { name: 'I have copied it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  return url
}

test('an invited developer joins by the link, works as a developer, and is out once disabled', async () => {
  const admin = await heliox.visit({ path: '/people' })
  const { page } = admin
  const url = await invite(page, 'ada@example.com', 'Developer', 'Research')
  expect(url).toMatch(/\/join#[\w-]{32}$/)
  expect(await row(page, 'ada@example.com').innerText()).toMatch(/Developer\s+Research\s+Invited\s+Never/)
  // The dialog gave the focus back to where it was.
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Invite a person')

  const ada = await heliox.visit({ path: new URL(url).pathname + new URL(url).hash, isSignedIn: false })
  await ada.page.getByText('You are invited as ada@example.com').waitFor()
  await ada.page.getByLabel('Your name (optional)').fill('Ada')
  const join = async (password: string) => {
    await ada.page.getByLabel('Password', { exact: true }).fill(password)
    await ada.page.getByRole('button', { name: 'Join' }).click()
  }
  await join('password1')
  await ada.page.getByText('Is one of those that are guessed first').waitFor()
  await join(PASSWORD)
  await ada.page.getByRole('button', { name: 'Account of Ada' }).click()
  await ada.page.getByText('Role: developer · Research').waitFor()
  expect(ada.page.url()).not.toContain('#')
  expect(await ada.page.getByRole('link', { name: 'People' }).count()).toBe(0)

  await page.reload()
  expect(await row(page, 'ada@example.com').innerText()).toMatch(/Ada\s+ada@example.com[\s\S]+Active/)
  await page.getByRole('button', { name: 'Edit Ada' }).click()
  await page.getByRole('button', { name: 'Disable…' }).click()
  await page.getByRole('dialog', { name: 'Disable Ada?' }).getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).waitFor()

  await ada.page.getByRole('link', { name: 'Imports' }).click()
  await ada.page.waitForURL('**/sign-in?next=*')
  expect([admin.errors, ada.errors]).toEqual([[], []])

  const late = await heliox.visit({ path: new URL(url).pathname + new URL(url).hash, isSignedIn: false })
  await late.page.getByRole('heading', { name: 'This link does not work any more' }).waitFor()
})

test('the last administrator cannot be disabled or removed, and the page says why', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  const email = heliox.stack.adminEmail
  await row(page, email).getByRole('button', { name: 'Edit' }).click()
  for (const [open, confirm] of [
    ['Disable…', 'Disable'],
    ['Remove…', 'Remove'],
  ] as const) {
    await page.getByRole('button', { name: open }).click()
    const asked = page.getByRole('dialog', { name: new RegExp(`^${confirm}`) })
    await asked.getByRole('button', { name: confirm, exact: true }).click()
    await asked.getByText(`${email} is the last administrator who can sign in: make somebody else one first`).waitFor()
    await asked.getByRole('button', { name: 'Cancel' }).click()
  }
  await page.getByRole('dialog').getByLabel('Role').selectOption({ label: 'Viewer' })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.locator('form').getByText('is the last administrator').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('What you typed is not saved').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await row(page, email).innerText()).toMatch(/Administrator\s+All\s+Active/)
})

test('two editors: the slower one is told, sees what is there now, and may save again', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  await invite(page, 'bob@example.com', 'Viewer')
  await row(page, 'bob@example.com').getByRole('button', { name: 'Edit' }).click()
  const other = await heliox.visit({ path: '/people' })
  await other.page.getByRole('button', { name: 'Edit bob@example.com' }).click()
  await other.page.getByLabel('Name', { exact: true }).fill('Bob')
  await other.page.getByRole('button', { name: 'Save' }).click()
  await row(other.page, 'Bob').waitFor()

  await page.getByLabel('Name', { exact: true }).fill('Robert')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('It is not as it was when you opened this').waitFor()
  const name = page.getByLabel('Name', { exact: true })
  expect(await name.inputValue()).toBe('Robert') // until the reader gives it up
  await page.getByRole('button', { name: 'Reload' }).click()
  await page.getByRole('dialog', { name: 'Bob' }).waitFor()
  await expect.poll(() => name.inputValue()).toBe('Bob')
  await name.fill('Robert')
  await page.getByRole('button', { name: 'Save' }).click()
  await row(page, 'Robert').waitFor()
})

test('people are found by search, get a reset link, and are removed', async () => {
  const { page, errors } = await heliox.visit({ path: '/people' })
  await invite(page, 'carol@example.com', 'Finance')
  await page.getByLabel('Search by name or e-mail').fill('CAROL')
  await row(page, heliox.stack.adminEmail).waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('?search=CAROL')
  await page.getByRole('button', { name: 'Edit carol@example.com' }).click()
  await page.getByRole('button', { name: 'New invitation link' }).click()
  expect(await page.getByLabel('Link for carol@example.com').inputValue()).toMatch(/\/join#/)
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('button', { name: 'Remove…' }).click()
  const asked = page.getByRole('dialog', { name: /^Remove/ })
  await asked.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Nobody’s name or e-mail has “CAROL” in it.').waitFor()
  await page.locator('input[type=search]:focus').waitFor()
  expect(errors).toEqual([])
})

test('who changes their own name sees it at once, and the dialog is gone', async () => {
  const { page, errors } = await heliox.visit({ path: '/people' })
  await row(page, heliox.stack.adminEmail).getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Root')
  await watchForSkeleton(page)
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Account of Root' }).waitFor()
  await row(page, 'Root').waitFor()
  expect(await hasFlashed(page)).toBe(false)
  expect(errors).toEqual([])
})

test('a dialog that is opened again is as modal as the first time, and the page stays as it is', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  const opener = page.getByRole('button', { name: 'Invite a person' })
  await opener.click()
  await page.getByLabel('Research').waitFor()
  await page.keyboard.press('Escape')
  await watchForSkeleton(page)
  await opener.click()
  await page.getByLabel('Research').waitFor()
  await dialogThere(page)
  expect(await page.getByRole('dialog').count()).toBe(1)
  expect(await page.getByRole('main').count()).toBe(0) // the page behind it is not there for a screen reader
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email')
  expect(await hasFlashed(page)).toBe(false)
})

test('Tab goes round in a dialog, and Escape closes it from anywhere', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  const opener = page.getByRole('button', { name: 'Invite a person' })
  const isInside = () => page.evaluate(() => document.activeElement?.closest('.dialog') !== null)
  for (const [key, times] of [
    ['Shift+Tab', 3],
    ['Tab', 12],
  ] as const) {
    await opener.click()
    await page.getByLabel('Research').waitFor()
    await dialogThere(page)
    for (let pressed = 0; pressed < times; pressed += 1) {
      await page.keyboard.press(key)
      expect(await isInside()).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Invite a person')
  }
  await opener.click()
  await page.getByLabel('Research').waitFor()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('the focus is never lost: it goes to who opened the dialog, or to the heading', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await invite(page, 'erin@example.com', 'Viewer')
  expect(await focused()).toBe('Invite a person')
  const edit = page.getByRole('button', { name: 'Edit erin@example.com' })
  await edit.focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Name', { exact: true }).fill('Erin')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await focused()).toBe('Edit')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Disable…' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Disable Erin?' }).getByRole('button', { name: 'Disable' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Enable' }).waitFor()
  await expect.poll(focused).toBe('Erin') // the button is gone: the heading of the dialog below
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await focused()).toBe('Edit')
})

test('a dialog that opens takes the focus at once, and later from nothing in it', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  await page.getByRole('button', { name: 'Invite a person' }).focus()
  const names = await page.evaluate(async () => {
    const focused = () => (document.activeElement as HTMLInputElement).name || document.activeElement?.textContent
    ;(document.activeElement as HTMLElement).click()
    await Promise.resolve()
    const first = focused()
    document.querySelector<HTMLElement>('.dialog-actions .button')?.focus()
    for (let turn = 0; turn < 3; turn += 1) await new Promise((done) => setTimeout(done))
    return [first, focused()]
  })
  expect(names).toEqual(['email', 'Cancel'])
})

test('finance reads the people and cannot change them', async () => {
  const { page } = await heliox.visit({ path: '/people' })
  const url = await invite(page, 'dora@example.com', 'Finance')
  const dora = await heliox.visit({ path: new URL(url).pathname + new URL(url).hash, isSignedIn: false })
  await dora.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await dora.page.getByRole('button', { name: 'Join' }).click()
  await dora.page.getByRole('link', { name: 'People' }).click()
  await row(dora.page, 'dora@example.com').waitFor()
  expect(await dora.page.getByRole('button', { name: /Edit|Invite/ }).count()).toBe(0)
})

test('on a phone and in the dark nothing scrolls sideways', async () => {
  for (const [width, isDark] of [
    [375, false],
    [1280, true],
  ] as const) {
    const { page, shot } = await heliox.visit({ path: '/people', width, isDark })
    await row(page, heliox.stack.adminEmail).waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`people-${width}${isDark ? '-dark' : ''}`)
    await page.getByRole('button', { name: `Edit` }).first().click()
    await page.getByRole('dialog').waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`people-edit-${width}${isDark ? '-dark' : ''}`)
    await page.keyboard.press('Escape')
    const url = await invite(page, `phone-${width}@example.com`, 'Viewer')
    const joining = await heliox.visit({ path: `/join${new URL(url).hash}`, width, isDark, isSignedIn: false })
    await joining.page.getByRole('button', { name: 'Join' }).waitFor()
    expect(await overflowOf(joining.page)).toBe(0)
    await joining.shot(`join-${width}${isDark ? '-dark' : ''}`)
  }
})
