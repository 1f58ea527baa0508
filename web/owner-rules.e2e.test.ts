import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf, rowsOf, upload } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox()
})
afterAll(() => heliox?.close())

const BILL = `BilledCost,EffectiveCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ProviderName,SubAccountId,Tags,ChargeDescription,ServiceCategory
40,40,USD,2026-01-01,2026-01-05T00:00:00Z,Usage,aws,prod-1,,"p5.48xlarge GPU hours",Compute
60,60,USD,2026-01-01,2026-01-05T00:00:00Z,Usage,aws,shared-1,"{""team"":""web""}","p5.48xlarge GPU hours",Compute
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,user_name
a,ml,m,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed,alice
b,web,m,aws,h100,3,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed,bob
c,ops,m,aws,h100,1,2026-01-06T00:00:00Z,2026-01-06T01:00:00Z,completed,carol
`

test('a rule is written, its dollars are seen before they move, applied to history, and in the history of rules', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await upload(page, { name: 'bill.csv', text: BILL }, { name: 'jobs.csv', text: JOBS })
  await page.getByRole('link', { name: 'Teams' }).click()
  await page.getByRole('main').getByRole('link', { name: 'Who pays' }).click()
  await page.getByText('No rules yet').waitFor()
  await page.getByText('Nothing was applied yet: costs go').waitFor()
  const open = page.getByRole('button', { name: 'New rule' })
  await open.click()
  const dialog = page.getByRole('dialog', { name: 'New rule' })
  await dialog.getByLabel('Is', { exact: true }).fill('shared-*')
  await dialog.getByLabel('Who').selectOption('weighted')
  await dialog.getByLabel('ml', { exact: true }).fill('0')
  await shot('owner-rule-new')
  await dialog.getByRole('button', { name: 'Save the rule' }).click()
  await dialog.getByText('Expected a weight above 0').waitFor() // at its field
  await dialog.getByLabel('ml', { exact: true }).fill('1')
  await dialog.getByLabel('ops', { exact: true }).fill('3')
  await dialog.getByRole('button', { name: 'Save the rule' }).click()
  await page.getByRole('rowheader', { name: 'account shared-*' }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('New rule')

  await open.click()
  await dialog.getByLabel('What').selectOption('user')
  await dialog.getByLabel('Is', { exact: true }).fill('alice')
  await dialog.locator('select[name=team]').selectOption({ label: 'web' })
  await dialog.getByRole('button', { name: 'Save the rule' }).click()
  await page.getByRole('rowheader', { name: 'user alice' }).waitFor()
  await page.getByText('the table has it to the dollar').waitFor()
  // $60: 1 to 3. The $40 that are left: all of it web's, who has alice's job by then.
  expect(await rowsOf(page, 'What would move')).toEqual([
    ['ops', '$0.00', '$45.00', '+$45.00'],
    ['web', '$75.00', '$40.00', '-$35.00'],
    ['ml', '$25.00', '$15.00', '-$10.00'],
  ])
  await shot('owner-rules-preview')
  await page.getByRole('button', { name: 'Apply to history' }).click()
  const asking = page.getByRole('dialog', { name: 'Apply these rules to history?' })
  await asking.getByText('1 charge of $60.00 and 1 job of $25.00 change hands').waitFor()
  await asking.getByRole('button', { name: 'Apply to history' }).click()
  await page.getByText('In force since').waitFor()
  expect(await page.getByRole('heading', { name: 'What would move' }).count()).toBe(0)
  await page.getByText('2 rules · moved 1 charge of $60.00 and 1 job').click()
  await page.getByText('1 job, 1 GPU-hours, $25.00: ml → web').waitFor()
  await shot('owner-rules-applied')
  expect(errors).toEqual([])
})

test('the order is changed by keyboard, the focus stays with the rule, and removing asks first', async () => {
  const { page, errors } = await heliox.visit({ path: '/owner-rules' })
  const names = async () => (await rowsOf(page, 'Rules')).map(([name]) => name)
  expect(await names()).toEqual(['1. account shared-*', '2. user alice'])
  const down = page.getByRole('button', { name: 'Move account shared-* down' })
  await down.focus()
  await page.keyboard.press('Enter')
  await page.getByText('account shared-* is number 2 of 2 now').waitFor({ state: 'attached' })
  expect(await names()).toEqual(['1. user alice', '2. account shared-*'])
  await page.locator('button:focus[aria-label="Move account shared-* down"]').waitFor()
  await page.getByRole('button', { name: 'Remove the rule for user alice' }).click()
  const asking = page.getByRole('dialog', { name: 'Remove this rule?' })
  await asking.getByText('stays decided until you apply').waitFor()
  await asking.getByRole('button', { name: 'Remove rule' }).click()
  await page.getByRole('rowheader', { name: '1. account shared-*' }).waitFor()
  await page.getByText('nothing moves until you apply it again').waitFor()
  expect(await names()).toEqual(['1. account shared-*'])
  expect(errors).toEqual([])
})

test('on a phone nothing is wider than the screen, in either theme; a dialog neither', async () => {
  for (const isDark of [false, true]) {
    const { page, errors, shot } = await heliox.visit({ path: '/owner-rules', width: 375, isDark })
    await page.getByText('the table has it to the dollar').waitFor()
    expect(await overflowOf(page)).toBe(0)
    await shot(`owner-rules-375-${isDark ? 'dark' : 'light'}`)
    await page.getByRole('button', { name: 'Edit the rule for account shared-*' }).click()
    const dialog = page.getByRole('dialog', { name: 'Edit the rule' })
    await dialog.getByLabel('ops', { exact: true }).waitFor()
    expect(await dialog.getByLabel('ops', { exact: true }).inputValue()).toBe('3')
    expect(await overflowOf(page)).toBe(0)
    await shot(`owner-rules-375-dialog-${isDark ? 'dark' : 'light'}`)
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('.page button')]
        .filter((button) => button.getBoundingClientRect().height < 44)
        .map((button) => button.textContent || button.getAttribute('aria-label')),
    )
    expect(small).toEqual([])
    expect(errors).toEqual([])
  }
})
