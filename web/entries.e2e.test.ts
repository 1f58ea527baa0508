import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callAsAdmin } from './testing/fill.ts'
import { overflowOf, rowsOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
j1,nlp,llama,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
j2,vision,sam,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
`
const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-01,aws,a100,90.00,24\n'

let heliox: Heliox
let developer: Person
beforeAll(async () => {
  heliox = await openHeliox()
  await callAsAdmin(heliox.stack, 'POST', '/imports?format=jobs-csv', JOBS)
  await callAsAdmin(heliox.stack, 'POST', '/imports?format=cost-csv', COSTS)
  developer = await addPerson(heliox.stack, 'developer', ['nlp'])
})
afterAll(() => heliox?.close())

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const press = (page: Page, name: string | RegExp) => button(page, name).click()
const gone = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' })
const field = (page: Page, name: string | RegExp) => page.getByRole('dialog').getByLabel(name, { exact: true })
const cells = (page: Page, panel: string, count: number) => async () =>
  (await rowsOf(page, panel)).map((texts) => texts.slice(0, count))

test('a bill line is entered, changed and removed, with what brought each and what they come to', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/costs' })
  const lines = cells(page, 'Lines', 7)
  const BY_FILE = ['aws a100', 'Thu, Jan 1, 2026', '–', 'imp_2', '24', '$90.00', '$90.00']
  await expect.poll(lines).toEqual([BY_FILE])
  await press(page, 'New entry')
  await field(page, 'Provider').fill('AWS')
  await field(page, 'GPU type').fill('H100')
  await field(page, 'Invoiced, USD').fill('ten')
  await press(page, 'Enter it')
  await page.getByText('Expected an amount such as "1234.56", found "ten"').waitFor()
  await field(page, 'Invoiced, USD').fill('10.5')
  await page.getByText('A day is needed').waitFor()
  await field(page, 'Day (UTC)').fill('2026-01-02')
  await field(page, 'Account').fill('42')
  await shot('costs-new')
  await press(page, 'Enter it')
  await gone(page)
  await page.getByText('$10.50 on Fri, Jan 2, 2026 is entered.').waitFor()
  const byHand = ['aws h100', 'Fri, Jan 2, 2026', '42', 'by hand', '–', '$10.50', '$10.50']
  await expect.poll(lines).toEqual([byHand, BY_FILE])
  await page.getByText('2 lines').waitFor()
  await page.locator('.total-line').getByText('$100.50').first().waitFor()

  await press(page, 'New entry')
  await field(page, 'Day (UTC)').fill('2026-01-01')
  await field(page, 'Provider').fill('aws')
  await field(page, 'GPU type').fill('a100')
  await field(page, 'Invoiced, USD').fill('1')
  await press(page, 'Enter it')
  await page.getByText('There is an entry for 2026-01-01, aws and a100 already').waitFor()
  await press(page, 'Cancel')
  await gone(page)

  await press(page, /^Edit aws h100 of Fri, Jan 2, 2026/)
  await field(page, 'Invoiced, USD').fill('12')
  await press(page, 'Save')
  await gone(page)
  // The amortised amount was the same, and follows.
  await expect.poll(lines).toEqual([[...byHand.slice(0, 5), '$12.00', '$12.00'], BY_FILE])

  await page.getByRole('form', { name: 'Filters' }).getByLabel('GPU type').fill('H100')
  await page.keyboard.press('Enter')
  await page.getByText('1 line', { exact: true }).waitFor()
  expect(new URL(page.url()).search).toBe('?gpu_type=H100')
  const download = page.waitForEvent('download')
  await press(page, 'Download all lines that match as CSV')
  expect((await download).suggestedFilename()).toBe('heliox-bill-lines.csv')
  await press(page, 'Clear filters')
  await press(page, /^Remove aws h100 of Fri, Jan 2, 2026/)
  await page.getByText('$12.00 leaves the bill of Fri, Jan 2, 2026').waitFor()
  await press(page, 'Remove entry')
  await gone(page)
  await page.locator('h1:focus').waitFor()
  await expect.poll(lines).toEqual([BY_FILE])
  await page.getByRole('link', { name: 'imp_2' }).click()
  await page.waitForURL('**/imports/imp_2')
  expect(errors.filter((text) => !text.includes('status of 409'))).toEqual([])
})

test('of two who change a bill line the second is told, and sees what is there now', async () => {
  const one = (await heliox.visit({ path: '/costs' })).page
  const other = (await heliox.visit({ path: '/costs' })).page
  for (const page of [one, other]) await press(page, /^Edit aws a100 of Thu, Jan 1, 2026/)
  await field(other, 'Region').waitFor()
  await field(one, 'Region').fill('us-east-1')
  await press(one, 'Save')
  await gone(one)
  await field(other, 'Region').fill('eu-west-1')
  await press(other, 'Save')
  await other.getByText('Somebody changed it').waitFor()
  await press(other, 'Reload')
  await expect.poll(() => field(other, 'Region').inputValue()).toBe('us-east-1')
  await press(one, /^Remove aws a100 of Thu, Jan 1, 2026/)
  await button(one, 'Remove entry').waitFor()
  await field(other, 'Region').fill('')
  await press(other, 'Save')
  await gone(other)
  await press(one, 'Remove entry')
  await one.getByText('so nothing is done').waitFor()
})

test('usage is entered, changed, removed and taken from jobs, and each row says where it is known from', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/usage' })
  await page.getByText('Nothing is measured yet').waitFor()
  await press(page, 'New measurement')
  await field(page, 'Day (UTC)').fill('2026-01-02')
  await field(page, 'Provider').fill('aws')
  await field(page, 'GPU type').fill('a100')
  await field(page, 'GPU-hours').fill('-1')
  await press(page, 'Enter it')
  await page.getByText('Must not be negative').waitFor()
  await field(page, 'GPU-hours').fill('5.5')
  await press(page, 'Enter it')
  await gone(page)
  const rows = cells(page, 'Measurements', 4)
  await expect.poll(rows).toEqual([['aws a100', 'Fri, Jan 2, 2026', 'measured', '5.5']])

  await press(page, 'Take it from jobs')
  await field(page, 'First day').fill('2026-01-02')
  await field(page, 'Last day').fill('2026-01-01')
  await press(page, 'Derive usage from jobs')
  await page.getByText('End must not be before start').waitFor()
  await field(page, 'First day').fill('2026-01-01')
  await press(page, 'Derive usage from jobs')
  await gone(page)
  await page.getByText('4 GPU-hours of jobs: 1 new, 0 changed, 0 unchanged.').waitFor()
  await expect.poll(rows).toEqual([
    ['aws a100', 'Fri, Jan 2, 2026', 'measured', '5.5'],
    ['aws a100', 'Thu, Jan 1, 2026', 'jobs, not measured', '4'],
  ])
  await page.locator('.total-line').getByText('9.5 GPU-hours').waitFor()
  await shot('usage')
  await press(page, 'Edit aws a100 on Thu, Jan 1, 2026')
  await page.getByText('What you save counts as measured').waitFor()
  await field(page, 'GPU-hours').fill('3')
  await press(page, 'Save')
  await gone(page)
  await expect.poll(async () => (await rows())[1]).toEqual(['aws a100', 'Thu, Jan 1, 2026', 'measured', '3'])
  await press(page, 'Remove aws a100 on Fri, Jan 2, 2026')
  await press(page, 'Remove measurement')
  await gone(page)
  await expect.poll(async () => (await rows()).length).toBe(1)
  expect(errors).toEqual([])
})

test('a developer enters, changes and removes a job of their team, and is told that bills are not theirs', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/jobs?start=2026-01-01&end=2026-01-14', as: developer })
  await press(page, 'New job')
  await field(page, 'Job id').fill('j1')
  await field(page, 'Provider').fill('aws')
  await field(page, 'GPU type').fill('a100')
  await press(page, 'Enter the job')
  await page.getByText('A team is needed').waitFor()
  expect(await field(page, 'Team').locator('option').allInnerTexts()).toEqual(['Choose a team', 'nlp'])
  await field(page, 'Team').selectOption('nlp')
  await field(page, 'Start (UTC)').fill('2026-01-03T00:00:00')
  await field(page, 'End (UTC)').fill('2026-01-03T04:30:00')
  await press(page, 'Enter the job')
  await page.getByText('There is a job j1 already').waitFor()
  await field(page, 'Job id').fill('by-hand')
  await shot('job-new')
  await press(page, 'Enter the job')
  await page.waitForURL(/\/jobs\/job_\d+$/)
  await page.getByRole('heading', { name: 'Job by-hand' }).waitFor()
  await page.getByText('4.5 hours').waitFor()

  await press(page, 'Edit')
  expect(await field(page, 'End (UTC)').inputValue()).toMatch(/^2026-01-03T04:30/)
  await field(page, 'End (UTC)').fill('2026-01-02T00:00:00')
  await press(page, 'Save')
  await page.locator('[role=dialog] [role=alert]:not(:empty)').first().waitFor()
  await field(page, 'End (UTC)').fill('2026-01-03T06:00:00')
  await field(page, 'Model (optional)').fill('llama')
  await press(page, 'Save')
  await gone(page)
  await page.getByText('6 hours').waitFor()

  await press(page, 'Remove')
  await page.getByText('The bill stays as it is').waitFor()
  await press(page, 'Remove job')
  await page.waitForURL(/\/jobs$/)
  await page.getByText('The job by-hand is removed.').waitFor()

  for (const path of ['/costs', '/usage']) {
    await page.goto(path)
    await page.getByRole('heading', { name: 'Not open to you' }).waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
  }
  expect(errors.filter((text) => !text.includes('status of 409'))).toEqual([])
})

test('finance reads bill lines and measurements, and has no button that changes one', async () => {
  const finance = await addPerson(heliox.stack, 'finance')
  const { page, errors } = await heliox.visit({ path: '/costs', as: finance })
  await page.getByRole('rowheader', { name: 'aws a100' }).waitFor()
  expect(await button(page, /^(New|Edit|Remove)/).count()).toBe(0)
  await page.goto('/usage')
  await page.getByRole('rowheader', { name: 'aws a100' }).waitFor()
  expect(await button(page, /^(New|Edit|Remove|Take)/).count()).toBe(0)
  await page.goto('/jobs/job_1')
  await page.getByRole('heading', { name: 'Job j1' }).waitFor()
  expect(await button(page, /^(Edit|Remove)/).count()).toBe(0)
  expect(errors).toEqual([])
})

test('dialogs and tables fit a phone in both themes', async () => {
  for (const isDark of [false, true]) {
    const { page, shot } = await heliox.visit({ path: '/costs', width: 375, isDark })
    await page.getByRole('rowheader', { name: 'aws a100' }).waitFor()
    const name = isDark ? '375-dark' : '375'
    await shot(`costs-${name}`)
    await press(page, 'New entry')
    await field(page, 'Provider').waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`costs-new-${name}`)
    await page.goto('/jobs/job_1')
    await press(page, 'Edit')
    await field(page, 'Provider').waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`job-edit-${name}`)
  }
})
