import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

test('an administrator makes a backup on the page, and reads it back', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/backups' })
  await page.getByText('There is no backup yet', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  const row = page.getByRole('row').filter({ hasText: 'SHA-256' })
  await row.getByText('Good').waitFor()
  await row.getByRole('button', { name: /^Verify/ }).click()
  await row.getByRole('link', { name: /^Download the backup/ }).waitFor()
  expect(await page.getByRole('row').count()).toBe(2)
  await shot('backups')
  expect(errors).toEqual([])
})
