import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
`
let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'jobs.csv', text: JOBS })
  await context.close()
})
afterAll(() => heliox?.close())

/** Every address that the page asks, and what the content policy refuses, from here on. */
async function watch(page: Page) {
  const asked: string[] = []
  const refused: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.exposeFunction('onRefused', (what: string) => refused.push(what))
  await page.addInitScript(() => {
    const { onRefused } = globalThis as unknown as { onRefused: (what: string) => void }
    document.addEventListener('securitypolicyviolation', (event) =>
      onRefused(`${event.violatedDirective} ${event.blockedURI}`),
    )
  })
  return { asked, refused }
}

/** Opens a tag by its heading: tags are closed at first. */
async function openTag(page: Page, tag: string): Promise<void> {
  await page.locator(`#operations-tag-${tag}`).click()
}

/** Opens an operation by the keyboard, executes it, and answers its live response: status and body. */
async function execute(page: Page, operationId: string): Promise<{ status: string; body: string }> {
  const block = page.locator(`[id$="-${operationId}"]`)
  await block.locator('.opblock-summary-control').focus()
  await page.keyboard.press('Enter')
  await block.getByRole('button', { name: 'Execute' }).click()
  const live = block.locator('.live-responses-table')
  await live.waitFor()
  return {
    status: (await live.locator('tbody .response-col_status').first().innerText()).trim(),
    body: await live.locator('.response-col_description .highlight-code code').first().innerText(),
  }
}

test('"list teams" is run from /docs with the session of the browser; nothing leaves the origin', async () => {
  const { page, errors, shot } = await heliox.visit()
  const { asked, refused } = await watch(page)
  await page.getByRole('button', { name: /^Account of/ }).click()
  await page.getByRole('menuitem', { name: 'API' }).click()
  await page.getByText(`Calls are made as ${heliox.stack.adminEmail}`).waitFor()
  await openTag(page, 'teams')
  await page.locator('[id$="-listTeams"]').waitFor()
  await shot('docs')
  const { status, body } = await execute(page, 'listTeams')
  expect(status).toBe('200')
  expect(JSON.parse(body)).toMatchObject({ teams: [{ id: 'team_1', name: 'nlp' }], total: 1 })
  await shot('docs-list-teams')
  expect(asked.filter((url) => new URL(url).origin !== heliox.stack.url.origin && !url.startsWith('data:'))).toEqual([])
  expect(asked.map((url) => new URL(url).pathname)).toEqual(
    expect.arrayContaining(['/docs', '/api/v1/openapi.json', '/api/v1/teams']),
  )
  expect(refused).toEqual([])
  expect(errors).toEqual([])
})

test('a stranger reads the page, and a pasted key makes the calls', async () => {
  const { page, errors } = await heliox.visit({ isSignedIn: false, path: '/docs' })
  await page.getByRole('link', { name: 'Sign in' }).waitFor()
  await openTag(page, 'auth')
  expect((await execute(page, 'getAuthMe')).status).toBe('401')
  await page.getByRole('button', { name: 'Authorize' }).first().click()
  const dialog = page.locator('.dialog-ux')
  await dialog.getByLabel('auth-bearer-value').fill(heliox.stack.adminApiKey)
  await dialog.getByRole('button', { name: 'Apply credentials' }).first().click()
  await dialog.getByRole('button', { name: 'Close' }).first().click()
  const block = page.locator('[id$="-getAuthMe"]')
  await block.getByRole('button', { name: 'Execute' }).click()
  await expect.poll(() => block.locator('.live-responses-table tbody .response-col_status').innerText()).toBe('200')
  expect(errors).toEqual([])
})

test('it fits a phone and the dark', async () => {
  const { page, errors, shot } = await heliox.visit({ isSignedIn: false, path: '/docs', width: 375 })
  await openTag(page, 'teams')
  await page.locator('[id$="-listTeams"]').waitFor()
  await shot('docs-375')
  expect(await overflowOf(page)).toBe(0)
  await execute(page, 'listTeams')
  await shot('docs-375-list-teams')
  expect(await overflowOf(page)).toBe(0)
  const dark = await heliox.visit({ isSignedIn: false, path: '/docs', isDark: true })
  await openTag(dark.page, 'teams')
  await dark.page.locator('[id$="-listTeams"]').waitFor()
  await execute(dark.page, 'listTeams')
  await dark.shot('docs-dark')
  expect([...errors, ...dark.errors]).toEqual([])
})
