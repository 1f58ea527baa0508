import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, type Day, dayOf, type EpochMs } from '../db/units/time.ts'
import { demoCosts, demoJobs } from '../seeds/demo.ts'
import { formatMonth } from './format/month.ts'
import { overflowOf, rowsOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { tablesOnPaper } from './testing/paper.ts'
import { addPerson } from './testing/person.ts'

// The demo is of the last 90 days: this month is over on any day, has two weeks of it at least, and so has the next.
const now = Date.now() as EpochMs
const FIRST = addDays(dayOf(now), -75).slice(0, 7)
const SECOND = addDays(`${FIRST}-28` as Day, 7).slice(0, 7)
const [first, second] = [formatMonth(FIRST), formatMonth(SECOND)]

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  await send('cost-csv', await textOf(demoCosts(dayOf(now))))
  await send('jobs-json', await textOf(demoJobs(now)))
  const storage = `date,provider,gpu_type,cost_usd\n${FIRST}-28,aws,storage,100.00\n`
  await send('cost-csv', storage)
})
afterAll(() => heliox?.close())

async function textOf(parts: AsyncIterable<string> | Iterable<string>): Promise<string> {
  let text = ''
  for await (const part of parts) text += part
  return text
}

async function send(format: string, body: string): Promise<void> {
  const headers = { 'x-api-key': heliox.stack.adminApiKey }
  const to = new URL(`/api/v1/imports?format=${format}`, heliox.stack.url)
  expect(await (await fetch(to, { method: 'POST', headers, body })).json()).toMatchObject({ status: 'success' })
}

const month = (page: Page, name: string) => page.locator('.months tbody tr').filter({ hasText: name })
const difference = (page: Page) => page.locator('.sums-check').innerText()
const teamTotals = async (page: Page) => (await rowsOf(page, 'Teams')).map((cells) => [cells[0], cells.at(-2)])

test('a month is split, closed for ever, and what is restated later stands on the next one', async () => {
  const { page, errors, shot } = await heliox.visit()
  await page.getByRole('main').getByRole('link', { name: 'Statements', exact: true }).click()
  await page.getByRole('heading', { name: 'Statements', level: 1 }).waitFor()
  await month(page, first).waitFor()
  await shot('statements-months')

  await page.getByRole('button', { name: 'Change the split' }).click()
  await page.getByRole('radio', { name: 'In proportion' }).check()
  await page.getByLabel('What it gives each team in').selectOption({ label: first })
  await page.locator('.split-preview tbody tr').nth(4).waitFor()
  await page.locator('.split-preview').getByText('stays with the company $0.00').waitFor()
  await shot('statements-split')
  await page.getByRole('radio', { name: 'By weight' }).check()
  await page.getByLabel('vision', { exact: true }).fill('a lot')
  await page.getByText('expected a weight such as "2.5"').waitFor()
  await page.getByLabel('vision', { exact: true }).fill('2')
  await page.getByLabel('speech', { exact: true }).fill('1.5')
  await page.getByRole('button', { name: 'Save the split' }).click()
  await page.getByText('By weight.').waitFor()
  await page.getByText('Weights: vision 2, speech 1.5.').waitFor()

  await page.getByRole('link', { name: first, exact: true }).click()
  await page.getByRole('heading', { name: `Statement of ${first}` }).waitFor()
  expect(await difference(page)).toContain('$0.00 difference')
  const before = await teamTotals(page)
  expect(before).toHaveLength(5)
  await shot('statement-month')
  await page.getByRole('button', { name: 'Close month' }).click()
  await page.getByText('It can never be opened, changed or removed again.').waitFor()
  await shot('statement-closing')
  await page.getByRole('button', { name: 'Close for ever' }).click()
  await page.getByText('Closed', { exact: true }).waitFor()
  expect(await page.getByRole('button', { name: 'Close month' }).count()).toBe(0)
  expect(await page.getByText(/unknown|NaN|undefined/).count()).toBe(0)

  await send('cost-csv', `date,provider,gpu_type,cost_usd\n${FIRST}-28,aws,h100,99999.99\n`)
  await page.reload()
  await page.getByRole('heading', { name: `Statement of ${first}` }).waitFor()
  expect(await teamTotals(page)).toEqual(before)
  await page.goto(`/statements?month=${SECOND}`)
  await page.getByRole('columnheader', { name: 'Adjustments' }).waitFor()
  expect(await difference(page)).toContain('$0.00 difference')
  await page.getByRole('link', { name: 'vision', exact: true }).click()
  await page.getByText(`Adjustment of ${first}`).waitFor()
  await page.getByText('Bill or jobs restated after closing: was $').waitFor()
  await shot('statement-letter')
  await page.goBack()
  await page.getByRole('heading', { name: `Statement of ${second}` }).waitFor()
  await page.getByRole('link', { name: 'All months' }).click()
  await month(page, first).getByText('restated since').waitFor()
  await shot('statements-restated')
  expect(errors).toEqual([])
})

test('the CSV is the lines of the page, and paper has each team on a sheet of its own', async () => {
  const { page, errors } = await heliox.visit({ path: `/statements?month=${FIRST}` })
  await page.getByRole('heading', { name: `Statement of ${first}` }).waitFor()
  await page.locator('.statement-teams').waitFor()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV of the lines' }).click(),
  ])
  expect(file.suggestedFilename()).toBe(`statement-${FIRST}.csv`)
  await page.emulateMedia({ media: 'print' })
  for (const selector of ['.top', '.toolbar', '.no-print >> nth=0'])
    expect(await page.locator(selector).first().isVisible()).toBe(false)
  expect(await page.locator('.print-only .letter:visible').count()).toBe(5)
  mkdirSync('dist/screenshots', { recursive: true })
  for (const format of ['A4', 'Letter'] as const) {
    const pdf = await page.pdf({ format, path: `dist/screenshots/statement-${format}.pdf`, preferCSSPageSize: false })
    const sheets = pdf.toString('latin1').match(/\/Type \/Page\b/g) ?? []
    expect(sheets.length).toBeGreaterThanOrEqual(6) // the sums, and five teams
  }
  expect(errors).toEqual([])
})

test('a phone in the dark shows months, a month and a letter without scrolling sideways', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/statements', width: 375, isDark: true })
  await month(page, second).waitFor()
  const look = async (name: string) => {
    expect(await overflowOf(page)).toBe(0)
    const low = await page
      .locator('.page :is(button, select, input:not([type=radio], [type=checkbox])):visible')
      .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML))
    expect(low).toEqual([])
    await shot(name)
  }
  await look('statements-375-dark')
  await page.getByRole('link', { name: second, exact: true }).click()
  await page.locator('.statement-teams').waitFor()
  await look('statement-375-dark')
  await page.getByRole('link', { name: 'speech', exact: true }).click()
  await page.getByRole('article').waitFor()
  await look('statement-letter-375-dark')
  expect(errors).toEqual([])
})

test('who sees a team gets its statement alone, and who is in none is told', async () => {
  const as = await addPerson(heliox.stack, 'viewer', ['speech'])
  const { page, errors, shot } = await heliox.visit({ path: `/statements?month=${FIRST}`, as })
  await page.locator('.statement-teams').waitFor()
  expect((await teamTotals(page)).map(([name]) => name)).toEqual(['speech'])
  for (const hidden of ['What nobody was charged', 'difference', 'Close month'])
    expect(await page.getByText(hidden).count()).toBe(0)
  await shot('statement-own-team')
  await page.goto(`/statements?month=${FIRST}&team=team_1`)
  await page.getByText('This team has no part in').waitFor()
  const stranger = await addPerson(heliox.stack, 'viewer')
  const other = await heliox.visit({ path: '/statements', as: stranger })
  await other.page.getByText('You are not in a team yet').waitFor()
  expect([...errors, ...other.errors]).toEqual([])
})

test('on paper a row is never broken, a table that fits stands on one sheet, and a long one has its head on each', async () => {
  const many = (count: number, of: (at: number) => string) => Array.from({ length: count }, (_, at) => of(at))
  const held = '1,2025-03-04T00:00:00Z,2025-03-04T12:00:00Z,completed'
  const long = 'a-name-that-is-longer-than-a-line-of-the-sheet-is-wide-and-so-goes-on-in-the-next-one-of-them'
  await send(
    'cost-csv',
    [
      'date,provider,gpu_type,cost_usd',
      '2025-03-04,own,h100,9000.00',
      ...many(22, (at) => `2025-03-05,own,pool-${at},9.00`),
    ]
      .join('\n')
      .concat('\n'),
  )
  await send(
    'jobs-csv',
    [
      'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status',
      ...many(14, (at) => `sheet-${at},sheet-team-${at},m,own,h100,${held}`),
      ...many(70, (at) => `sheet-long-${at},sheet-team-0,model-${at}-${at % 2 ? long : ''},own,h100,${held}`),
    ]
      .join('\n')
      .concat('\n'),
  )
  const { page, errors } = await heliox.visit({ path: '/statements?month=2025-03' })
  await page.locator('.statement-teams').waitFor()
  const tables = tablesOnPaper(await page.pdf({ format: 'A4', tagged: true }))
  const sheetsOf = (rows: number[][] = []) => [...new Set(rows.flat())].sort((one, other) => one - other)
  const [teams, company, letter] = tables
  expect(teams?.length).toBeGreaterThan(14)
  expect(sheetsOf(teams)).toEqual([1])
  expect(company?.length).toBeGreaterThan(22)
  expect(sheetsOf(company)).toEqual([2]) // too long for what is left of the first
  expect(sheetsOf(letter).length).toBeGreaterThan(2)
  expect(letter?.[0]).toEqual(sheetsOf(letter))
  for (const rows of tables) {
    expect(rows.slice(1).filter((on) => on.length !== 1)).toEqual([])
    expect(rows.at(-1)).toEqual(rows.at(-2)) // the sum is not alone
  }
  expect(errors).toEqual([])
})
