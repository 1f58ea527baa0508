import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDb } from '../db/client.ts'
import { figureOf, go, overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

const COSTS = 'date,provider,gpu_type,cost_usd\n2026-01-01,aws,a100,100.00\n2026-01-02,aws,a100,57.25\n'
const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
/** On day 1 nlp holds one GPU and vision three, two hours each: 25 : 75. Nobody holds anything later. */
const JOBS = `${HEADER}1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
2,vision,sam,aws,a100,3,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed
`
const DOCUMENTED = '/?start=2026-01-01&end=2026-01-14'

let heliox: Heliox
let developer: Person
let viewer: Person
let newcomer: Person
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'costs.csv', text: COSTS }, { name: 'jobs.csv', text: JOBS })
  const card = (file: string) => page.locator('.uploads > li').filter({ hasText: file })
  expect(await card('costs.csv').locator('.balance').count()).toBe(1)
  expect(await card('jobs.csv').locator('.balance').count()).toBe(0) // no money in it
  await context.close()
  developer = await addPerson(heliox.stack, 'developer', ['nlp'])
  viewer = await addPerson(heliox.stack, 'viewer', ['nlp', 'vision'])
  newcomer = await addPerson(heliox.stack, 'viewer')
})
afterAll(() => heliox?.close())

test('a developer reads the part of the own team, labelled as such, and nothing of the whole bill', async () => {
  const { page, errors, shot } = await heliox.visit({ path: DOCUMENTED, as: developer })
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  expect(await page.locator('.partial').innerText()).toMatch(/^Your teams only: nlp\./)
  await expect.poll(() => figureOf(page, 'Spend of your teams')).toBe('$25.00')
  expect(await page.locator('.cards dt').allInnerTexts()).toEqual(['Spend of your teams', 'Month end', 'GPU-hours'])
  expect(await page.locator('.sums').innerText()).toMatch(/^Allocated to your teams \$25\.00/)
  expect(await page.getByRole('radio').count()).toBe(2) // allocation and usage
  await shot('overview-developer')
  expect(await rowsOf(page, 'Cost by team')).toEqual([
    ['nlp', '$25.00', '100.0%', '1', '2'],
    ['Total', '$25.00', ''],
  ])
  const text = await page.locator('main').innerText()
  expect(text).not.toMatch(/vision|75\.00|157\.25|57\.25|Unallocated/)
  await page.goto(`${DOCUMENTED}&basis=exposure`) // a link of somebody who sees all
  await expect.poll(() => figureOf(page, 'Spend of your teams')).toBe('$25.00')
  expect(errors).toEqual([])
})

test('a link with the filter of another team says so, and leads to the own', async () => {
  const { page, errors } = await heliox.visit({ path: `${DOCUMENTED}&team_id=team_2`, as: developer })
  await page.getByText('This link is about a team that you are not in').waitFor()
  await page.getByRole('button', { name: 'Remove filter Team: one that you are not in' }).waitFor()
  await page.getByRole('button', { name: 'Show your teams' }).click()
  await expect.poll(() => figureOf(page, 'Spend of your teams')).toBe('$25.00')
  const admin = await heliox.visit({ path: `${DOCUMENTED}&team_id=team_2&team_id=team_99` })
  await admin.page.getByRole('button', { name: 'Remove filter Team: vision' }).waitFor()
  await admin.page.getByRole('button', { name: 'Remove filter Team: one that is gone' }).waitFor()
  expect(errors).toEqual([])
})

test('a developer sends jobs of the own team; other rows are quarantined, a bill is refused, and other imports are not there', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports', as: developer })
  await page.getByText('No imports yet').waitFor()
  expect(
    await page
      .getByLabel('Format')
      .locator('optgroup')
      .evaluateAll((all) => all.map((one) => one.getAttribute('label'))),
  ).toEqual(['Jobs', 'Token usage'])
  const more = `${HEADER}3,nlp,bert,aws,a100,1,2026-01-05T00:00:00Z,2026-01-05T02:00:00Z,completed
4,vision,sam,aws,a100,1,2026-01-05T00:00:00Z,2026-01-05T02:00:00Z,completed
`
  await upload(page, { name: 'more.csv', text: more }, { name: 'bill.csv', text: COSTS })
  const refused = page.locator('.uploads li').filter({ hasText: 'bill.csv' })
  expect(await refused.getByRole('alert').innerText()).toContain('needs a role that sees the whole company')
  await shot('imports-developer')
  await page.getByRole('link', { name: 'See the quarantined rows' }).first().click()
  const rows = await rowsOf(page, 'Quarantined rows')
  expect(rows.map((cells) => cells.slice(0, 4))).toEqual([
    ['3', 'team_name', '"vision" is not one of your teams', 'ingest.other_team'],
  ])
  await page.goto('/imports')
  await page.getByRole('link', { name: 'more.csv' }).waitFor()
  expect(await page.getByRole('link', { name: /\.csv$/ }).allInnerTexts()).toEqual(['bill.csv', 'more.csv']) // what was refused stands there as failed
  await page.goto('/imports/imp_1')
  await page.getByText('There is no import imp_1').first().waitFor()
})

test('a viewer sends nothing, and only an administrator removes the demo', async () => {
  const db = openDb(heliox.stack.databaseUrl, heliox.stack.databaseAuthToken)
  await db.run(sql`insert into imports (format, source, status, actor, started_at_ms, progressed_at_ms, finished_at_ms)
    values ('jobs-csv', 'demo', 'success', 'first start', 1, 1, 1)`)
  db.$client.close()
  const { page, errors } = await heliox.visit({ path: '/imports', as: viewer })
  await page.getByText('No imports that you may see yet').waitFor()
  expect(await page.locator('input[type=file]').count()).toBe(0)
  expect(await page.locator('.partial').innerText()).toMatch(/^Your teams only: nlp, vision\./)
  await page.goto(DOCUMENTED)
  await page.getByText('You are looking at demo data').waitFor()
  await expect.poll(() => figureOf(page, 'Spend of your teams')).toBe('$100.00')
  expect(await page.getByRole('button', { name: 'Remove', exact: true }).count()).toBe(0)
  expect(errors).toEqual([])
  const admin = await heliox.visit({ path: DOCUMENTED })
  await admin.page.getByRole('button', { name: 'Remove', exact: true }).click()
  await admin.page.getByRole('button', { name: 'Remove demo data' }).click()
  await admin.page.getByText('You are looking at demo data').waitFor({ state: 'hidden' })
  await expect.poll(() => figureOf(admin.page, 'Total spend')).toBe('$157.25')
})

test('a person without a team is told what to do, on a phone too', async () => {
  const { page, errors, shot } = await heliox.visit({ as: newcomer, width: 375, isDark: true })
  await page.getByText('Ask an administrator to add you to a team').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('overview-newcomer-375-dark')
  await go(page, 'Imports')
  await page.getByText('Ask an administrator to add you to a team').waitFor()
  expect(await page.locator('input[type=file]').count()).toBe(0)
  expect(await overflowOf(page)).toBe(0)
  await shot('imports-newcomer-375-dark')
  expect(errors).toEqual([])
})

test('the part of a team fits a phone', async () => {
  const { page, shot } = await heliox.visit({ path: DOCUMENTED, as: viewer, width: 375, isDark: true })
  await page.locator('.donut .apexcharts-pie-area').first().waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('overview-viewer-375-dark')
})

test('a role and teams that were changed meanwhile count from the next page on', async () => {
  const person = await addPerson(heliox.stack, 'finance', ['vision'])
  const { page } = await heliox.visit({ path: DOCUMENTED, as: person })
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$157.25')
  await page.getByRole('link', { name: 'People' }).waitFor()
  const db = openDb(heliox.stack.databaseUrl, heliox.stack.databaseAuthToken)
  await db.run(sql`update users set role = 'viewer' where email = ${person.email}`)
  await page.getByRole('link', { name: 'Imports' }).click()
  await page.getByText('Your teams only: vision').waitFor()
  await page.getByRole('link', { name: 'People' }).waitFor({ state: 'detached' })
  await page.goBack()
  await expect.poll(() => figureOf(page, 'Spend of your teams')).toBe('$75.00')

  // A refusal tells as much, without another page.
  await db.run(sql`update users set role = 'admin' where email = ${person.email}`)
  await page.getByRole('link', { name: 'Imports' }).click()
  await page.getByRole('link', { name: 'Keys' }).click()
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name', { exact: true }).fill('late')
  await page.getByLabel(/^usage:read/).check()
  await db.run(sql`update users set role = 'viewer' where email = ${person.email}`)
  db.$client.close()
  await page.getByRole('button', { name: 'Make the key' }).click()
  await page.getByRole('heading', { name: 'Not open to you' }).waitFor()
  expect(await page.getByRole('link', { name: 'Keys' }).count()).toBe(0)
})

test('a page that is not for the role says so and nothing else', async () => {
  const { page } = await heliox.visit({ path: '/audit', as: developer })
  for (const path of ['/audit', '/people']) {
    await page.goto(path)
    await page.getByRole('heading', { name: 'Not open to you' }).waitFor()
    expect(await page.locator('main input, main button').count()).toBe(0)
  }
})
