import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
let url: string
const server = createServer((request, response) => {
  if (request.headers.authorization !== 'Bearer sk-of-this-test') return response.writeHead(401).end('{}')
  return response.end(JSON.stringify({ data: [{ id: 'llama-3-70b-instruct' }, { id: 'bge-large' }] }))
})

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  heliox = await openHeliox()
})
afterAll(async () => {
  await heliox?.close()
  server.closeAllConnections()
  server.close()
})

test('a backend is declared, tried, offered its models, changed without its key, routed, disabled and removed', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/backends' })
  await page.getByText('no backend of yours yet').waitFor()
  await shot('backends-empty')
  await page.getByRole('button', { name: 'New backend' }).click()
  await page.getByLabel('Name', { exact: true }).fill('vllm-a100')
  await page.getByLabel('Address', { exact: true }).fill('ftp://example.com')
  await page.getByRole('button', { name: 'Declare it' }).click()
  await page.getByText('Must be an address such as https://llm.example.com/v1').waitFor() // at its field
  await page.getByText('Name at least one model').waitFor()
  expect(await page.locator('.dialog .failure').count()).toBe(0)
  await page.getByLabel('Address', { exact: true }).fill(url)
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('refuses the key (401)').waitFor()
  await page.getByLabel('API key').fill('sk-of-this-test')
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('button', { name: 'Add bge-large' }).click()
  await page.getByLabel('Models', { exact: true }).fill('bge-large\nllama = llama-3-70b-instruct')
  await shot('backends-tried')
  await page.getByRole('button', { name: 'Declare it' }).click()
  await page.getByText('Not probed yet').waitFor()
  await page.getByRole('button', { name: 'Try it vllm-a100' }).click()
  await page.getByText('Well', { exact: true }).waitFor()
  await shot('backends-list')

  await page.getByRole('button', { name: 'Edit vllm-a100' }).click()
  await page.getByText('Kept: leave it empty to keep it.').waitFor()
  expect(await page.content()).not.toContain('sk-of-this-test')
  expect(await page.getByLabel('Models', { exact: true }).inputValue()).toBe('bge-large\nllama = llama-3-70b-instruct')
  await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:1/v1')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The key was given for another server: enter it again').waitFor()
  await page.getByLabel('Address', { exact: true }).fill(url)
  await page.getByLabel('Name', { exact: true }).fill('vllm-h100')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Edit vllm-h100' }).waitFor()

  await page.getByRole('button', { name: 'Change how llama is routed' }).click()
  await page.getByLabel('The quickest first').check()
  await page.getByLabel('Calls of one session stay').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('The quickest first, sessions stay with their backend').waitFor()
  await page.getByRole('button', { name: 'Disable vllm-h100' }).click()
  await page.getByText('not enabled').first().waitFor()
  await page.getByRole('button', { name: 'Remove vllm-h100' }).click()
  await page.getByRole('button', { name: 'Remove backend' }).click()
  await page.getByText('no backend of yours yet').waitFor()
  expect(errors).toEqual([])
})

test('developers read backends and change none; on a phone and in the dark nothing runs over', async () => {
  for (const [name, priority] of [
    ['a backend with quite a long name of its own', 0],
    ['fallback', 1],
  ] as const)
    await fetch(new URL('/api/v1/gateway/backends', heliox.stack.url), {
      method: 'POST',
      headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ name, priority, kind: 'openai-compatible', base_url: `${url}/${'deep/'.repeat(8)}v1`, weight: 3 },
        models: ['llama', 'bge-large', 'mixtral-8x22b-instruct-v0.1-awq-quantised', 'd', 'e'].map((model) => ({
          model,
        })),
      }),
    })
  await heliox.stack.tick()
  const developer = await addPerson(heliox.stack, 'developer')
  for (const [name, options] of [
    ['light', { width: 1280 }],
    ['dark', { width: 1280, isDark: true }],
    ['phone', { width: 375 }],
    ['phone-dark', { width: 375, isDark: true }],
  ] as const) {
    const { page, shot } = await heliox.visit({
      path: '/backends',
      ...options,
      ...(name === 'light' ? { as: developer } : {}),
    })
    await page.getByText('refuses the key (401)').first().waitFor()
    expect([name, await overflowOf(page)]).toEqual([name, 0])
    await shot(`backends-${name}`)
    if (name === 'light') {
      expect(await page.getByRole('button', { name: /^(New backend|Try|Edit|Disable|Remove|Change)/ }).count()).toBe(0)
      continue
    }
    await page.getByRole('button', { name: 'Edit fallback' }).click()
    await page.getByText('Time limit, retries, headers').click()
    expect([name, await overflowOf(page)]).toEqual([name, 0])
    await shot(`backends-${name}-edit`)
  }
})
