import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const HEADER =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ServiceName,ChargeDescription,ConsumedQuantity,ConsumedUnit'
const line = (cost: string, item: string, currency = 'USD') =>
  `${cost},${cost},A,${currency},2026-01-01,Usage,2026-01-10,S,Acme,Compute,Machines,${item},24,Hours`
const BILL = `${[HEADER, line('120.50', 'Blackbird node XL'), line('30', 'H100 GPU hour'), line('4', 'Cable')].join('\n')}\n`

test('an unknown machine is mapped to its GPU: what moves is said before, and the dollars are there after', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'acme.csv', text: BILL })
  await page.getByRole('link', { name: 'GPU mapping' }).click()
  expect(await rowsOf(page, 'Recognised')).toEqual([
    ['h100', '$30.00', '24', '1', 'words of the line'],
    ['GPU cost on bills', '$30.00', ''],
    ['Everything else on bills', '$124.50', ''],
  ])
  expect((await rowsOf(page, 'Not recognised')).map((cells) => [cells[0], cells[5]])).toEqual([
    ['Blackbird node XLS', '$120.50'],
  ])
  await page.getByText('No rules yet').waitFor()
  await shot('gpu-mapping')

  const open = page.getByRole('button', { name: 'This is a GPU… Blackbird node XL' })
  await open.click()
  const dialog = page.getByRole('dialog', { name: 'This is a GPU' })
  expect(await dialog.getByLabel('Item contains').inputValue()).toBe('Blackbird node XL')
  await dialog.getByText('Say which lines are meant').waitFor()
  await dialog.getByLabel('GPU type').fill('h100')
  await dialog.getByLabel('GPUs of one unit').fill('8')
  await dialog.getByText('Moves $120.50 of 1 line').waitFor()
  expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
    'acme: no GPU → h100: $120.50, 1 line, 192 GPU-hours',
  ])
  await shot('gpu-mapping-new')
  await page.keyboard.press('Escape')
  await page.getByText('What you typed is not saved').waitFor()
  await page.keyboard.press('Escape')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
    'This is a GPU… Blackbird node XL',
  )
  await open.click()
  await dialog.getByLabel('GPU type').fill('h100')
  await dialog.getByLabel('GPUs of one unit').fill('8')
  await dialog.getByRole('button', { name: 'Save the rule' }).click()
  await page.getByText('Nothing that looks like GPU cost is left over').waitFor()
  expect((await rowsOf(page, 'Recognised'))[0]).toEqual(['h100', '$120.50', '192', '1', 'your rule'])
  expect((await rowsOf(page, 'Rules'))[0]?.slice(0, 2)).toEqual([
    'acme, service Machines, item with “Blackbird node XL”',
    '8 × h100',
  ])

  await page.getByRole('button', { name: /^Remove the rule/ }).click()
  const asking = page.getByRole('dialog', { name: 'Remove this rule?' })
  await asking.getByText('Moves $120.50 of 1 line').waitFor()
  await asking.getByRole('button', { name: 'Remove rule' }).click()
  await page.getByText('No rules yet').waitFor()
  expect((await rowsOf(page, 'Not recognised')).map(([item]) => item)).toEqual(['Blackbird node XLS'])
  await page.getByLabel('Show every line').check()
  await page.getByRole('rowheader', { name: 'Cable' }).waitFor()
  expect(errors).toEqual([])
})

test('a bill in another currency comes in once its rate is dated', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/gpu-mapping' })
  await page.getByRole('button', { name: 'New rate' }).click()
  await page.getByLabel('Currency', { exact: true }).fill('cad')
  await page.getByLabel('From (UTC day)').fill('2026-01-01')
  await page.getByLabel('US dollars for one').fill('0')
  await page.getByRole('button', { name: 'Save the rate' }).click()
  await page.getByText('Must be above 0').waitFor() // at its field
  await page.getByLabel('US dollars for one').fill('0.75')
  await shot('rate-new')
  await page.getByRole('button', { name: 'Save the rate' }).click()
  expect((await rowsOf(page, 'Currency rates'))[0]?.slice(0, 3)).toEqual(['CAD', 'Thu, Jan 1, 2026', '0.75'])
  await upload(page, { name: 'cad.csv', text: `${HEADER}\n${line('100', 'Cable', 'CAD').replace(',A,', ',B,')}\n` })
  await page.getByRole('link', { name: 'GPU mapping' }).click()
  await page.getByLabel('Show every line').check()
  await page.getByRole('rowheader', { name: 'Cable' }).waitFor()
  expect((await rowsOf(page, 'Not recognised')).map((cells) => cells[5])).toContain('$79.00') // 4 + 100 × 0.75
  expect(errors).toEqual([])
})

test('on a phone nothing is wider than the screen, in either theme; a dialog neither', async () => {
  for (const isDark of [false, true]) {
    const { page, shot } = await heliox.visit({ path: '/gpu-mapping', width: 375, isDark })
    await page.getByRole('heading', { name: 'Currency rates' }).waitFor()
    expect(await overflowOf(page)).toBe(0)
    await page
      .getByRole('button', { name: /^This is a GPU/ })
      .first()
      .waitFor()
    await shot(`gpu-mapping-phone${isDark ? '-dark' : ''}`)
    await page
      .getByRole('button', { name: /^This is a GPU/ })
      .first()
      .click()
    await page.getByLabel('GPU type').waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`gpu-mapping-phone-dialog${isDark ? '-dark' : ''}`)
  }
})
