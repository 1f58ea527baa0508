import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,100,48\n'
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,nlp,bert,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T06:00:00Z,completed
`
const CALLS = `request_id,timestamp,team,provider,model,prompt_tokens,completion_tokens,cost_usd
a,2026-02-01T00:00:00Z,nlp,self,llama,4000000,1000000,
b,2026-02-01T10:00:00Z,nlp,openai,gpt-5,900,100,0.25
`
const ASKED = '/unit-economics?start=2026-02-01&end=2026-02-01'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  const files = { 'costs.csv': COSTS, 'jobs.csv': JOBS, 'calls.csv': CALLS }
  await upload(page, ...Object.entries(files).map(([name, text]) => ({ name, text })))
  await heliox.run(`insert into model_prices (model, effective_from, input_usd_per_million, output_usd_per_million, created_at_ms)
    values ('llama', '2026-01-01', '5', '20', 1)`)
  await context.close()
})
afterAll(() => heliox?.close())

test('a deployment is entered, its model is worth what its tokens cost, and a what-if replays its days', async () => {
  const { page, errors, shot } = await heliox.visit({ path: ASKED })
  await page.getByText('No deployment held GPUs on these days').waitFor()
  await page.getByRole('button', { name: 'New deployment' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Model').fill('llama')
  await dialog.getByLabel('Provider').fill('aws')
  await dialog.getByLabel('GPU type').fill('h100')
  await dialog.getByLabel('From (UTC)').fill('2026-02-01T06:00')
  await dialog.getByLabel('To (UTC)').fill('2026-02-02T00:00')
  await dialog.getByRole('button', { name: 'Save the deployment' }).click()
  await dialog.waitFor({ state: 'detached' })
  // 18 of 24 GPU-hours held: $75 for 5 M tokens; list is 4 × 5 + 1 × 20 = $40.
  await page.getByRole('button', { name: 'llama', exact: true }).waitFor()
  const [row] = await rowsOf(page, 'Models on own GPUs')
  expect(await figureOf(page, 'Own GPUs')).toBe('$75.00')
  expect(row?.map((text) => text.replace(/\s+/g, ' ')).slice(1, 4)).toEqual([
    '$15.00$7.50 without idle',
    '$8.00',
    '-$35.00-87.5 % of list',
  ])
  await page.getByText('Buying would be cheaper').waitFor()
  await page.getByLabel('Utilisation in percent').fill('100')
  await page.getByLabel('Utilisation in percent').press('Enter')
  await page.locator('.card-value', { hasText: '$37.50' }).waitFor() // 18 of 48 hours of $100
  await shot('unit-economics')
  expect(errors).toEqual([])
})

test('a narrow dark screen has no sideways scroll', async () => {
  const { page, shot } = await heliox.visit({ path: ASKED, width: 375, isDark: true })
  await page.getByRole('button', { name: 'llama', exact: true }).waitFor()
  await page.getByText('Buying would be cheaper').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('unit-economics-narrow')
})
