import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
let url: string
let isDown = false
const server = createServer((request, response) => {
  if (isDown || request.headers.authorization !== 'Bearer secret-of-this-test') response.writeHead(401).end()
  else response.end('date,provider,gpu_type,cost_usd\n2026-01-01,aws,h100,1234.50\n2026-01-02,aws,h100,10\n')
})

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  heliox = await openHeliox()
})
afterAll(async () => {
  await heliox?.close()
  server.closeAllConnections()
  server.close()
})

test('a source is set up, tested, pulled, changed without its secret, paused and removed', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/sources' })
  await page.getByText('Nothing is pulled yet').waitFor()
  await shot('sources-empty')
  await page.getByRole('button', { name: 'New source' }).click()
  await shot('sources-new-s3')
  await page.getByLabel('Kind').selectOption('https')
  await page.getByLabel('Name', { exact: true }).fill('bill of the month')
  await page.getByLabel('Address', { exact: true }).fill('ftp://example.com')
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByText('Must be an address such as https://example.com').waitFor() // at its field
  expect(await page.locator('.dialog .failure').count()).toBe(0)
  await page.getByLabel('Address', { exact: true }).fill(`${url}/costs.csv`)
  await page.getByRole('button', { name: 'Test it' }).click()
  await page.getByText('answered 401').waitFor()
  await page.getByLabel('Headers').fill('Authorization: Bearer secret-of-this-test')
  await page.getByRole('button', { name: 'Test it' }).click()
  await page.getByText('costs.csv is Costs as CSV').waitFor()
  await shot('sources-tested')
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByRole('button', { name: 'Run now bill of the month' }).click()
  await page.getByText('1 file imported').waitFor()
  await page.getByText('$1,244.50').waitFor()
  await shot('sources-list')

  await page.getByRole('button', { name: 'Edit bill of the month' }).click()
  await page.getByText('Kept: leave it empty to keep it.').waitFor()
  expect(await page.content()).not.toContain('secret-of-this-test')
  await page.getByLabel('Name', { exact: true }).fill('monthly bill')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Run now monthly bill' }).click()
  await page.getByRole('button', { name: 'Runs monthly bill' }).click()
  await page.getByRole('link', { name: '#1', exact: true }).waitFor()
  await shot('sources-runs')
  await page.keyboard.press('Escape')
  expect(
    await page.getByRole('button', { name: 'Runs monthly bill' }).evaluate((one) => one === document.activeElement),
  ).toBe(true)

  isDown = true
  await page.getByRole('button', { name: 'Run now monthly bill' }).click()
  await page.getByText('A source failed at its last run').waitFor()
  await shot('sources-failed')
  isDown = false
  await page.getByRole('button', { name: 'Pause monthly bill' }).click()
  await page.getByText('Paused').waitFor()
  await page.getByRole('button', { name: 'Remove monthly bill' }).click()
  await page.getByRole('button', { name: 'Remove source' }).click()
  await page.getByText('Nothing is pulled yet').waitFor()
  expect(errors).toEqual([])
})

test('finance reads sources and changes none; on a phone and in the dark nothing runs over', async () => {
  const asAdmin = (path: string, body: object) =>
    fetch(new URL(`/api/v1${path}`, heliox.stack.url), {
      method: 'POST',
      headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const secrets = { headers: 'Authorization: Bearer secret-of-this-test' }
  const made = await asAdmin('/sources', {
    name: 'A bill with quite a long name',
    kind: 'https',
    config: { url: `${url}/a/rather/long/address/of/costs.csv` },
    secrets,
  })
  const { id } = (await made.json()) as { id: string }
  await asAdmin(`/sources/${id}/run`, {})
  const finance = await addPerson(heliox.stack, 'finance')
  for (const [name, options] of [
    ['light', { width: 1280 }],
    ['dark', { width: 1280, isDark: true }],
    ['phone', { width: 375 }],
    ['phone-dark', { width: 375, isDark: true }],
  ] as const) {
    const visit = await heliox.visit({ path: '/sources', ...options, ...(name === 'light' ? { as: finance } : {}) })
    await visit.page.getByText('1 file imported').waitFor()
    expect([name, await overflowOf(visit.page)]).toEqual([name, 0])
    if (name === 'light') {
      expect(await visit.page.getByRole('button', { name: /^(New source|Run now|Edit|Pause|Remove)/ }).count()).toBe(0)
      await visit.page.getByRole('button', { name: /^Runs/ }).waitFor()
    } else {
      await visit.page.getByRole('button', { name: /^Edit/ }).click()
      await visit.page.getByText('Kept: leave it empty to keep it.').waitFor()
      expect([name, await overflowOf(visit.page)]).toEqual([name, 0])
      await visit.shot(`sources-edit-${name}`)
      await visit.page.keyboard.press('Escape')
    }
    await visit.shot(`sources-${name}`)
    expect(visit.errors).toEqual([])
    await visit.context.close()
  }
})
