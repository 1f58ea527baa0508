import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf, type EpochMs } from '../db/units/time.ts'
import { rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

const DAY = addDays(dayOf(Date.now() as EpochMs), -3)
const NEXT = addDays(DAY, 1)
/** One p5.48xlarge for a day: eight H100 for a thousand dollars. */
const BILL = `BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargeCategory,ChargeDescription,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,EffectiveCost,PricingQuantity,PricingUnit,ProviderName,RegionId,ResourceId,ServiceCategory,ServiceName,SkuId,SkuPriceDetails
1000.00,"100200300","USD","${DAY.slice(0, 7)}-01 00:00:00","${NEXT.slice(0, 7)}-28 00:00:00","Usage","p5.48xlarge Instance Hour","${DAY} 00:00:00","${NEXT} 00:00:00",24,"Hours",1000.00,24,"Hours","AWS","us-east-1","i-0aa1",Compute,"Amazon Elastic Compute Cloud",P5OD,"{""InstanceType"": ""p5.48xlarge"", ""GpuCount"": 8}"
`
/** The whole day, six GPUs against two: 750 and 250 dollars. */
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
sam-1,vision,sam,aws,h100,6,${DAY}T00:00:00Z,${NEXT}T00:00:00Z,completed
bert-1,nlp,bert,aws,h100,2,${DAY}T00:00:00Z,${NEXT}T00:00:00Z,completed
`

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const panel = (page: Page, title: string) =>
  page.locator('.panel').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

test('a newcomer finds the dearest team and the job behind it, takes the figures along and shows them to a colleague', async () => {
  const { page, errors, shot } = await heliox.visit()
  await upload(page, { name: 'focus.csv', text: BILL }, { name: 'jobs.csv', text: JOBS })
  await page.getByRole('link', { name: 'Overview', exact: true }).first().click()

  const [dearest] = await rowsOf(page, 'Cost by team')
  expect(dearest?.slice(0, 2)).toEqual(['vision', '$750.00'])
  await panel(page, 'Cost by team').locator('tbody tr').first().locator('td').getByRole('link').first().click()
  await page.getByRole('heading', { level: 1, name: 'How a figure is made' }).waitFor()
  await page.locator('tbody').getByRole('link', { name: 'sam-1' }).waitFor()
  await shot('newcomer-figure')

  const saved = page.waitForEvent('download')
  await panel(page, 'Jobs').getByRole('button', { name: /CSV/ }).click()
  const text = await readFile(await (await saved).path(), 'utf8')
  expect(text).toContain('sam-1')
  expect(text).toContain('750')
  expect(text).not.toContain('bert-1')

  await page.locator('tbody').getByRole('link', { name: 'sam-1' }).click()
  await page.getByText('$750.00').first().waitFor()
  const shared = new URL(page.url())
  expect(errors).toEqual([])

  const as = await addPerson(heliox.stack, 'finance')
  const colleague = await heliox.visit({ as, path: shared.pathname + shared.search })
  await colleague.page.getByText('sam-1').first().waitFor()
  await colleague.page.getByText('$750.00').first().waitFor()
  expect(colleague.page.url()).toBe(shared.href)
  await colleague.shot('newcomer-colleague')
  expect(colleague.errors).toEqual([])
})
