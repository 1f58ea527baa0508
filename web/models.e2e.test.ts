import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

/** Day 1: 100 over four GPU-hours, three of bert and one of sam, which failed. Day 2: 20 that nobody held. */
const COSTS = `date,provider,gpu_type,cost_usd
2026-02-01,aws,a100,100
2026-02-02,aws,a100,20
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,a100,1,2026-02-01T00:00:00Z,2026-02-01T03:00:00Z,completed
2,vision,sam,aws,a100,1,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,failed
`
const CALLS = `request_id,timestamp,team,provider,model,prompt_tokens,completion_tokens,cost_usd
a,2026-02-01T00:00:00Z,nlp,self,bert,400000,100000,2.50
b,2026-02-01T10:00:00Z,vision,openai,gpt-5,900,100,0.25
`
const ASKED = '/models?start=2026-02-01&end=2026-02-02'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  const files = { 'costs.csv': COSTS, 'jobs.csv': JOBS, 'calls.csv': CALLS }
  await upload(page, ...Object.entries(files).map(([name, text]) => ({ name, text })))
  await context.close()
})
afterAll(() => heliox?.close())

test('each model says what a job, a GPU-hour and a million tokens of it cost, and the rows add up to the bill', async () => {
  const { page, errors, shot } = await heliox.visit({ path: ASKED })
  const rows = (await rowsOf(page, 'Cost by model')).map((cells) => cells.map((text) => text.replace(/\s+/g, ' ')))
  expect(rows.map(([name, cost]) => [name, cost?.slice(0, 7)])).toEqual([
    ['bert', '$75.006'],
    ['sam', '$25.002'],
    ['Unallocated', '$20.001'],
    ['Total', '$120.00'],
  ])
  expect(rows[0]?.slice(2, 6)).toEqual([
    '$75.001 job',
    '$25.003 GPU-hours',
    '$150.00500,000 tokens, metered $5.00', // 75 for half a million
    '0%',
  ])
  expect(rows[1]?.at(-2)).toBe('100.0%$25.00, 1 of 1 job')
  expect(await figureOf(page, 'Failed work with its idle')).toBe('$25.00')
  await page.getByRole('heading', { name: 'Metered, without a job here' }).waitFor()
  expect(await page.getByRole('row', { name: /gpt-5/ }).innerText()).toContain('$250.00')
  await shot('models')
  expect(errors).toEqual([])
})

test('the order lives in the address, and a model leads to its explorer, its jobs and its explanation', async () => {
  const { page } = await heliox.visit({ path: ASKED })
  await page.getByRole('button', { name: 'Failed work' }).click()
  await page.waitForURL('**sort=lost*')
  await page.reload()
  const first = page.locator('.models-table tbody tr').first()
  await first.getByRole('link', { name: 'sam', exact: true }).waitFor()
  expect(await first.getByRole('link', { name: 'sam', exact: true }).getAttribute('href')).toBe(
    '/explore?start=2026-02-01&end=2026-02-02&model_name=sam&by=team&compare=previous',
  )
  expect(await first.getByRole('link', { name: '1 job' }).getAttribute('href')).toMatch(/^\/jobs\?.*model_name=sam/)
  await first.getByRole('link', { name: /how is this made/ }).click()
  await page.waitForURL('**/explain?*model_name=sam*')
})

test('the CSV has the figures of the screen', async () => {
  const { page } = await heliox.visit({ path: ASKED })
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download cost by model as CSV' }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toMatch(/^bert,owner,1,75\.00,/m)
})

test('days without a cost say so, and a failed answer can be asked again', async () => {
  const { page } = await heliox.visit({ path: '/models?start=2025-02-01&end=2025-02-02' })
  await page.getByText('No model cost anything on these days.').waitFor()
  await page.route(/\/trpc\/.*analytics\.models/, (route) => route.abort())
  await page.goto(ASKED)
  await page.getByText('Could not load this').waitFor()
  await page.unroute(/\/trpc\/.*analytics\.models/)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.models-table tbody tr').first().waitFor()
})

test('who sees a team gets its models, on a phone in the dark without scrolling sideways', async () => {
  const as = await addPerson(heliox.stack, 'viewer', ['vision'])
  const { page, errors, shot } = await heliox.visit({ path: ASKED, as, width: 375, isDark: true })
  await page.locator('.models-table tbody tr').first().waitFor()
  expect(await page.locator('.models-table tbody th a').allInnerTexts()).toEqual(['sam'])
  expect(await overflowOf(page)).toBe(0)
  await shot('models-375-dark')
  expect(errors).toEqual([])
})
