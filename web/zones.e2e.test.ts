import { afterAll, beforeAll, expect, test } from 'vitest'
import { figureOf, overflowOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const HEADER =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,SkuId,ProviderName,ServiceCategory,ChargeDescription'
/** $1 an hour of H100 from 24 to 26 October: in Berlin the 25th has 25 hours. */
const HOURLY = [
  HEADER,
  ...Array.from({ length: 72 }, (_, at) => {
    const start = Date.UTC(2026, 9, 24) + at * 3_600_000
    const [from, to] = [start, start + 3_600_000].map((ms) => new Date(ms).toISOString())
    return `1,1,A,USD,2026-10-01,Usage,${from},${to},S,AWS,Compute,H100 GPU hour`
  }),
].join('\n')
const DAY = '/?start=2026-10-25&end=2026-10-25'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
  const { page, context } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'hourly.csv', text: HOURLY })
  await context.close()
})
afterAll(() => heliox?.close())

test('days are those of the zone that is chosen, the link keeps it, and UTC is one step back', async () => {
  const { page, errors, shot } = await heliox.visit({ path: DAY })
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$24.00')
  await page.locator('.range-button').click()
  await page.getByLabel('Days in').selectOption('Europe/Berlin')
  await page.waitForURL('**/?*zone=Europe%2FBerlin*')
  await page.getByText('Berlin', { exact: false }).first().waitFor()
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$25.00')
  await shot('zone-picker')
  await page.goBack()
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$24.00')
  expect(errors).toEqual([])
})

test('a zone that cannot be told is a note with a way to UTC days, on a narrow screen as well', async () => {
  const { page, errors, shot } = await heliox.visit({ path: `${DAY}&zone=Asia/Kolkata`, width: 375, isDark: true })
  await page.getByRole('heading', { name: 'No days in Asia/Kolkata for this choice' }).waitFor()
  await page.locator('.range-button').click()
  await page.getByLabel('Days in').waitFor()
  await shot('zone-refused-narrow')
  expect(await overflowOf(page)).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show UTC days' }).click()
  await expect.poll(() => figureOf(page, 'Total spend')).toBe('$24.00')
  expect(errors).toEqual([])
})
