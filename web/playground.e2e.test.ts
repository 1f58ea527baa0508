import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './testing/axe.ts'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

let heliox: Heliox
let developer: Person
let viewer: Person
beforeAll(async () => {
  heliox = await openHeliox()
  for (const name of ['ml', 'nlp'])
    await fetch(new URL('/api/v1/teams', heliox.stack.url), {
      method: 'POST',
      headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
  developer = await addPerson(heliox.stack, 'developer', ['ml', 'nlp'])
  viewer = await addPerson(heliox.stack, 'viewer', ['ml'])
})
afterAll(() => heliox?.close())

async function ask(page: Page, words: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(words)
  await page.getByLabel('Message', { exact: true }).press('Control+Enter')
}

test('an answer streams in, with its tokens, its cost in words, and the way to its request', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/playground' })
  await ask(page, 'four words are here')
  const answer = page.locator('.turn-answer').first()
  await answer.getByText('unpriced').waitFor()
  expect(await answer.locator('.turn-text').innerText()).toBe('four words are here')
  expect(await answer.innerText()).toMatch(/5 \+ 5 tokens/)
  expect(await page.getByRole('status').filter({ hasText: 'Answered.' }).innerText()).toContain('four words are here')
  await shot('playground')
  await answer.getByRole('link', { name: 'The request' }).click()
  await page.getByRole('heading', { name: 'Request to echo' }).waitFor()
  await page.getByText('Completed').first().waitFor()
  expect(await page.getByLabel('Tokens by bucket').innerText()).toContain('Input 5')
  await page.getByRole('button', { name: 'How was the cost computed?' }).click()
  await page.getByText('That is not free.').waitFor()
  expect(await faultsOf(page, false)).toEqual([])
  await shot('request')
  expect(errors).toEqual([])
})

test('a second question brings the first along, and the same call stands there for programs', async () => {
  const { page, errors } = await heliox.visit({ path: '/playground' })
  await ask(page, 'first words')
  await page.locator('.turn-answer').getByRole('link', { name: 'The request' }).waitFor()
  await page.getByLabel('System message').fill('Be brief')
  await page.getByLabel('Message', { exact: true }).fill('then these')
  await page.getByRole('button', { name: 'Python' }).click()
  const code = await page.getByLabel('Python', { exact: true }).inputValue()
  for (const words of ['from openai import OpenAI', '/v1"', 'Be brief', 'first words', 'then these'])
    expect(code).toContain(words)
  await page.getByRole('button', { name: 'New conversation' }).click()
  expect(await page.locator('.turn').count()).toBe(0)
  expect(errors).toEqual([])
})

test('a developer of two teams says for which, the call is of that team, and it all fits on a phone', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/playground', as: developer, width: 375 })
  await page.getByLabel('Team').selectOption({ label: 'nlp' })
  await ask(page, 'hello there')
  await page.getByRole('link', { name: 'The request' }).first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  expect(await faultsOf(page, false)).toEqual([])
  await shot('playground-375')
  await page.getByRole('link', { name: 'The request' }).first().click()
  await page.getByRole('link', { name: 'nlp', exact: true }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('request-375')
  expect(errors).toEqual([])
})

test('a stopped answer keeps what came, and the request says that it was cut off', async () => {
  const { page, context } = await heliox.visit({ path: '/playground' })
  await page.getByLabel('Message', { exact: true }).waitFor()
  // The gateway's first event, and then silence until the reader stops it.
  await page.evaluate(() => {
    const real = window.fetch
    window.fetch = async (input, init) => {
      if (!String(input).includes('/chat/completions')) return real(input, init)
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('data: {"choices":[{"delta":{"content":"Half an"}}]}\n\n'))
          init?.signal?.addEventListener('abort', () => controller.error(new DOMException('stopped', 'AbortError')))
        },
      })
      return new Response(body)
    }
  })
  await ask(page, 'a long story')
  await page.getByText('Half an').first().waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('Stopped', { exact: true }).waitFor()
  expect(await page.locator('.turn-answer .turn-text').innerText()).toBe('Half an')
  await context.close()
})

test('a refusal stands there in words, and a viewer is told who may ask', async () => {
  const { page } = await heliox.visit({ path: '/playground' })
  await page.route('**/v1/chat/completions', (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/json',
      body: JSON.stringify({ error: { message: 'You exceeded the budget of ml.', code: 'insufficient_quota' } }),
    }),
  )
  await ask(page, 'hello')
  await page.getByText('No room in the budget').waitFor()
  await page.getByText('You exceeded the budget of ml.').first().waitFor()
  const other = await heliox.visit({ path: '/playground', as: viewer })
  await other.page.getByText('this needs the role admin or developer').waitFor()
  expect(other.errors).toEqual([])
})
