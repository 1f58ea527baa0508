import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const stepsOf = (page: Awaited<ReturnType<Heliox['visit']>>['page']) =>
  page.locator('.first-run-steps li').allInnerTexts()

test('an empty installation says what it needs, each way to bring it, and the commands with its own address', async () => {
  const { page, errors, shot } = await heliox.visit()
  await page.getByRole('heading', { name: 'Nothing has been imported yet' }).waitFor()
  for (const way of ['Look around first', 'Upload a file', 'Connect a source'])
    await page.getByRole('heading', { name: way }).waitFor()
  const command = (name: string) => page.getByRole('textbox', { name }).inputValue()
  expect(await command('Slurm jobs')).toMatch(/^sacct .*--format slurm-sacct --url http/)
  expect(await command('A FOCUS bill')).toContain(heliox.stack.url.origin)
  expect((await stepsOf(page)).map((text) => text.replace(/\s+/g, ' '))).toEqual([
    ...['A bill: what was paid not yet', 'Jobs: who used it not yet', 'The first chart not yet'],
  ])
  await shot('first-run')
  expect(errors).toEqual([])
})

test('who brings jobs sends jobs, and who only reads is told', async () => {
  await heliox.run("insert into teams (name, created_at_ms) values ('red', 1)")
  const as = await addPerson(heliox.stack, 'developer', ['red'])
  const { page } = await heliox.visit({ as })
  await page.getByRole('heading', { name: 'Nothing has been imported yet' }).waitFor()
  expect(await page.getByText('A FOCUS bill').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Load demo data' }).count()).toBe(0)
  const viewer = await heliox.visit({ as: await addPerson(heliox.stack, 'viewer', ['red']) })
  await viewer.page.getByText('No job of your teams has been imported yet.').waitFor()
  expect(await viewer.page.getByText('Drop files here').count()).toBe(0)
})

test('jobs come first and wait for the bill; with it the first chart appears, on the days that it is of', async () => {
  const { page, errors, shot } = await heliox.visit({ width: 375, isDark: true })
  await page.getByRole('heading', { name: 'Nothing has been imported yet' }).waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('first-run-375-dark')
  const jobs = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
  const input = page.locator('input[type=file]')
  await input.setInputFiles(
    file('j.csv', `${jobs}1,red,m,aws,l4,1,2026-01-05T00:00:00Z,2026-01-05T02:00:00Z,completed\n`),
  )
  await page.locator('.first-run-steps .is-there').filter({ hasText: 'Jobs: who used it' }).waitFor()
  await page.getByText('A bill: what was paid').waitFor()
  await shot('first-run-jobs-375-dark')
  await input.setInputFiles(file('c.csv', 'date,provider,gpu_type,cost_usd\n2026-01-05,aws,l4,3.50\n'))
  await page.waitForURL('**/?start=2025-12-23&end=2026-01-05') // 14 days that end on the bill
  await page.locator('.trend .apexcharts-bar-area').first().waitFor()
  expect(await figureOf(page, 'Total spend')).toBe('$3.50')
  expect(errors).toEqual([])
})

test('the demo is loaded by a button, shows how far it is, and leaves as it came', async () => {
  const empty = await openHeliox()
  try {
    const { page, errors, shot } = await empty.visit()
    await page.getByRole('button', { name: 'Load demo data' }).click()
    await page.locator('.first-run-steps .is-there, .trend').first().waitFor()
    await shot('first-run-demo')
    await page.locator('.trend .apexcharts-bar-area').first().waitFor()
    await page.getByText('You are looking at demo data.').waitFor()
    await page.locator('.banner').getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove demo data' }).click()
    await page.getByRole('heading', { name: 'Nothing has been imported yet' }).waitFor()
    expect(errors).toEqual([])
  } finally {
    await empty.close()
  }
})
