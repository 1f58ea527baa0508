import { readFile } from 'node:fs/promises'
import { createClient } from '@libsql/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { go, overflowOf, rowsOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const statusWith = async (key: string) =>
  (await fetch(new URL('/api/v1/auth/me', heliox.stack.url), { headers: { authorization: `Bearer ${key}` } })).status
const asAdmin = async (method: string, path: string, body?: object) => {
  const answer = await fetch(new URL(`/api/v1${path}`, heliox.stack.url), {
    method,
    headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect([path, answer.ok]).toEqual([path, true])
  return (await answer.json()) as { id: string }
}

test('a key is made, shown once, used, rotated and revoked, and the audit log tells all of it', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/keys' })
  await page.getByText('No keys yet').waitFor()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill('nightly import')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Tick at least one scope.').waitFor() // at its field, and the form stays as it was
  await page.getByLabel(/^ingest/).check()
  await page.getByLabel('Requests a minute').fill('60')
  await page.getByLabel('Spend limit').fill('a lot')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByText('Write an amount of dollars').waitFor()
  expect(await page.locator('.dialog .failure').count()).toBe(0) // nothing is left to say below the form
  await page.getByLabel('Spend limit').fill('250')
  await page.getByLabel('Last day (UTC)').fill('2090-12-31')
  await shot('key-new')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const shown = page.getByRole('dialog', { name: 'Your key nightly import' })
  const key = await shown.getByLabel('Key', { exact: true }).inputValue()
  expect(key).toMatch(/^hlx_[a-z2-7]{56}$/)
  expect(await shown.getByLabel('Example call').inputValue()).toContain(`export HELIOX_API_KEY=${key}`)
  // What is shown once does not go by a slip, nor by the second in a row, which a page cannot refuse by itself.
  for (const _ of [1, 2, 3]) await page.keyboard.press('Escape')
  expect(await shown.isVisible()).toBe(true)
  await shot('key-shown')
  await shown.getByRole('button', { name: 'I have stored it' }).click()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New key')
  expect(await page.content()).not.toContain(key.slice(10))
  expect(await statusWith(key)).toBe(200)

  await page.reload()
  const [row] = await rowsOf(page, 'Keys')
  expect(row?.slice(0, 5)).toEqual([
    `nightly import${key.slice(0, 10)}…`,
    'Active',
    'Whole company',
    'ingest',
    '60 a minute$0.00 of $250.00 a month',
  ])
  expect(row?.[5]).toBe('Dec 31, 2090') // the last day, as it was chosen
  expect(row?.[6]).not.toBe('Never')

  await page.getByRole('button', { name: /^Edit nightly import/ }).click()
  await page.getByLabel('Name').fill('nightly bills')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('rowheader', { name: 'nightly bills' }).waitFor()

  await page.getByRole('button', { name: /^Rotate nightly bills/ }).click()
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Rotate')
  await page.getByRole('button', { name: /^Rotate nightly bills/ }).click()
  expect(await page.getByLabel('The present key works').inputValue()).toBe('86400')
  await page.getByRole('button', { name: 'Rotate', exact: true }).click()
  const next = await page.getByLabel('Key', { exact: true }).inputValue()
  await page.getByRole('button', { name: 'I have stored it' }).click()
  expect([await statusWith(key), await statusWith(next)]).toEqual([200, 200])
  await page.getByText('Old key works until').waitFor()

  await page.getByRole('button', { name: /^Revoke nightly bills/ }).click()
  await page.getByRole('button', { name: 'Revoke key' }).click()
  await page.getByText('No keys yet').waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('API keys')
  expect([await statusWith(key), await statusWith(next)]).toEqual([401, 401])
  await page.getByLabel('Show revoked').check()
  await page.getByText('Revoked', { exact: true }).waitFor()

  await go(page, 'Audit')
  const entries = await rowsOf(page, 'Entries')
  const actions = entries.map((cells) => cells[2]).filter((text) => text?.startsWith('keys.'))
  expect(actions).toEqual(['keys.revoke', 'keys.rotate', 'keys.update', 'keys.create'])
  await page.getByRole('button', { name: 'Show details of keys.update nightly import' }).click()
  expect(await page.locator('.audit-box tbody tr').allInnerTexts()).toEqual(['name\tnightly import\tnightly bills'])
  await page.getByLabel('From (UTC)').fill('2026-02-02')
  await page.getByLabel('To (included)').fill('2026-02-01')
  await page.getByText('This day is before the first one.').waitFor()
  await page.getByRole('button', { name: 'Clear all' }).click()
  await page.waitForURL((url) => url.pathname === '/audit' && url.search === '')
  expect(await page.getByLabel('To (included)').inputValue()).toBe('')
  await page.getByLabel('Action').pressSequentially('keys.create') // counts while it is typed
  await page.waitForURL('**/audit?action=keys.create')
  await page.getByRole('button', { name: 'Show details of keys.create nightly import' }).click()
  await shot('audit')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download every matching entry as CSV' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text.trim().split('\r\n')).toHaveLength(2)
  expect(text).not.toContain(key)
  expect(errors).toEqual([])
})

test('a change that somebody else made meanwhile is not overwritten', async () => {
  const made = await asAdmin('POST', '/keys', { name: 'shared', scopes: ['usage:read'] })
  const { page } = await heliox.visit({ path: '/keys' })
  await page.getByRole('button', { name: /^Edit shared/ }).click()
  await asAdmin('PUT', `/keys/${made.id}`, { rpm: 7 })
  await page.getByLabel('Name').fill('mine')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('It is not as it was when you opened this').waitFor()
  expect(await page.getByLabel('Name').inputValue()).toBe('mine') // until the reader gives it up
  await page.getByRole('button', { name: 'Reload' }).click()
  await expect.poll(() => page.getByLabel('Requests a minute').inputValue()).toBe('7')
  await page.getByLabel('Name').fill('mine')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('rowheader', { name: 'mine' }).waitFor()
  await page.getByText('7 a minute').waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Edit')
})

test('both pages fit a phone and the dark', async () => {
  await asAdmin('POST', '/admin/ingest/jobs/mock')
  const team = { team_id: 'team_1', models: ['bert-base', 'gpt-neo'], expires_at: '2090-01-01T00:00:00Z' }
  await asAdmin('POST', '/keys', { name: 'gateway of ml-research', scopes: ['inference', 'models:read'], ...team })
  const { page, shot } = await heliox.visit({ path: '/keys', width: 375, isDark: true })
  await page.getByText('gateway of ml-research').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('keys-375-dark')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByRole('option', { name: 'ml-research' }).waitFor({ state: 'attached' })
  await shot('key-new-375-dark')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await go(page, 'Audit')
  await page
    .getByRole('button', { name: /^Show details of keys.create/ })
    .first()
    .click()
  expect(await overflowOf(page)).toBe(0)
  await shot('audit-375-dark')
  const light = await heliox.visit({ path: '/keys?revoked=1' })
  await light.page.getByText('gateway of ml-research').waitFor()
  await light.shot('keys')
})

test('a developer makes keys for the own teams only; whoever may not sees no link', async () => {
  const database = createClient({ url: heliox.stack.databaseUrl, authToken: heliox.stack.databaseAuthToken })
  /** A person of that role in the second team, at the page of keys. */
  const visitAs = async (role: string) => {
    const account = { email: `${role}@example.com`, password: 'chestnut-lantern-42' }
    const { id } = await asAdmin('POST', '/auth/register', account)
    const row = Number(id.replace('user_', ''))
    await database.execute({ sql: 'update users set role = ? where id = ?', args: [role, row] })
    await database.execute({ sql: 'insert into team_members values (?, 2)', args: [row] })
    const visit = await heliox.visit({ path: '/keys', isSignedIn: false })
    await visit.page.getByLabel('E-mail').fill(account.email)
    await visit.page.getByLabel('Password').fill(account.password)
    await visit.page.getByRole('button', { name: 'Sign in' }).click()
    await visit.page.getByRole('button', { name: /^Account of/ }).waitFor()
    return visit.page
  }
  const developer = await visitAs('developer')
  await developer.getByText('No keys yet').waitFor() // those of others are not there for a developer
  await developer.getByRole('button', { name: 'New key' }).click()
  expect(await developer.getByLabel('Team').locator('option').allInnerTexts()).toEqual(['data-science'])
  expect(await developer.getByLabel(/^admin/).count()).toBe(0)
  await developer.getByLabel('Name').fill('own')
  await developer.getByLabel(/^ingest Send files of jobs$/).check()
  await developer.getByRole('button', { name: 'Make the key' }).click()
  expect(await developer.getByLabel('Example call').inputValue()).toMatch(/@jobs\.csv ".*\?format=jobs-csv"$/)
  await developer.getByRole('button', { name: 'I have stored it' }).click()
  expect((await rowsOf(developer, 'Keys')).map((cells) => cells[2])).toEqual(['data-science'])
  expect(await developer.getByRole('link', { name: 'Audit' }).count()).toBe(0)

  const finance = await visitAs('finance')
  await finance.getByText('gateway of ml-research').waitFor()
  expect(await finance.getByRole('button', { name: /New key|Edit|Rotate|Revoke/ }).count()).toBe(0)
  expect(await finance.getByRole('link', { name: 'Audit' }).count()).toBe(1)

  const viewer = await visitAs('viewer')
  await viewer.getByRole('heading', { name: 'Not open to you' }).waitFor()
  await viewer.getByText('Keys: this needs the role admin or finance or developer').waitFor()
  expect(await viewer.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(await viewer.getByRole('link', { name: /^(Keys|Audit)$/ }).count()).toBe(0)
  database.close()
})
