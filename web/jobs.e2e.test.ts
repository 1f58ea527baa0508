import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultsOf } from './testing/axe.ts'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson, type Person } from './testing/person.ts'

const COSTS = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-01,aws,a100,100.00,10\n2026-01-02,aws,a100,57.25,10\n'
const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,job_name\n'
/** On day 1 nlp holds two GPU-hours and vision six: $25 and $75. On day 2 nlp alone holds one: $57.25. */
const JOBS = `${HEADER}bert-1,nlp,bert,aws,a100,1,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,completed,=train
sam-1,vision,sam,aws,a100,3,2026-01-01T00:00:00Z,2026-01-01T02:00:00Z,failed,eval
bert-2,nlp,bert,aws,a100,1,2026-01-02T00:00:00Z,2026-01-02T01:00:00Z,completed,train
later,nlp,,aws,a100,1,,,pending,
`
const RANGE = 'start=2026-01-01&end=2026-01-14'
const MANY = 100_000
const LONG = '5f0c2a9e-8d41-4b7c-9a3e-0a2f6c1d7b90'

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

const cellsOf = (page: Page) =>
  page
    .locator('.data-table tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')))
const idsOf = async (page: Page) => (await cellsOf(page)).map(([id]) => id)

test('jobs are sorted, filtered and searched, and the address holds it all', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/jobs?${RANGE}` })
  await page.getByRole('heading', { name: '3 jobs' }).waitFor()
  await expect.poll(() => idsOf(page)).toEqual(['sam-1', 'bert-2', 'bert-1'])
  expect((await cellsOf(page))[0]?.slice(0, -1)).toEqual([
    ...['sam-1', '$75.00', '6', 'vision', 'sam', 'Failed', 'a100', '3', 'aws'],
  ])
  const cost = page.getByRole('columnheader', { name: 'Cost' })
  expect(await cost.getAttribute('aria-sort')).toBe('descending')
  const box = page.locator('.data-table-box')
  expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  const total = page.locator('.jobs-total')
  // By usage the pool's ten GPU-hours a day are the whole: 8 of $100, 1 of $57.25.
  await expect
    .poll(async () => (await total.locator('dl').innerText()).split(/\s*\n\s*/))
    .toEqual(['Jobs', '3', 'GPU-hours', '9', 'Cost', '$157.25', 'Cost by usage', '$85.725'])
  await shot('jobs')
  await page.getByRole('button', { name: 'Cost', exact: true }).click()
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2', 'sam-1'])
  expect(await cost.getAttribute('aria-sort')).toBe('ascending')
  const model = page.locator('input').and(page.getByRole('combobox', { name: 'Model' }))
  await model.fill('BER')
  await page.locator('.combobox-list').getByRole('option', { name: 'bert' }).click()
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2'])
  await total.getByText('$82.25').waitFor()
  await page.getByLabel('Job id or name').fill('ERT-2')
  await expect.poll(() => idsOf(page)).toEqual(['bert-2'])
  expect(new URL(page.url()).search).toBe(`?${RANGE}&sort=cost&order=asc&model_name=bert&q=ERT-2`)
  await page.reload()
  await expect.poll(() => idsOf(page)).toEqual(['bert-2'])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2', 'sam-1'])
  await page.getByRole('button', { name: 'Any time' }).click()
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2', 'sam-1', 'later'])
  await page.goBack()
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2', 'sam-1'])
  expect(errors).toEqual([])
})

test('a long list of names is narrowed by typing, chosen by arrows and taken off in three ways', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/jobs?${RANGE}` })
  const model = page.locator('input').and(page.getByRole('combobox', { name: 'Model' }))
  const names = () => page.locator('.combobox-list').getByRole('option').allInnerTexts()
  const asked = () => new URL(page.url()).searchParams.get('model_name')
  await model.click()
  await expect.poll(names).toEqual(['Any', 'bert', 'sam'])
  await shot('jobs-combobox')
  expect(await faultsOf(page, false)).toEqual([])
  await page.keyboard.type('SÄ')
  await expect.poll(names).toEqual(['sam'])
  await page.keyboard.type('x')
  await page.getByRole('status').filter({ hasText: 'Nothing is called so' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await model.inputValue()).toBe('')
  await page.keyboard.press('ArrowDown')
  await expect.poll(names).toEqual(['Any', 'bert', 'sam'])
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect.poll(asked).toBe('sam')
  await expect.poll(() => idsOf(page)).toEqual(['sam-1'])
  expect(await model.inputValue()).toBe('sam')
  expect(await page.locator('.combobox-list').getByRole('option').count()).toBe(0)
  await page.getByRole('button', { name: 'Clear Model' }).click()
  await expect.poll(asked).toBeNull()
  await page.goBack()
  await expect.poll(() => model.inputValue()).toBe('sam')
  await model.click()
  await expect.poll(names).toEqual(['Any', 'bert', 'sam'])
  await page.locator('.combobox-list').getByRole('option', { name: 'Any' }).click()
  await expect.poll(asked).toBeNull()
  await page.goto(`/jobs?${RANGE}&model_name=sam&model_name=bert&model_name=none`)
  await expect.poll(() => model.inputValue()).toBe('3 chosen')
  await model.fill('')
  await expect.poll(asked).toBeNull()
  await expect.poll(() => idsOf(page)).toEqual(['sam-1', 'bert-2', 'bert-1'])
  expect(errors).toEqual([])
})

test('while the code of the lists is on its way the browser’s own stand there, as high, and whoever is in one stays', async () => {
  const { page, context, errors } = await heliox.visit({ path: '/imports', width: 375, isDark: true })
  const code = Promise.withResolvers<void>()
  await context.route('**/assets/combobox-box*.js', async (route) => {
    await code.promise
    await route.continue()
  })
  await page.goto(`/jobs?${RANGE}`)
  const own = page.locator('select').and(page.getByRole('combobox', { name: 'Model' }))
  await own.selectOption('bert')
  await expect.poll(() => idsOf(page)).toEqual(['bert-2', 'bert-1'])
  await own.focus()
  const filters = page.getByRole('form', { name: 'Filters of the jobs' })
  const before = await filters.boundingBox()
  code.resolve()
  const field = (name: string) => page.locator('input').and(page.getByRole('combobox', { name }))
  await field('Team').waitFor()
  await page.locator('select:focus').and(own).waitFor()
  await page.getByLabel('Job id or name').focus()
  await expect.poll(() => field('Model').inputValue()).toBe('bert')
  expect(await filters.boundingBox()).toEqual(before)
  expect((await field('Model').boundingBox())!.height).toBeGreaterThanOrEqual(44)
  await field('Model').tap()
  const option = page.locator('.combobox-list').getByRole('option', { name: 'sam' })
  await option.waitFor()
  expect((await option.boundingBox())!.height).toBeGreaterThanOrEqual(44)
  expect(await overflowOf(page)).toBe(0)
  expect(await faultsOf(page, true)).toEqual([])
  await page.screenshot({ path: 'dist/screenshots/jobs-combobox-375-dark.png' })
  await option.tap()
  await expect.poll(() => idsOf(page)).toEqual(['sam-1'])
  expect(errors).toEqual([])
})

test('the file has the columns, the order and the filters of the screen, and runs nothing', async () => {
  const { page, errors } = await heliox.visit({ path: `/jobs?${RANGE}&sort=start&order=asc` })
  await page.getByRole('heading', { name: '3 jobs' }).waitFor()
  await page.getByRole('button', { name: 'Choose columns' }).click()
  for (const name of ['Model', 'Provider', 'GPU type', 'GPUs', 'Status', 'Start', 'GPU-hours'])
    await page.getByLabel(name, { exact: true }).and(page.locator('[type=checkbox]')).uncheck()
  await page.getByLabel('Name', { exact: true }).check()
  await page.keyboard.press('Escape')
  expect(await page.locator('.data-table thead th').allInnerTexts()).toEqual(['Job', 'Cost', 'Team', 'Name'])
  expect(new URL(page.url()).searchParams.get('columns')).toBe('job,cost,team,name')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download these rows and columns as CSV' }).click(),
  ])
  expect(await readFile(await file.path(), 'utf8')).toBe(
    "Job,Cost,Team,Name\r\nbert-1,25.00,nlp,'=train\r\nsam-1,75.00,vision,eval\r\nbert-2,57.25,nlp,train\r\n",
  )
  expect(errors).toEqual([])
})

test('a job says what it is and what each day cost and why; Back comes to its row', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/jobs?${RANGE}` })
  await page.getByRole('link', { name: 'bert-1' }).click()
  await page.getByRole('heading', { name: 'Job bert-1' }).waitFor()
  await page.getByText('$100.00 × 2 ÷ 8 GPU-hours held = $25.00').waitFor()
  const importLink = page.locator('.job-facts').getByRole('link', { name: 'jobs.csv' })
  expect(await importLink.getAttribute('href')).toBe('/imports/imp_2')
  const doors = page.locator('.cards')
  expect(await doors.getByRole('link').allInnerTexts()).toEqual(['$25.00', '$20.00'])
  expect(await doors.getByRole('link').first().getAttribute('href')).toBe(
    '/explain?start=2026-01-01&end=2026-01-01&job=job_1',
  )
  await shot('job')
  await page.getByLabel('Usage').check()
  await page.getByText('$100.00 × 2 ÷ 10 GPU-hours').waitFor()
  await page.goBack()
  await page.goBack()
  await page.locator('tr.is-linked', { hasText: 'bert-1' }).waitFor()
  await page.locator('tr', { hasText: 'sam-1' }).locator('td').nth(2).click()
  await page.locator('tr.is-linked', { hasText: 'sam-1' }).waitFor()
  expect(new URL(page.url()).searchParams.get('row')).toBe('job_2')
  await page.getByRole('link', { name: 'sam-1' }).click()
  await page.getByRole('heading', { name: 'Job sam-1' }).waitFor()
  await page.locator('.job-facts').getByRole('link', { name: 'vision' }).click()
  await page.getByRole('heading', { name: '1 job', exact: true }).waitFor()
  expect(errors).toEqual([])
})

test('the way back from a job leads to the list as it was, at the job’s row', async () => {
  const { page, errors } = await heliox.visit({ path: `/jobs?${RANGE}&sort=start&order=asc&model_name=bert` })
  await page.getByRole('link', { name: 'bert-2' }).click()
  await page.getByRole('heading', { name: 'Job bert-2' }).waitFor()
  await page.getByLabel('Usage').check()
  await page.getByRole('link', { name: 'Back to these jobs' }).click()
  await page.locator('tr.is-linked', { hasText: 'bert-2' }).waitFor()
  expect(await idsOf(page)).toEqual(['bert-1', 'bert-2'])
  expect(new URL(page.url()).search).toBe(`?${RANGE}&sort=start&order=asc&model_name=bert&row=job_3`)
  await page.goto('/jobs/job_3')
  expect(await page.getByRole('link', { name: 'All jobs' }).getAttribute('href')).toBe('/jobs')
  expect(errors).toEqual([])
})

test('keys go from row to row, and Enter opens one', async () => {
  const { page, errors } = await heliox.visit({ path: `/jobs?${RANGE}` })
  await page.getByRole('link', { name: 'sam-1' }).focus()
  for (const [key, id] of [
    ['ArrowDown', 'bert-2'],
    ['End', 'bert-1'],
    ['ArrowUp', 'bert-2'],
    ['Home', 'sam-1'],
  ] as const) {
    await page.keyboard.press(key)
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(id)
  }
  expect(await page.locator('.data-table a[tabindex="0"]').count()).toBe(1)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Job sam-1' }).waitFor()
  expect(errors).toEqual([])
})

test('a developer sees the jobs of the own team, on a phone in the dark without a sideways scroll', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `/jobs?${RANGE}`, as: developer, width: 375, isDark: true })
  await expect.poll(() => idsOf(page)).toEqual(['bert-2', 'bert-1'])
  expect(await overflowOf(page)).toBe(0)
  const box = page.locator('.data-table-box')
  expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  const [one, two] = await page
    .locator('.data-table tbody tr')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect()))
  expect(two?.top).toBe((one?.top ?? 0) + (one?.height ?? 0)) // cards are as high as their places
  await page.getByLabel('Ordered by').selectOption('Job')
  await expect.poll(() => idsOf(page)).toEqual(['bert-1', 'bert-2'])
  await page.getByRole('button', { name: 'Ascending' }).click()
  await expect.poll(() => idsOf(page)).toEqual(['bert-2', 'bert-1'])
  expect(await page.locator('main').innerText()).not.toMatch(/sam|vision|75\.00/)
  await shot('jobs-375-dark')
  await page.getByRole('link', { name: 'bert-1' }).click()
  await page.getByText('by hand, or an import of others').waitFor()
  expect(await overflowOf(page)).toBe(0)
  await shot('job-375-dark')
  await page.goto('/jobs/job_2')
  await page.getByText('There is no job job_2').waitFor()
  await page.goto('/jobs?start=2025-01-01&end=2025-01-02')
  await page.getByRole('button', { name: 'Jump to the latest data' }).click()
  await expect.poll(() => idsOf(page)).toContain('bert-2')
  expect(errors.filter((error) => !error.includes('404'))).toEqual([])
})

test('of a hundred thousand jobs the last is in reach, a link finds its row, no id is cut, and the page stays small', async () => {
  await heliox.run(`insert into jobs (job_id, source, team_id, pool_id, model_name, status, started_at_ms, ended_at_ms)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${MANY})
    select printf('many-%06d', i), 'many', 1, 1, 'gpt', 'completed', 1767225600000 + i, 1767229200000 + i from n`)
  const { page, errors, shot } = await heliox.visit({ path: `/jobs?${RANGE}&q=many&sort=job&order=asc` })
  await page.getByRole('heading', { name: '100,000 jobs' }).waitFor()
  await page.getByRole('link', { name: 'many-000001' }).focus()
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('End')
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('data-table-box')
  await expect.poll(focused).toBe('many-100000')
  const last = page.locator('.data-table tbody tr').last()
  expect(await last.getAttribute('aria-rowindex')).toBe(String(MANY + 1))
  expect(await page.locator('.data-table').getAttribute('aria-rowcount')).toBe(String(MANY + 1))
  expect(await page.locator('.data-table tbody tr').count()).toBeLessThan(60)
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('PageDown')
  await expect.poll(focused).toBe('many-100000')
  await page.keyboard.press('Home')
  await expect.poll(focused).toBe('many-000001')
  await page.locator('.jobs-total').getByText('100,000').waitFor()
  await shot('jobs-100000')
  const box = page.getByRole('region', { name: 'Jobs' }).locator('.data-table-box').or(page.locator('.data-table-box'))
  await box.first().evaluate((element) => element.scrollTo(0, element.scrollHeight / 2))
  await page.getByRole('link', { name: 'many-050000' }).waitFor()
  expect(await page.locator('.data-table tbody tr').count()).toBeLessThan(60)
  const id = await page.getByRole('link', { name: 'many-050000' }).getAttribute('href')
  await heliox.run(`update jobs set job_id = '${LONG}' where job_id = 'many-000001'`)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`/jobs?${RANGE}&q=0A2F&sort=job`)
  const long = page.getByRole('link', { name: LONG })
  await long.waitFor()
  await shot('jobs-1440')
  const overBy = (element: Element) => [
    ...[element.scrollWidth - element.clientWidth, Math.floor((element.scrollHeight - element.clientHeight) / 8)],
  ]
  expect(await long.locator('.data-text').evaluate(overBy)).toEqual([0, 0]) // not a line too many
  expect(await box.first().evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
  await page.goto(`/jobs?${RANGE}&q=many&sort=job&order=asc&row=${/job_\d+/.exec(id ?? '')?.[0]}`)
  await page.locator('tr.is-linked', { hasText: 'many-050000' }).waitFor()
  expect(errors).toEqual([])
})
