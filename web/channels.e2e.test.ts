import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
let url: string
let status = 404
const told: string[] = []
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece) => (body += piece))
  request.on('end', () => {
    told.push(body)
    response.writeHead(status).end(status === 200 ? 'ok' : 'no_service')
  })
})

const asAdmin = async (path: string, body: object) => {
  const answer = await fetch(new URL(`/api/v1${path}`, heliox.stack.url), {
    method: 'POST',
    headers: { 'x-api-key': heliox.stack.adminApiKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as { id: string }
}

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

test('a channel is set up, tested, changed without its address, and a message that was given up is sent again', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/channels' })
  await page.getByText('Nobody is told yet').waitFor()
  await page.getByText('Nothing has been sent yet').waitFor()
  await shot('channels-empty')
  await page.getByRole('button', { name: 'New channel' }).click()
  await page.getByLabel('Name', { exact: true }).fill('#gpu-costs')
  await page.getByLabel('Webhook address').fill('ftp://example.com')
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByText('Must be an address such as https://').waitFor()
  await page.getByLabel('Webhook address').fill(`${url}/services/T000/B000/secret-of-this-testx3Kq`)
  await shot('channels-new')
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByText(`Slack · ${url}/…x3Kq`).waitFor()
  await page.getByRole('button', { name: 'Test #gpu-costs' }).click()
  await page.getByText('Slack answered 404: no service').waitFor()
  status = 200
  await page.getByRole('button', { name: 'Test #gpu-costs' }).click()
  await page.getByText('Slack took it (200)').waitFor()
  await page.getByRole('link', { name: 'Heliox reaches #gpu-costs' }).waitFor()
  expect(JSON.parse(told.at(-1) ?? '').blocks[0].text.text).toBe('Test: Heliox reaches #gpu-costs')
  await heliox.run(
    `update deliveries set status = 'dead', last_error = 'Slack answered 500. Given up after 9 attempts'`,
  )
  await page.reload()
  await page.getByText('Given up after 9 attempts').waitFor()
  await page.getByText('1 given up').waitFor()
  await shot('channels-dead')
  await page.getByRole('button', { name: 'Send again Heliox reaches #gpu-costs' }).click()
  await page.getByText('1 given up').waitFor({ state: 'detached' })
  await expect.poll(() => told.length).toBe(3)

  await page.getByRole('button', { name: 'Edit #gpu-costs' }).click()
  await page.getByText('Kept: leave it empty to keep it.').waitFor()
  expect(await page.content()).not.toContain('secret-of-this-test')
  await page.getByLabel('Name', { exact: true }).fill('#costs')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Remove #costs' }).click()
  await page.getByRole('button', { name: 'Remove channel' }).click()
  await page.getByText('Nobody is told yet').waitFor()
  expect(errors).toEqual([])
})

test('a webhook shows its key once; finance reads channels and changes none; nothing runs over', async () => {
  const { page, errors, context } = await heliox.visit({ path: '/channels' })
  await page.getByRole('button', { name: 'New channel' }).click()
  await page.getByLabel('Kind').selectOption('webhook')
  await page.getByLabel('Name', { exact: true }).fill('A webhook with quite a long name for a phone')
  await page.getByLabel('Address', { exact: true }).fill(`${url}/a/rather/long/address/of/a/webhook`)
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByRole('button', { name: 'I have stored it' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Signing key' }).inputValue()).toMatch(/^whsec_/)
  await page.getByRole('button', { name: 'I have stored it' }).click()
  expect(await page.content()).not.toContain('whsec_')
  expect(errors).toEqual([])
  await context.close()
  const finance = await addPerson(heliox.stack, 'finance')
  for (const [name, options] of [
    ['light', { width: 1280, as: finance }],
    ['dark', { width: 1280, isDark: true }],
    ['phone', { width: 375 }],
    ['phone-dark', { width: 375, isDark: true }],
  ] as const) {
    const visit = await heliox.visit({ path: '/channels', ...options })
    await visit.page.getByText('Webhook · ').waitFor()
    expect([name, await overflowOf(visit.page)]).toEqual([name, 0])
    const buttons = visit.page.getByRole('button', { name: /^(New channel|Test|Edit|Remove)/ })
    if (name === 'light') expect(await buttons.count()).toBe(0)
    else {
      await visit.page.getByRole('button', { name: /^Edit/ }).click()
      await visit.page.getByText('Kept: leave it empty to keep it.').first().waitFor()
      expect([name, await overflowOf(visit.page)]).toEqual([name, 0])
      await visit.page.keyboard.press('Escape')
    }
    await visit.shot(`channels-${name}`)
    expect(visit.errors).toEqual([])
    await visit.context.close()
  }
})

test('a digest is looked at for a day and a team, subscribed to, changed and removed', async () => {
  const send = (format: string, text: string) =>
    fetch(new URL(`/api/v1/imports?format=${format}`, heliox.stack.url), {
      method: 'POST',
      headers: { 'x-api-key': heliox.stack.adminApiKey },
      body: text,
    })
  await asAdmin('/teams', { name: 'vision', budget_usd: '100' })
  const days = Array.from({ length: 20 }, (_, n) => `2026-01-${String(n + 1).padStart(2, '0')}`)
  await send('cost-csv', `date,provider,gpu_type,cost_usd\n${days.map((day) => `${day},aws,h100,100`).join('\n')}\n`)
  await send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status
${days
  .slice(5)
  .map((day) => `${day},vision,llama,aws,h100,${day}T00:00:00Z,${day}T10:00:00Z,completed`)
  .join('\n')}\n`,
  )
  const { page, errors, shot } = await heliox.visit({ path: '/digests' })
  await page.getByText('Nobody gets a digest yet').waitFor()
  await page.getByText('Not billed yet').first().waitFor()
  await page.getByLabel('Day', { exact: true }).fill('2026-01-20')
  await page.getByText('Daily digest, 20 Jan 2026: $100.00').waitFor()
  await page.getByLabel('Whose').selectOption({ label: 'vision' })
  await page.getByText('Daily digest of vision, 20 Jan 2026').waitFor()
  await page.getByText('1500%').waitFor()
  expect(new URL(page.url()).searchParams.get('team_id')).toBe('team_1')
  await page.getByLabel('Period').selectOption('week')
  await page.getByText('Weekly digest of vision, 19 Jan 2026 to 25 Jan 2026').waitFor()
  await shot('digests-week')

  await page.getByRole('button', { name: 'New digest' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Every morning')
  await page.getByLabel('A webhook with quite a long name for a phone').check()
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await page.getByText('Every day, 08:00 UTC').waitFor()
  await page.getByRole('button', { name: 'Edit Every morning' }).click()
  await page.getByLabel('From this hour on (UTC)').fill('6')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Every day, 06:00 UTC').waitFor()
  expect(errors).toEqual([])
  for (const [name, options] of [
    ['dark', { width: 1280, isDark: true }],
    ['phone', { width: 375 }],
  ] as const) {
    const visit = await heliox.visit({ path: '/digests?day=2026-01-20', ...options })
    await visit.page.getByText('Every day, 06:00 UTC').waitFor()
    await visit.page.getByText('Daily digest, 20 Jan 2026').waitFor()
    expect([name, await overflowOf(visit.page)]).toEqual([name, 0])
    await visit.shot(`digests-${name}`)
    expect(visit.errors).toEqual([])
    await visit.context.close()
  }
  await page.getByRole('button', { name: 'Remove Every morning' }).click()
  await page.getByRole('button', { name: 'Remove digest' }).click()
  await page.getByText('Nobody gets a digest yet').waitFor()
})
