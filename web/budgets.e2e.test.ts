import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('a budget is set, shown with what is spent of it, changed and removed', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/budgets' })
  await page.getByText('No budgets yet').waitFor()
  await page.getByRole('button', { name: 'New budget' }).click()
  await page.getByRole('button', { name: 'Set the budget' }).click()
  await page.getByText(/limit_usd or limit_tokens|one of the two/).waitFor()
  await page.getByLabel('USD').fill('250')
  await shot('budget-new')
  await page.getByRole('button', { name: 'Set the budget' }).click()
  await page.getByText('Whole company').first().waitFor()
  expect(await page.locator('.gateway-budgets li').innerText()).toMatch(/\$0\.00 of \$250\.00 a month[\s\S]*0 % spent/)
  await shot('budgets')
  await page.setViewportSize({ width: 375, height: 800 })
  expect(await overflowOf(page)).toBe(0)
  await shot('budgets-375')
  await page.getByRole('button', { name: /^Edit the budget/ }).click()
  await page.getByLabel('USD').fill('300')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('of $300.00 a month').waitFor()
  await page.getByRole('button', { name: /^Remove the budget/ }).click()
  await page.getByRole('button', { name: 'Remove budget' }).click()
  await page.getByText('No budgets yet').waitFor()
  expect(errors).toEqual([])
})
