import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('a rule is made from its kind’s fields, tried, finds something, and its alert is acknowledged, silenced and closed', async () => {
  const { stack } = heliox
  const { page, errors, shot } = await heliox.visit({ path: '/alerts' })
  await page.getByText('Nothing fires').waitFor()
  await page.getByRole('button', { name: 'New rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Kind').selectOption('ingest_stale')
  await dialog.getByLabel('Name').fill('Bills are late')
  await dialog.getByLabel('Older than, hours').fill('0')
  await dialog.getByRole('button', { name: 'Make the rule' }).click()
  await dialog.getByText('must be at least 1').waitFor()
  await dialog.getByLabel('Older than, hours').fill('24')
  await shot('alerts-new')
  await dialog.getByRole('button', { name: 'Make the rule' }).click()
  await page.getByRole('row', { name: /^Bills are late/ }).waitFor()
  const file = 'date,provider,gpu_type,cost_usd\n2026-01-13,aws,h100,10\n'
  const sent = await fetch(new URL('/api/v1/imports?format=cost-csv', stack.url), {
    ...{ method: 'POST', body: file, headers: { 'x-api-key': stack.adminApiKey } },
  })
  expect(sent.status).toBe(200)
  await heliox.run('update imports set started_at_ms = started_at_ms - 3 * 86400000')
  await page.getByRole('button', { name: 'Try Bills are late' }).click()
  await dialog.getByText('It finds one condition now').waitFor()
  await dialog.getByRole('link', { name: 'No import for 3 days' }).waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await stack.tick('minute')
  await page.reload()
  const alert = page.locator('.alert', { hasText: 'Bills are late' })
  await alert.waitFor()
  expect(await alert.innerText()).toMatch(/Warning[\s\S]*since[\s\S]*No import for 3 days/)
  await page
    .getByRole('row', { name: /^Data is late/ })
    .getByText('1 firing')
    .waitFor() // of the first start
  await page
    .getByRole('row', { name: /^Budgets/ })
    .getByText('Quiet')
    .waitFor()
  await alert.getByRole('button', { name: /^Acknowledge/ }).click()
  await dialog.getByLabel('Note').fill('the exporter is being mended')
  await dialog.getByRole('button', { name: 'Acknowledge' }).click()
  await alert.getByText(/acknowledged by/).waitFor()
  await alert.getByRole('button', { name: /^Silence/ }).click()
  await page.getByRole('menuitem', { name: 'For 1 day' }).click()
  await alert.getByText(/Silent until/).waitFor()
  await page.getByRole('button', { name: /^End it/ }).waitFor()
  await shot('alerts')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('alerts-dark')
  await page.setViewportSize({ width: 375, height: 800 })
  expect(await overflowOf(page)).toBe(0)
  await shot('alerts-375')
  await page.setViewportSize({ width: 1280, height: 900 })
  await alert.getByRole('button', { name: /^History/ }).click()
  await dialog.getByText('the exporter is being mended').waitFor()
  expect(await dialog.locator('.alert-events b').allInnerTexts()).toEqual(['Fired', 'Acknowledged', 'Silenced'])
  await dialog.getByRole('button', { name: 'Done' }).click()
  await alert.getByRole('button', { name: /^Close/ }).click()
  await dialog.getByRole('button', { name: 'Close alert' }).click()
  await alert.waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'History of alerts' }).getByText('Bills are late').waitFor()
  await page.getByRole('button', { name: 'Remove Bills are late' }).click()
  await page.getByRole('button', { name: 'Remove rule' }).click()
  await page
    .getByRole('row', { name: /^Bills are late/ })
    .first()
    .waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

test('a viewer sees the rules and alerts of their team without buttons that change them; a link from a message opens its alert', async () => {
  const { stack } = heliox
  const post = (path: string, body: object) =>
    fetch(new URL(`/api/v1${path}`, stack.url), {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'x-api-key': stack.adminApiKey, 'content-type': 'application/json' },
    })
  await post('/teams', { name: 'vision' })
  const rule = { name: 'Vision spends', kind: 'spend', params: { above_usd: '5' }, team_id: 'team_1' }
  expect((await post('/alerts/rules', rule)).status).toBe(201)
  await heliox.run(`insert into alerts (rule_id, group_key, team_id, status, severity, finding, started_at_ms, fired_at_ms)
    select id, '', 1, 'firing', 'critical', '{"title":"$9.00 spent","text":"","href":"/explore","facts":[]}', 1, 1
    from alert_rules where name = 'Vision spends'`)
  const { page, errors } = await heliox.visit({ path: '/alerts', as: await addPerson(stack, 'viewer', ['vision']) })
  await page.getByRole('row', { name: /^Vision spends/ }).waitFor()
  const alert = page.locator('.alert', { hasText: '$9.00 spent' })
  await alert.getByRole('button', { name: /^History/ }).waitFor()
  for (const name of [/^New rule/, /^Acknowledge/, /^Silence/, /^Close/, /^Edit/, /^Try/, /^Remove/])
    expect([name, await page.getByRole('button', { name }).count()]).toEqual([name, 0])
  expect(await page.getByText('Data is late').count()).toBe(0) // the company's
  const listed = await page.request.get('/api/v1/alerts?status=firing')
  const [first] = ((await listed.json()) as { alerts: { id: string }[] }).alerts
  await page.goto(`/alerts?alert=${first?.id}`)
  await page.getByRole('dialog').getByRole('heading', { name: '$9.00 spent' }).waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(new URL(page.url()).search).toBe('')
  expect(errors).toEqual([])
})
