import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const BILL = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const address = new URL('/api/v1/imports?format=cost-csv', heliox.stack.url)
  await fetch(address, { method: 'POST', headers, body: BILL })
  await heliox.stack.tick()
})
afterAll(() => heliox?.close())

test('an administrator sees that all is well, checks the ledger and has it made anew', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/monitoring' })
  await expect.poll(() => figureOf(page, 'State'), { timeout: 15_000 }).toBe('Healthy')
  const checks = page.getByRole('table', { name: 'Checks' }).locator('tbody tr')
  expect(await checks.count()).toBe(8)
  expect(await checks.first().innerText()).toMatch(/^Database[\s\S]*Healthy[\s\S]*The database answers/)
  expect(await figureOf(page, 'Last background round')).toMatch(/^just now$|^\d minutes? ago$/)
  expect(await figureOf(page, 'Database')).toMatch(/^[\d.]+ (kB|MB)$/)
  await page.getByText(/^Adds up A sample, checked .*: nothing was in it\.$/).waitFor() // it is of the last days
  await page.getByRole('button', { name: 'Check everything' }).click()
  await page.getByText(/^Adds up Everything, checked .*: 1 day and 0 jobs of Jan 1, 2026\.$/).waitFor()
  await shot('monitoring')
  await page.getByRole('button', { name: 'Rebuild the ledger…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Rebuild it' }).click()
  await page.getByText(/^Last rebuilt .*: 0 jobs were wrong\.$/).waitFor()
  await page.getByRole('button', { name: 'Check a sample' }).click()
  await page.getByText(/^Adds up A sample/).waitFor()
  expect(errors).toEqual([])
})

test('a clock that stands still is seen in the header, which leads to what is wrong; on a phone, dark', async () => {
  await heliox.run(`update clock_runs set finished_at_ms = finished_at_ms - 3600000 where task = 'tick'`)
  const finance = await addPerson(heliox.stack, 'finance')
  const { page, errors, shot } = await heliox.visit({ as: finance, width: 375, isDark: true })
  await page.getByRole('status').getByRole('link', { name: 'Degraded' }).click()
  await page.getByRole('heading', { name: 'Monitoring' }).waitFor()
  await page.getByText(/The clock has not finished a round for 6\d minutes/).waitFor()
  await page.getByText(/^What to do: See whether the cron trigger/).waitFor()
  expect(await figureOf(page, 'State')).toBe('Degraded')
  expect(await page.getByRole('button', { name: /^Check/ }).count()).toBe(0) // that is an administrator's
  expect(await overflowOf(page)).toBe(0)
  await shot('monitoring-375-dark')
  expect(errors).toEqual([])
  await heliox.stack.tick()
})

test('an administrator decides in the settings; finance reads what holds', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/settings' })
  await page.getByText('All to the GPU.').waitFor()
  await page.getByText('Not shared.').waitFor()
  await shot('settings')
  await page.getByRole('button', { name: 'Change the method' }).click()
  await page.getByRole('radio', { name: /^Own shares/ }).check()
  await page.getByLabel('GPU share').fill('0.9')
  await page.getByRole('button', { name: 'Save the method' }).click()
  await page.getByText(/must sum to exactly 1/).waitFor()
  expect(await page.getByLabel('GPU share').inputValue()).toBe('0.9')
  await page.getByLabel('CPU share').fill('0.05')
  await shot('settings-method')
  await page.getByRole('button', { name: 'Save the method' }).click()
  await page.getByText('GPU 0.9, CPU 0.05, memory 0.05.').waitFor()
  await page.getByText('A deviation of at least $0.00 and 1 % of a median day. Sensitivity: Medium.').waitFor()
  await page.getByRole('button', { name: 'Change the thresholds' }).click()
  await page.getByLabel('At least, USD').fill('much')
  await page.getByLabel('At least, % of a median day').fill('110')
  await page.getByRole('button', { name: 'Save the thresholds' }).click()
  await page.getByText(/expected an amount such as/i).waitFor()
  await page.getByText(/must not be more than the whole day/i).waitFor()
  await page.getByLabel('At least, USD').fill('250')
  await page.getByLabel('At least, % of a median day').fill('1.1')
  await page.getByLabel('Sensitivity').selectOption('high')
  await shot('settings-anomalies')
  await page.getByRole('button', { name: 'Save the thresholds' }).click()
  await page.getByText(/at least \$250\.00 and 1\.1 % of a median day\. Sensitivity: High/).waitFor()
  const { page: read, shot: shotRead } = await heliox.visit({
    ...{ as: { email: 'finance@example.com', password: 'plenty of GPUs here' }, path: '/settings', width: 375 },
  })
  await read.getByText('GPU 0.9, CPU 0.05, memory 0.05.').waitFor()
  expect(await read.getByRole('button', { name: /^Change/ }).count()).toBe(0)
  expect(await overflowOf(read)).toBe(0)
  await shotRead('settings-375')
  expect(errors).toEqual([])
})
