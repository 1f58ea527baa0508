import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './testing/axe.ts'
import { figureOf, overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

let heliox: Heliox
let viewer: Person
beforeAll(async () => {
  heliox = await openHeliox()
  for (const name of ['ml'])
    await fetch(new URL('/api/v1/teams', heliox.stack.url), {
      method: 'POST',
      headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
  viewer = await addPerson(heliox.stack, 'viewer', ['ml'])
})
afterAll(() => heliox?.close())

/** A call of the echo by the admin key: of no team. */
async function call(words: string, model = 'echo'): Promise<void> {
  const answer = await fetch(new URL('/v1/chat/completions', heliox.stack.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${heliox.stack.adminApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: words }] }),
  })
  expect(answer.status).toBe(200)
  await answer.text()
}

/** A call as the meter would have stored it an hour ago. */
const stored = (id: string, more: string, columns: string) =>
  heliox.run(`insert into requests (id, started_at_ms, day, endpoint, model_asked, model, backend, is_stream, status,
    cost_grade, cost_nano_usd, input_tokens, output_tokens, latency_ms${columns})
    select '${id}', ms, strftime('%Y-%m-%d', ms / 1000, 'unixepoch'), 'chat.completions', 'large', 'large-1', 'vllm', 0,
    'completed', 'computed', 12500000, 100, 20, 800${more}
    from (select (unixepoch() - 60) * 1000 as ms)`)

const models = (page: Page) =>
  page
    .locator('.data-table tbody tr td:nth-child(2)')
    .evaluateAll((cells) => cells.map((cell) => cell.textContent?.trim() ?? ''))

test('nobody has called yet: the page says how to; a call then appears by itself', async () => {
  const { page, errors } = await heliox.visit({ path: '/requests' })
  await page.getByText('No request came in on these days.').waitFor()
  await page.getByText('/v1').first().waitFor()
  await call('hello out there')
  await page.getByRole('heading', { name: '1 request', exact: true }).waitFor({ timeout: 30_000 })
  expect(await models(page)).toEqual(['echo'])
  expect(errors).toEqual([])
})

test('filters narrow the table and the figures, and the address holds them', async () => {
  await stored('req_dear', '', '')
  await stored('req_failed', ", 'the backend broke'", ', error_message')
  await heliox.run("update requests set status = 'failed', cost_nano_usd = 0 where id = 'req_failed'")
  const { page, errors, shot } = await heliox.visit({ path: '/requests' })
  await page.getByRole('heading', { name: '3 requests' }).waitFor()
  expect(await figureOf(page, 'Cost')).toBe('$0.01')
  await shot('requests')
  await page.getByLabel('Errors only').check()
  await page.getByRole('heading', { name: '1 request', exact: true }).waitFor()
  expect(new URL(page.url()).searchParams.get('errors')).toBe('true')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByLabel('Model').selectOption('large')
  await page.getByLabel('Status').selectOption('Completed')
  await page.getByRole('heading', { name: '1 request', exact: true }).waitFor()
  expect(new URL(page.url()).search).toBe('?model=large&status=completed')
  await page.reload()
  await page.getByRole('heading', { name: '1 request', exact: true }).waitFor()
  expect(await faultsOf(page, false)).toEqual([])
  await page.locator('.data-table tbody th a').first().click()
  await page.getByRole('heading', { name: 'Request to large' }).waitFor()
  await page.getByText('$0.0125').waitFor()
  await page.getByRole('link', { name: 'vllm' }).click()
  await page.getByRole('heading', { name: '2 requests' }).waitFor()
  expect(errors).toEqual([])
})

test('a viewer sees the calls of their team alone, on a phone and in the dark too', async () => {
  await stored('req_ours', ", (select id from teams where name = 'ml')", ', team_id')
  const { page, errors, shot } = await heliox.visit({ path: '/requests', as: viewer, width: 375, isDark: true })
  await page.getByRole('heading', { name: '1 request', exact: true }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('requests-375-dark')
  await page.goto('/requests/req_dear')
  await page.getByText('There is no request req_dear').waitFor()
  expect(errors.filter((error) => !error.includes('404'))).toEqual([])
})
