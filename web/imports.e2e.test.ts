import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb } from '../db/client.ts'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const GOOD = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100.00\n2026-01-02,gcp,h100,7.25\n'
/** Line 3 has no cost above zero, line 4 no day. 100 + 20 are good, −1 and 5 are not: the file says 124. */
const WITH_BAD_ROWS =
  'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100.00\n2026-01-02,aws,a100,-1\n2026-13-40,aws,a100,5\n2026-01-03,aws,a100,20.00\n'

const FOCUS =
  'BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName'
const bill = (...rows: [cost: string, sku: string, currency: string][]) =>
  `${[FOCUS, ...rows.map(([cost, sku, currency]) => `${cost},A,${currency},2026-01-01,Usage,2026-01-10,${sku},AWS`)].join('\n')}\n`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('a dry run changes nothing, a file is stored, the same file again changes nothing', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await page.getByText('No imports yet').waitFor()
  expect(await page.getByRole('textbox', { name: 'A FOCUS bill' }).inputValue()).toContain(
    `--url ${heliox.stack.url.origin}`,
  )
  await shot('imports-empty')

  await page.getByLabel('Dry run').check()
  await upload(page, { name: 'dry.csv', text: GOOD })
  await page.getByText('Success · dry run').first().waitFor()
  await page.goto('/?start=2026-01-01&end=2026-01-14')
  await page.getByText('Nothing has been imported yet').waitFor()

  await upload(page, { name: 'costs.csv', text: GOOD })
  await page.locator('.result').filter({ hasText: '2 inserted' }).waitFor()
  await upload(page, { name: 'again.csv', text: GOOD })
  await page.locator('.result').filter({ hasText: '2 unchanged' }).waitFor()
  expect(await page.locator('.uploads .balance').first().innerText()).toMatch(/File \$107\.25\s+= stored \$107\.25/)
  expect(errors).toEqual([])
})

test('bad rows are quarantined with line, column and reason, and no dollar is lost', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'with-bad-rows.csv', text: WITH_BAD_ROWS })
  const result = page.locator('.result').first()
  expect(await result.locator('.balance').innerText()).toMatch(
    /File \$124\.00\s+= stored \$120\.00\s+\+ quarantined \$4\.00/, // 124 = 120 + (5 − 1)
  )
  await shot('upload-result')
  await page.getByRole('link', { name: 'See the quarantined rows' }).first().click()

  const rows = await rowsOf(page, 'Quarantined rows')
  expect(rows.map(([line, column]) => [line, column])).toEqual([
    ['3', 'cost_usd'],
    ['4', 'date'],
  ])
  expect(rows[0]?.[2]).toContain('greater than 0')
  expect(rows.map((cells) => cells[4])).toEqual(['-$1.00', '$5.00'])
  await shot('import')

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Reasons as CSV, of all quarantined rows' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toContain('line,column,code,message')
  expect(text.trim().split('\n')).toHaveLength(3)
  expect(errors).toEqual([])
})

test('a file of no known format is refused in the words of the server, and the next one still goes through', async () => {
  const { page, errors } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'holiday.txt', text: 'just some words\n' }, { name: 'fine.csv', text: GOOD })
  const refused = page.locator('.uploads li').filter({ hasText: 'holiday.txt' })
  expect(await refused.getByRole('alert').innerText()).toContain('Nothing of this file was stored')
  await page.locator('.uploads li').filter({ hasText: 'fine.csv' }).getByText('2 unchanged').waitFor()
  expect(errors).toEqual([])
})

test('bad rows of a bill are looked at, read again with a currency, and the import is taken away', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'january.csv', text: bill(['1', 'S1', 'USD'], ['2', 'S2', 'USD']) })
  const newer = bill(['10', 'S1', 'USD'], ['2', 'S2', ''], ['4.25', 'S3', ''], ['x', 'S4', 'USD'])
  await upload(page, { name: 'january-2.csv', text: newer })
  await page.getByRole('link', { name: 'See the quarantined rows' }).first().click()
  await page.getByRole('heading', { name: 'january-2.csv' }).waitFor()

  // What it restated: 2 rows of $3 before, 1 row of $10 after.
  const [restated] = await rowsOf(page, 'Bills before and after')
  expect(restated?.slice(0, 7)).toEqual(['A', '2026-01-01', '2', '1', '$3.00', '$10.00', '+$7.00'])

  const reasons = await rowsOf(page, 'Why rows were refused')
  expect(reasons.map((cells) => [cells[0], cells[3], cells[4]])).toEqual([
    ['ingest.no_currency', '2', '$6.25'],
    [expect.stringContaining('ingest.'), '1', 'not readable'],
  ])
  await page.getByRole('button', { name: 'ingest.no_currency' }).first().click()
  await page.waitForURL(/code=ingest.no_currency/)
  await page.getByRole('button', { name: 'The row of line 5' }).waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByRole('button', { name: 'The row of line 5' }).waitFor()

  await page.getByRole('button', { name: 'The row of line 3' }).click()
  const record = page.getByLabel('Line 3 as the file has it')
  expect(await record.inputValue()).toBe('2,A,,2026-01-01,Usage,2026-01-10,S2,AWS')
  await shot('import-bad-rows')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download rejects as a file of this format' }).click()
  const file = await saved
  expect(file.suggestedFilename()).toBe('rejects-january-2.csv')
  expect((await readFile(await file.path(), 'utf8')).trim().split('\n')).toHaveLength(4)

  await page.getByRole('button', { name: 'Say which it is' }).click()
  await page.getByLabel('Currency').fill('usd')
  await shot('import-retry')
  await page.getByRole('button', { name: 'Read 3 rows again' }).click()
  await page.getByRole('heading', { name: 'quarantined rows of january-2.csv' }).waitFor()
  expect(await page.locator('.balance').innerText()).toMatch(/File \$6\.25\s+= stored \$6\.25/)
  await shot('import-read-again')

  await page.goBack()
  await page.getByRole('heading', { name: 'january-2.csv', exact: true }).waitFor()
  await page.getByText('Read again by').first().waitFor()
  expect(await page.getByRole('button', { name: 'Read these rows again…' }).count()).toBe(0)

  await page.getByRole('button', { name: 'Remove import…' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.innerText()).toContain('Goes: 1 row, $10.00, the bill of A for 2026-01')
  expect(await dialog.innerText()).toContain('Counts again: 2 rows, $3.00')
  await shot('import-remove')
  await dialog.getByRole('button', { name: 'Remove import' }).click()
  await page.locator('.facts-status').getByText('Removed', { exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Remove import…' }).count()).toBe(0)
  expect(errors).toEqual([])
})

test('the history is narrowed by what the address says, and Back takes that off', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor()
  const filters = page.getByRole('form', { name: 'Filters of the history' })
  await filters.getByRole('combobox', { name: 'Status' }).selectOption('removed')
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor({ state: 'detached' })
  expect((await rowsOf(page, 'History')).map(([file]) => file)).toEqual(['january-2.csvfocus-csv'])
  await page.reload()
  await page.getByRole('link', { name: 'january-2.csv' }).first().waitFor()
  await filters.getByRole('searchbox', { name: 'File name' }).fill('nothing like it')
  await page.getByText('No import matches.').waitFor()
  await shot('imports-no-match')
  await page.getByRole('button', { name: 'Show all imports' }).click()
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor()
  expect(await filters.getByRole('searchbox', { name: 'File name' }).inputValue()).toBe('')
  expect(
    await filters.getByRole('combobox', { name: 'Status' }).evaluate((one) => one === document.activeElement),
  ).toBe(true)
  await page.goBack()
  await page.goBack()
  await page.waitForURL(/\/imports$/)
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor()
  await shot('imports')
  expect(errors).toEqual([])
})

test('an import that stands still says whether somebody has to do something', async () => {
  const db = openDb(heliox.stack.databaseUrl, heliox.stack.databaseAuthToken)
  const words = ['', 'It goes on by itself', 'Send the file again, or go on with resume=imp_1']
  for (const [at, status] of ['queued', 'interrupted', 'interrupted'].entries())
    await db.run(sql`insert into imports (format, source, file_name, status, message, actor, started_at_ms, progressed_at_ms)
      values ('jobs-csv', 'cluster', ${`still-${at}.csv`}, ${status}, ${words[at]}, 'a key', 1, 1)`)
  db.$client.close()
  const { page, errors } = await heliox.visit({ path: '/imports?source=cluster' })
  await page.getByText('Waits for its turn').waitFor()
  const status = (await rowsOf(page, 'History')).map((cells) => cells[1])
  expect(status).toEqual([
    'InterruptedSend the file again to go on',
    'InterruptedGoes on by itself',
    'QueuedWaits for its turn',
  ])
  await page.getByRole('link', { name: 'still-2.csv' }).click()
  const command = page.getByRole('textbox', { name: 'Go on from a terminal' })
  expect(await command.inputValue()).toMatch(/--data-binary @still-2.csv .*\/api\/v1\/imports\?resume=imp_\d+'$/)
  expect(errors).toEqual([])
})

test('who may not write sees all of an import and no way to change it', async () => {
  const finance = await addPerson(heliox.stack, 'finance')
  const { page, errors } = await heliox.visit({ path: '/imports?file=with-bad-rows', as: finance })
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).click()
  await page.getByRole('button', { name: 'Download rejects as a file of this format' }).waitFor()
  for (const name of ['Remove import…', 'Read these rows again…'])
    expect(await page.getByRole('button', { name }).count()).toBe(0)
  expect(errors).toEqual([])
})

test('an import’s page fits a phone', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports?file=january-2', width: 375, isDark: true })
  await page.getByRole('link', { name: 'january-2.csv', exact: true }).first().click()
  await page.getByRole('button', { name: 'The row of line 3' }).click()
  expect(await overflowOf(page)).toBe(0)
  await shot('import-375-dark')
})

test('the history fits a phone', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports', width: 375, isDark: true })
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('imports-375-dark')
})
