import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const MAP = `{ "sample_spec": { "mode": "one of" },
  "acme-large": { "input_cost_per_token": 1.8000000000000002e-07, "output_cost_per_token": 2.5e-9, "mode": "chat" },
  "acme-wrong": { "input_cost_per_token": 2.5, "output_cost_per_token": 10, "mode": "chat" } }`

/** Calls of a model that has no price yet. */
const CALLS = `insert into requests (id, started_at_ms, day, endpoint, model_asked, model, provider, is_stream, status,
    input_tokens, output_tokens, cost_grade, end_user)
  select 'req_' || value, unixepoch() * 1000, date('now'), 'chat.completions', 'acme-small', 'acme-small', 'acme', 0,
    'completed', 1000, 500, 'unpriced', '' from json_each('[1,2,3]')`

test('a model without a price gets one, its calls are priced again, and a price map shows first what it changes', async () => {
  await heliox.run(CALLS)
  const { page, errors, shot } = await heliox.visit({ path: '/prices' })
  await page.getByRole('button', { name: 'Add a price of acme-small' }).click()
  await page.getByLabel('Input', { exact: true }).fill('1.5')
  await page.getByLabel('Output', { exact: true }).fill('2')
  await shot('prices-new')
  await page.getByRole('button', { name: 'Save the price' }).click()
  await page.getByRole('button', { name: 'Price the calls of acme-small again' }).click()
  await page.getByRole('button', { name: 'Show the difference' }).click()
  // 1,000 × 1.50 + 500 × 2.00 a million = 0.0025 USD, three times
  await expect.poll(() => page.getByRole('dialog').innerText()).toContain('0.0075')
  await shot('prices-reprice')
  await page.getByRole('button', { name: 'Change 3 calls' }).click()
  await page.getByText('Every call of the last 30 days has a cost.').waitFor()
  // The new price came in above the catalogue's, whose rows moved down with all their cells.
  await page.getByRole('row', { name: /claude-haiku-4-5-20251001.*\$1\.00.*\$0\.10.*\$5\.00/ }).waitFor()

  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page
    .getByLabel('File')
    .setInputFiles({ name: 'map.json', mimeType: 'application/json', buffer: Buffer.from(MAP) })
  await page.getByText('$0.18 in, $0.0025 out').waitFor()
  await page.getByText('input_cost_per_token is more than $1 a token').waitFor()
  await shot('prices-import')
  await page.getByRole('button', { name: 'Take 1 price' }).click()
  await page.getByRole('searchbox', { name: 'Search models' }).fill('acme')
  await page.getByRole('searchbox', { name: 'Search models' }).press('Enter')
  await page.getByRole('row', { name: /acme-large.*\$0\.18/ }).waitFor()

  await page.getByRole('button', { name: 'Edit: the price of acme-small' }).click()
  await page.getByLabel('Input', { exact: true }).fill('3')
  await page.getByRole('button', { name: 'Save the price' }).click()
  await page.getByText('Calls were billed with this price').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('button', { name: 'New price' }).click()
  await page.getByLabel('Model', { exact: true }).last().fill('acme-small')
  await page.getByLabel('From (UTC day)').fill('2099-01-01')
  await page.getByLabel('Input', { exact: true }).fill('150')
  await page.getByLabel('Output', { exact: true }).fill('2')
  await page.getByRole('button', { name: 'Save the price' }).click()
  await page.getByLabel('The price is right').check()
  await shot('prices-jump')
  await page.getByRole('button', { name: 'Save the price' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'History: the price of acme-small' }).click()
  await page.getByRole('row', { name: /2099.*\$150\.00/ }).waitFor()
  await shot('prices-history')
  expect(errors.filter((error) => !/409/.test(error))).toEqual([])
}, 120_000)
