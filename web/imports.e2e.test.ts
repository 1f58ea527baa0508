import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const GOOD = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100.00\n2026-01-02,gcp,h100,7.25\n'
/** Line 3 has no cost above zero, line 4 no day. 100 + 20 are good, −1 and 5 are not: the file says 124. */
const WITH_BAD_ROWS =
  'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100.00\n2026-01-02,aws,a100,-1\n2026-13-40,aws,a100,5\n2026-01-03,aws,a100,20.00\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('a dry run changes nothing, a file is stored, the same file again changes nothing', async () => {
  const { page, errors } = await heliox.visit({ path: '/imports' })
  await page.getByText('No imports yet').waitFor()

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
  await page.getByRole('button', { name: 'Download all quarantined rows as CSV' }).click()
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

test('the history fits a phone', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports', width: 375, isDark: true })
  await page.getByRole('link', { name: 'with-bad-rows.csv' }).first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('imports-375-dark')
})
