import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { addPerson } from './testing/person.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const HEADER =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ServiceName,ChargeDescription,ConsumedQuantity,ConsumedUnit,SkuPriceDetails'
const node = (cost: string, size: string) =>
  `${cost},${cost},A,USD,2026-01-01,Usage,2026-01-10,${size},AWS,Compute,EC2,${size} hour,1,Hours,"{""InstanceType"":""${size}""}"`
const BILL = `${[
  ...[HEADER, node('110', 'p3.16xlarge'), node('55.04', 'p5.48xlarge'), node('33', 'g7e.48xlarge')],
  '4,4,A,USD,2026-01-01,Usage,2026-01-10,S,AWS,Storage,EBS,Disk,1,GB,',
].join('\n')}\n`
const DAYS = 'start=2026-01-01&end=2026-01-31'

test('a GPU-hour by the company’s method, by another, and what becomes the company’s', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'aws.csv', text: BILL })
  await page.goto(`/?${DAYS}`)
  await page.getByRole('link', { name: 'What a GPU-hour costs' }).click()
  await page.getByRole('heading', { name: 'What a GPU-hour costs' }).waitFor()
  const sizes = async () =>
    (await rowsOf(page, 'By node size')).map((cells) => [cells[0]?.split('aws')[0], ...cells.slice(2)])
  expect(await sizes()).toEqual([
    ['p3.16xlarge', '$110.00100.0%', '$0.000%', '$0.000%', '$110.00', '8', '$13.750', '$13.750'],
    ['p5.48xlarge', '$55.04100.0%', '$0.000%', '$0.000%', '$55.04', '8', '$6.880', '$6.880'],
    ['g7e.48xlarge', '$33.00100.0%', '$0.000%', '$0.000%', '$33.00', '8', '$4.125', '$4.125'],
  ])
  await page.getByText('Company’s method', { exact: true }).waitFor()
  await shot('gpu-hour-all-gpu')

  await page.getByLabel('Method', { exact: true }).selectOption('opencost')
  await page.getByText('0.031611').waitFor()
  expect((await sizes())[0]).toEqual([
    ...['p3.16xlarge', '$71.5165.0%', '$19.0417.3%', '$19.4517.7%', '$110.00', '8', '$8.939', '$13.750'],
  ])
  expect((await rowsOf(page, 'Not split')).map((cells) => [cells[0]?.split('aws')[0], cells.at(-1)])).toEqual([
    ['g7e.48xlarge', '$33.00'],
    ['Everything else', '$4.00'],
    ['Not split', '$37.00'],
  ])
  await page.getByText('Tried here only').waitFor()
  await shot('gpu-hour-opencost')
  await page.getByRole('button', { name: 'Make it the company’s method' }).click()
  await page.getByRole('button', { name: 'Make it the company’s', exact: true }).click()
  await page.getByText('Company’s method', { exact: true }).waitFor()

  await page.getByLabel('Method', { exact: true }).selectOption('custom')
  await page.getByLabel('GPU share').fill('0.9')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('must sum to exactly 1').first().waitFor()
  await page.getByLabel('CPU share').fill('0.05')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText('GPU 0.9, CPU 0.05, memory 0.05.').waitFor()
  await page.goto(`/gpu-hour?${DAYS}`)
  await page.getByText('opencost, version 1').waitFor()
  expect(errors).toEqual([])
})

test('a phone in the dark shows a node as a card, and nothing is wider than the screen', async () => {
  const path = `/gpu-hour?${DAYS}&method=custom&gpu=0.8&cpu=0.15&memory=0.05`
  const { page, errors, shot } = await heliox.visit({ path, width: 375, isDark: true })
  await page.getByText('GPU 0.8, CPU 0.15, memory 0.05.').waitFor()
  expect(await overflowOf(page)).toBe(0)
  const low = await page
    .locator('.page :is(button, select, input)')
    .evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML))
  expect(low).toEqual([])
  await shot('gpu-hour-375-dark')
  expect(errors).toEqual([])
})

test('days without a node say what would bring one, and who sees some teams is told whose page it is', async () => {
  const { page, shot } = await heliox.visit({ path: '/gpu-hour?start=2025-01-01&end=2025-01-31' })
  await page.getByText('No charge of these days names a node size').waitFor()
  await shot('gpu-hour-empty')
  const as = await addPerson(heliox.stack, 'viewer')
  const visit = await heliox.visit({ path: '/gpu-hour', as })
  await visit.page.getByText('this needs the role admin or finance').waitFor()
  expect(visit.errors).toEqual([])
})
