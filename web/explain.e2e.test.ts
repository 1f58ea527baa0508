import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-01,aws,a100,100.00,10\n2026-01-02,aws,a100,57.25,10\n'
const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
/** On day 1 nlp holds one GPU and vision three, two hours each: 25 : 75. Nobody holds anything on day 2. */
const JOBS = `${HEADER}bert-1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
sam-1,vision,sam,aws,a100,3,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,failed
`
const RANGE = 'start=2026-01-01&end=2026-01-14'

let heliox: Heliox
let developer: Person
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  await context.close()
  developer = await addPerson(heliox.stack, 'developer', ['nlp'])
})
afterAll(() => heliox?.close())

test('from an amount of the overview down to its jobs and bill lines, and back', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/?${RANGE}` })
  expect((await rowsOf(page, 'Cost by team'))[1]).toEqual(['nlp', '$25.00', '15.9%', '1', '2'])
  await page.getByRole('link', { name: 'how is this made, of vision?' }).click()
  await page.getByRole('heading', { name: 'How a figure is made' }).waitFor()
  await page.locator('.explain-what', { hasText: 'Team: vision' }).waitFor()
  await expect.poll(() => page.locator('.explain-amount').innerText()).toBe('$75.00')
  expect(await rowsOf(page, 'Pool-days')).toEqual([
    ['Thu, Jan 1, 2026aws a100', '$75.00', '$100.00 × 6 ÷ 8 GPU-hours held = $75.00', '6'],
  ])
  await page.getByText('This pool-day adds up to $75.00: difference 0.').waitFor()
  expect(await rowsOf(page, 'Jobs')).toEqual([['sam-1', 'vision', 'sam', 'aws a100', 'failed', '6', '$75.00']])
  await shot('explain-figure')
  // Its own steps are the only trail.
  expect(await page.getByRole('navigation', { name: 'Breadcrumbs' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Thu, Jan 1, 2026' }).click()
  await page.getByRole('heading', { name: 'Jobs of the pool-day' }).waitFor()
  expect(await rowsOf(page, 'Bill lines')).toEqual([['a100', '–', '–', '–', 'costs.csv', '$100.00', '$100.00']])
  await page.getByText('This line adds up to $100.00: difference 0.').waitFor()
  await shot('explain-pool-day')
  await page.getByRole('link', { name: 'sam-1' }).click()
  expect(await rowsOf(page, 'Days of the job')).toEqual([
    ['Thu, Jan 1, 2026', '6', '$75.00', '$100.00 × 6 ÷ 8 GPU-hours held = $75.00'],
  ])
  await shot('explain-job')
  await page.goBack()
  await page.getByRole('heading', { name: 'Jobs of the pool-day' }).waitFor()
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Figure' }).click()
  await page.getByRole('heading', { name: 'Pool-days' }).waitFor()
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Remove filter Team: vision' }).waitFor()
  expect(errors).toEqual([])
})

test('what nobody was charged is explained too', async () => {
  const { page, errors } = await heliox.visit({ path: `/?${RANGE}&basis=usage` })
  await rowsOf(page, 'Cost by model')
  await page.getByRole('link', { name: 'how is this made, of Idle?' }).first().click()
  expect(await rowsOf(page, 'Pool-days')).toEqual([
    ['Thu, Jan 1, 2026aws a100', '$20.00', '$100.00 × (10 − 8) ÷ 10 GPU-hours billed and not held = $20.00', '8'],
    ['Fri, Jan 2, 2026aws a100', '$57.25', '$57.25 × (10 − 0) ÷ 10 GPU-hours billed and not held = $57.25', '0'],
  ])
  await page.getByText('These 2 pool-days add up to $77.25: difference 0.').waitFor()
  expect(errors).toEqual([])
})

test('a developer follows the own part, without a bill line or another team', async () => {
  const { page, errors, shot } = await heliox.visit({
    path: `/explain?${RANGE}`,
    as: developer,
    width: 375,
    isDark: true,
  })
  await page.getByText('This pool-day adds up to $25.00: difference 0.').waitFor()
  await page.getByText('bert-1').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('explain-developer-375')
  await page.getByRole('link', { name: 'Thu, Jan 1, 2026' }).click()
  await page.getByRole('heading', { name: 'Jobs of the pool-day' }).waitFor()
  await page.getByText('bert-1').waitFor()
  expect(await page.getByRole('heading', { name: 'Bill lines' }).count()).toBe(0)
  expect(await page.locator('main').innerText()).not.toMatch(/vision|sam|75\.00|100\.00|57\.25/)
  await page.goto(`/explain?${RANGE}&kind=idle&basis=usage`)
  await page.getByText('needs a role that sees the whole company').first().waitFor()
  expect(errors.filter((error) => !error.includes('403'))).toEqual([])
})

test('on a phone nothing scrolls sideways, and empty days say so', async () => {
  const { page, errors, shot } = await heliox.visit({
    path: `/explain?${RANGE}&day=2026-01-01&pool_provider=aws&pool_gpu_type=a100`,
    width: 375,
  })
  await page.getByText('costs.csv').waitFor()
  await page.getByText('sam-1').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('explain-375')
  await page.goto('/explain?start=2025-01-01&end=2025-01-02')
  await page.getByText('Nothing on these days is part of this figure.').waitFor()
  await page.getByText('No job held GPUs here.').waitFor()
  expect(errors).toEqual([])
})
