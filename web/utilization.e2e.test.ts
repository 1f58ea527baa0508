import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, type EpochMs } from '../db/units/time.ts'
import { demoCosts, demoJobs, demoUsage } from '../seeds/demo.ts'
import { figureOf, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const RANGE = 'start=2026-01-20&end=2026-01-21'
const COSTS = `date,provider,gpu_type,cost_usd,gpu_hours
2026-01-20,aws,h100,240,24
2026-01-20,own,b200,50,
2026-01-21,aws,h100,240,24
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,nlp,m,aws,h100,1,2026-01-20T00:00:00Z,2026-01-20T06:00:00Z,completed
b,vision,m,aws,h100,1,2026-01-20T00:00:00Z,2026-01-20T03:00:00Z,completed
c,vision,m,aws,h100,1,2026-01-20T00:00:00Z,2026-01-20T03:00:00Z,failed
d,nlp,m,own,b200,1,2026-01-20T00:00:00Z,2026-01-20T05:00:00Z,completed
`
const USAGE = 'date,provider,gpu_type,gpu_hours,measured_gpu_hours\n2026-01-20,aws,h100,8,10\n'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('the page says what was held, busy and idle, and the parts of the cost sum to it to the cent', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(
    page,
    { name: 'costs.csv', text: COSTS },
    { name: 'jobs.csv', text: JOBS },
    { name: 'usage.csv', text: USAGE },
  )
  await page.goto(`/?${RANGE}`)
  await page.getByRole('main').getByRole('link', { name: 'Utilisation' }).click()
  await page.waitForURL(/\/utilization\?.*start=2026-01-20/)
  await page.getByRole('heading', { name: 'Utilisation', level: 1 }).waitFor()
  await page.getByText('of 48 GPU-hours').waitFor()
  // 12 of 48 GPU-hours with a known capacity were held; 8 of 10 measured hours were busy
  expect([await figureOf(page, 'Idle share'), await figureOf(page, 'Busy while held')]).toEqual(['75.0%', '80.0%'])
  expect(await rowsOf(page, 'What the cost was worth')).toEqual([
    [expect.stringContaining('Useful'), '$60.00', '11.3%'],
    [expect.stringContaining('Allocated but idle'), '$15.00', '2.8%'],
    [expect.stringContaining('Failed or cancelled'), '$30.00', '5.7%'],
    [expect.stringContaining('Not measured'), '$65.00', '12.3%'],
    [expect.stringContaining('Nobody held'), '$360.00', '67.9%'],
    ['Total', '$530.00', ''],
  ])
  await page.getByRole('combobox', { name: 'By' }).selectOption('Team')
  await page.getByRole('rowheader', { name: 'vision' }).waitFor()
  expect(page.url()).toContain('worth=team')
  expect(await rowsOf(page, 'What the cost was worth')).toEqual([
    ['nlp', '$40.00', '$10.00', '$0.00', '$60.00', '$60.00', '$170.00'],
    ['vision', '$20.00', '$5.00', '$30.00', '$5.00', '$60.00', '$120.00'],
    ['Unallocated', '$0.00', '$0.00', '$0.00', '$0.00', '$240.00', '$240.00'],
    ['Total', '$60.00', '$15.00', '$30.00', '$65.00', '$360.00', '$530.00'],
  ])
  expect(await rowsOf(page, 'GPU-hours per day')).toEqual([
    [expect.stringContaining('21'), '0', '24', 'not measured', '24 100.0%'],
    [expect.stringContaining('20'), '17', '24', '8', '12 50.0%'],
  ])
  await page.getByText('$65.00 is not measured').waitFor()
  expect(await page.getByRole('link', { name: 'Prometheus source' }).getAttribute('href')).toBe('/sources')
  expect(await rowsOf(page, 'Pools')).toEqual([
    ['h100 on aws', '12', '48', '75.0%', '80.0%', '83.3%'],
    ['b200 on own', '5', 'not known', '–', 'not measured', '0.0%'],
  ])
  await page.getByRole('button', { name: 'b200 on own' }).click()
  await page.getByRole('button', { name: 'Remove filter GPU type: b200' }).waitFor()
  await page.getByText('The bill does not say how many').waitFor()
  expect(await figureOf(page, 'Idle share')).toBe('Not known')
  await shot('utilization-small')
  expect(errors).toEqual([])
})

test('who sees a team only has what it held and its part of the cost, and nothing of whole pools', async () => {
  const developer = await addPerson(heliox.stack, 'developer', ['vision'])
  const { page, errors, shot } = await heliox.visit({ path: `/utilization?${RANGE}`, as: developer })
  await expect.poll(() => figureOf(page, 'Useful')).toBe('$20.00')
  expect(await page.locator('.cards dt').allInnerTexts()).toEqual(['Held', 'Useful'])
  expect(await rowsOf(page, 'GPU-hours per day')).toEqual([
    [expect.stringContaining('21'), '0'],
    [expect.stringContaining('20'), '6'],
  ])
  expect(await rowsOf(page, 'Pools')).toEqual([['h100 on aws', '6']])
  await page.getByText('An administrator can add DCGM metrics').waitFor()
  expect(await page.locator('main').innerText()).not.toMatch(/nlp|b200|Idle share|240|530/)
  await shot('utilization-developer')
  expect(errors).toEqual([])
})

test('days without anything say so, and a failure can be asked again', async () => {
  const { page, context } = await heliox.visit({ path: '/utilization?start=2025-01-01&end=2025-01-02' })
  await page.getByText('Nothing was billed on these days.').waitFor()
  expect(await page.getByText('Nothing was billed, held or measured on these days.').count()).toBe(2)
  await context.route('**/trpc/analytics.utilization*', (route) => route.abort())
  await page.goto(`/utilization?${RANGE}`)
  await page.getByRole('button', { name: 'Try again' }).first().waitFor()
  await context.unroute('**/trpc/analytics.utilization*')
  await page.getByRole('button', { name: 'Try again' }).first().click()
  await page.getByText('of 48 GPU-hours').waitFor()
})

test('with the demo’s data the page is drawn, on a phone and in the dark without scrolling sideways', async () => {
  const now = Date.now() as EpochMs
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(
    page,
    { name: 'demo-costs.csv', text: await whole(demoCosts(dayOf(now))) },
    { name: 'demo-jobs.json', text: await whole(demoJobs(now)) },
    { name: 'demo-usage.csv', text: await whole(demoUsage(dayOf(now))) },
  )
  await page.goto('/utilization?range=30d')
  await page.locator('.apexcharts-bar-area').first().waitFor()
  await page.locator('.apexcharts-rangebar-area').first().waitFor()
  await shot('utilization')
  await page.goto('/utilization?range=30d&worth=team&gpu=h100')
  await page.locator('.apexcharts-bar-area').first().waitFor()
  await page
    .locator('select')
    .filter({ hasText: 'All GPUs' })
    .locator('option[value=h100]')
    .waitFor({ state: 'attached' })
  expect(await page.getByRole('combobox', { name: 'Of' }).inputValue()).toBe('h100')
  await shot('utilization-team')
  expect(errors).toEqual([])
  for (const isDark of [false, true]) {
    const phone = await heliox.visit({ path: '/utilization?range=30d', width: 375, isDark })
    await phone.page.locator('.apexcharts-rangebar-area').first().waitFor()
    expect(await overflowOf(phone.page)).toBe(0)
    for (const field of await phone.page.locator('.panel-actions select, .panel-actions button, .how summary').all())
      expect((await field.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await phone.shot(`utilization-phone-${isDark ? 'dark' : 'light'}`)
    expect(phone.errors).toEqual([])
  }
  const dark = await heliox.visit({ path: '/utilization?range=30d', isDark: true })
  await dark.page.locator('.apexcharts-rangebar-area').first().waitFor()
  await dark.shot('utilization-dark')
}, 120_000)

async function whole(text: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const piece of text) all += piece
  return all
}
