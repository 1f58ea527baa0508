import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const CALLS = `request_id,timestamp,team,user,provider,model,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens,cost_usd,status
a,2026-02-01T00:00:00Z,vision,ada,openai,gpt-5-mini-2025-08-07,1000,600,200,150,0.5,ok
b,2026-02-01T10:00:00Z,search,bob,openai,gpt-5-mini-2025-08-07,20,0,6,0,0.0000125,ok
c,2026-02-02T00:00:00Z,,bob,self,llama-3-70b,30,,7,,,ok
d,2026-02-03T00:00:00Z,vision,ada,self,llama-3-70b,,,,,0,503
`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('without calls the page names the exports and how they are got', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/tokens' })
  await page.getByText('No usage of language models has been imported yet').waitFor()
  const exports = await page.locator('.tokens-exports dt').allInnerTexts()
  expect(exports).toEqual(['OpenAI', 'Anthropic', 'LiteLLM', 'Any other gateway'])
  expect(await page.locator('.tokens-exports').innerText()).toContain('LiteLLM_SpendLogs')
  await shot('tokens-empty')
  await page.setViewportSize({ width: 375, height: 812 })
  expect(await overflowOf(page)).toBe(0)
  await shot('tokens-empty-375')
  await page.getByRole('main').getByRole('link', { name: 'Import a file' }).click()
  await page.getByRole('heading', { name: 'Imports' }).waitFor()
  expect(errors).toEqual([])
})

test('tokens are shown by bucket and group, what has no price is said, and they are in no bill', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'requests.csv', text: CALLS })
  await page.getByRole('link', { name: 'Tokens' }).click()
  await page.getByRole('button', { name: 'Jump to the latest calls' }).click()
  await page.getByRole('heading', { name: 'By model' }).waitFor()
  expect(page.url()).toContain('end=2026-02-03')
  // 400 + 20 + 30 without 600 from the cache; 50 + 6 + 7 without 150 of reasoning
  expect([await figureOf(page, 'Input tokens'), await figureOf(page, 'Output tokens')]).toEqual(['450', '63'])
  expect([await figureOf(page, 'Requests'), await figureOf(page, 'Cost')]).toEqual(['4', '$0.50'])
  expect(await figureOf(page, 'Unpriced')).toBe('2.9%') // 37 of 1,263 tokens
  expect(await page.locator('.tokens-note').innerText()).toContain('in no bill')
  const rows = await rowsOf(page, 'By model')
  expect(rows.map((cells) => cells.join(' | '))).toEqual([
    'gpt-5-mini-2025-08-07 | 2 | 420 | 600 | 56 | 150 | $0.50 | none',
    'llama-3-70b | 2 | 30 | – | 7 | – | unpriced | 1',
    'Total | 4 | 450 | 600 | 63 | 150 | $0.50 | 1',
  ])
  await shot('tokens')

  await page.locator('.inline-field select').selectOption('project')
  await page.getByRole('heading', { name: 'By project' }).waitFor()
  expect((await rowsOf(page, 'By project')).map(([name]) => name)).toEqual(['vision', 'search', 'No project', 'Total'])
  expect(page.url()).toContain('by=project')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export by project' }).click()
  await page.getByRole('menuitem', { name: 'CSV figures' }).click()
  expect(await readFile(await (await saved).path(), 'utf8')).toContain('name,kind,team_id,record_count')

  await page.goto('/?start=2026-02-01&end=2026-02-03')
  await page.getByText('Nothing has been imported yet').waitFor()
  expect(errors).toEqual([])
})

test('the page fits a phone and the dark', async () => {
  const path = '/tokens?start=2026-02-01&end=2026-02-03&by=user&table=tokens'
  const { page, errors, shot } = await heliox.visit({ path, width: 375, isDark: true })
  await page.getByText('bob').waitFor()
  expect(await overflowOf(page)).toBe(0)
  const heights = await page
    .locator('.content select:visible, .content button:visible')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
  await shot('tokens-375-dark')
  const { page: wide, shot: shotWide } = await heliox.visit({ path, isDark: true })
  await wide.getByText('bob').waitFor()
  await shotWide('tokens-dark')
  expect(errors).toEqual([])
})

test('who sees some teams gets their calls only', async () => {
  const { stack } = heliox
  const init = { method: 'POST', headers: { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' } }
  for (const name of ['vision', 'search'])
    await fetch(new URL('/api/v1/teams', stack.url), { ...init, body: JSON.stringify({ name }) })
  const again = { ...init, headers: { 'x-api-key': stack.adminApiKey }, body: CALLS }
  await fetch(new URL('/api/v1/imports?format=requests-csv', stack.url), again)
  const viewer = await addPerson(stack, 'viewer', ['search'])
  const { page, errors } = await heliox.visit({
    path: '/tokens?start=2026-02-01&end=2026-02-03&by=user',
    as: viewer,
  })
  expect((await rowsOf(page, 'By user')).map(([name]) => name)).toEqual(['bob', 'Total'])
  await page.getByText('Your teams only:').waitFor()
  expect(errors).toEqual([])
})
