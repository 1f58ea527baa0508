import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
a,ml,m,aws,h100,4,2026-02-01T22:00:00Z,2026-02-02T01:00:00Z,completed
`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('usage is derived from jobs on the imports page, says what came of it, and a second time changes nothing', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'jobs.csv', text: JOBS })
  const derive = page.getByRole('button', { name: 'Derive usage from jobs' })
  await page.getByRole('button', { name: 'Take it from jobs' }).click()
  await page.getByRole('dialog').getByLabel('First day').fill('2026-02-03')
  await page.getByRole('dialog').getByLabel('Last day').fill('2026-02-02')
  await derive.click()
  await page.getByText('End must not be before start').waitFor()
  await page.getByRole('dialog').getByLabel('First day').fill('2026-02-01')
  await shot('usage-panel')
  await derive.click()
  await page.getByText('12 GPU-hours of jobs: 2 new, 0 changed, 0 unchanged.').waitFor()
  await page.getByRole('button', { name: 'Take it from jobs' }).click()
  await page.getByRole('dialog').getByLabel('First day').fill('2026-02-01')
  await page.getByRole('dialog').getByLabel('Last day').fill('2026-02-02')
  await derive.click()
  await page.getByText('12 GPU-hours of jobs: 0 new, 0 changed, 2 unchanged.').waitFor()
  expect(errors).toEqual([])
})

test('on a phone the panel needs no scrolling sideways, in the dark as well', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports', width: 375, isDark: true })
  const button = page.getByRole('button', { name: 'Take it from jobs' })
  await button.waitFor()
  await button.scrollIntoViewIfNeeded()
  expect(await overflowOf(page)).toBe(0)
  expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  await shot('usage-panel-phone')
  expect(errors).toEqual([])
})
