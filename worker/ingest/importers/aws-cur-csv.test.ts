import { expect, test } from 'vitest'
import { addExact, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import { awsCurCsv } from './aws-cur-csv.ts'
import { curCharge } from './cur-charge.ts'
import type { CostDraft, Refused, Row } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'

const USAGE = {
  ...{ line_item_line_item_type: 'Usage', line_item_usage_start_date: '2026-02-01T10:00:00.000Z' },
  ...{ line_item_unblended_cost: '1', line_item_currency_code: 'USD', line_item_usage_account_id: '444455556666' },
  ...{ bill_payer_account_id: '111122223333', bill_billing_period_start_date: '2026-02-01T00:00:00.000Z' },
}
const SAVINGS_PLANS = {
  savings_plan_savings_plan_effective_cost: '',
  ...{ savings_plan_total_commitment_to_date: '', savings_plan_used_commitment: '' },
}
const RESERVATIONS = {
  ...{ reservation_effective_cost: '', reservation_reservation_a_r_n: '' },
  reservation_unused_amortized_upfront_fee_for_billing_period: '',
  reservation_unused_recurring_fee: '',
}

/** Rows by column name, as a file of them; a column that no row names is not in it. */
function file(rows: Record<string, string>[]): { rows: Row[]; about: string } {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cell = (text = '') => `"${text.replaceAll('"', '""')}"`
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))]
  const reader = awsCurCsv.open(NOTHING_SAID)
  const read = [...reader.push(lines.map((line) => `${line.map(cell).join(',')}\n`).join('')), ...reader.end()]
  return { rows: read, about: reader.about?.() ?? '' }
}
const read = (rows: Record<string, string>[]) => file(rows.map((row) => ({ ...USAGE, ...row }))).rows
const draft = (row: Record<string, string>) => read([row])[0] as CostDraft
const codeOf = (row: Row | undefined) => (row?.kind === 'refused' ? [row.column, row.code] : row?.kind)
const sums = (rows: Row[]) =>
  (['billed', 'effective'] as const).map((of) =>
    exactText(rows.map((row) => (row.kind === 'cost' ? row[of] : ZERO_EXACT)).reduce(addExact, ZERO_EXACT)),
  )

test('an instance of 10 and its split rows, 6 used and 4 unused, are 10 and not 20', () => {
  const split = (cost: Record<string, string>) => ({
    ...{ ...USAGE, line_item_unblended_cost: '0.0', line_item_usage_type: 'USE1-EKS-EC2-vCPU-Hours' },
    ...{ split_line_item_parent_resource_id: 'i-0aa1', ...cost },
  })
  const parent = { ...USAGE, line_item_unblended_cost: '10', line_item_resource_id: 'i-0aa1' }
  const parts = [split({ split_line_item_split_cost: '6' }), split({ split_line_item_unused_cost: '4' })]
  const { rows, about } = file([parent, ...parts])
  expect(rows.map(({ kind }) => kind)).toEqual(['cost', 'skipped', 'skipped'])
  expect(sums(rows)).toEqual(['10.00', '10.00'])
  expect(about).toContain('2 split rows of 6.00 used and 4.00 unused set aside')
  // files that somebody has filled up
  const filled = parts.map((row, at) => ({ ...row, line_item_unblended_cost: at === 0 ? '6' : '4.000' }))
  expect(sums(file([parent, ...filled]).rows)).toEqual(['10.00', '10.00'])
  expect(sums(file([parent, ...parts.map((row) => ({ ...row, line_item_unblended_cost: '' }))]).rows)[0]).toBe('10.00')
})

test('Fargate’s split columns stand on rows that are billed, and a row that bills more than it splits is a charge', () => {
  expect(draft({ line_item_unblended_cost: '3.5', split_line_item_split_cost: '3' })).toMatchObject({ kind: 'cost' })
  const both = { split_line_item_parent_resource_id: 'i-1', split_line_item_split_cost: '3' }
  expect(exactText(draft({ ...both, line_item_unblended_cost: '3.5' }).billed)).toBe('3.50')
  expect(codeOf(read([{ ...both, line_item_unblended_cost: 'x' }])[0])).toEqual([
    ...['line_item_unblended_cost', 'ingest.bad_amount'],
  ])
})

test('a Savings Plan: each dollar once, billed as paid and effective as used', () => {
  const rows = read([
    {
      ...{ ...SAVINGS_PLANS, line_item_line_item_type: 'SavingsPlanCoveredUsage', line_item_unblended_cost: '100' },
      savings_plan_savings_plan_effective_cost: '60',
    },
    { line_item_line_item_type: 'SavingsPlanNegation', line_item_unblended_cost: '-100' },
    {
      ...{ line_item_line_item_type: 'SavingsPlanRecurringFee', line_item_unblended_cost: '70' },
      ...{ savings_plan_total_commitment_to_date: '80', savings_plan_used_commitment: '60' },
    },
    { line_item_line_item_type: 'SavingsPlanUpfrontFee', line_item_unblended_cost: '3650' },
  ]) as CostDraft[]
  expect(rows.map(({ effective }) => exactText(effective))).toEqual(['60.00', '0.00', '20.00', '0.00'])
  expect(sums(rows)).toEqual(['3720.00', '80.00'])
  expect(rows.map(({ chargeCategory }) => chargeCategory)).toEqual(['Usage', 'Usage', 'Purchase', 'Purchase'])
  expect(new Set(rows.map(({ pricingCategory }) => pricingCategory))).toEqual(new Set(['Committed']))
})

test('a reservation: used hours at their effective cost, its fee at what went unused, its upfront fee at nothing', () => {
  const rows = read([
    {
      ...{ ...RESERVATIONS, line_item_line_item_type: 'DiscountedUsage', line_item_unblended_cost: '0' },
      reservation_effective_cost: '9.5',
    },
    {
      ...{ line_item_line_item_type: 'RIFee', line_item_unblended_cost: '12' },
      reservation_unused_amortized_upfront_fee_for_billing_period: '1.25E-1',
      reservation_unused_recurring_fee: '0.375',
    },
    { line_item_line_item_type: 'Fee', line_item_unblended_cost: '365', reservation_reservation_a_r_n: 'arn:r1' },
    { line_item_line_item_type: 'Fee', line_item_unblended_cost: '14' }, // a domain: no reservation
    { line_item_line_item_type: 'RIFee', line_item_unblended_cost: '2' }, // dedicated hosts: AWS amortises nothing
  ]) as CostDraft[]
  expect(rows.map(({ effective }) => exactText(effective))).toEqual(['9.50', '0.50', '0.00', '14.00', '2.00'])
  expect(rows.map(({ chargeCategory }) => chargeCategory)).toEqual([
    ...['Usage', 'Purchase', 'Purchase', 'Purchase', 'Purchase'],
  ])
})

test('a file without the columns of amortised cost counts every row as billed, so that nothing is there twice', () => {
  const rows = read([
    { line_item_line_item_type: 'SavingsPlanCoveredUsage', line_item_unblended_cost: '100' },
    { line_item_line_item_type: 'SavingsPlanNegation', line_item_unblended_cost: '-100' },
    { line_item_line_item_type: 'SavingsPlanRecurringFee', line_item_unblended_cost: '70' },
    { line_item_line_item_type: 'RIFee', line_item_unblended_cost: '12' },
  ])
  expect(sums(rows)).toEqual(['82.00', '82.00'])
})

test('credits, refunds, taxes and every kind of discount are rows of their own, with a blank blended cost too', () => {
  const types = ['Credit', 'Refund', 'Tax', 'EdpDiscount', 'PrivateRateDiscount', 'BundledDiscount', 'Discount', 'New']
  const rows = read(
    types.map((type) => ({
      ...{ line_item_line_item_type: type, line_item_unblended_cost: '-2', line_item_blended_cost: '' },
      line_item_net_unblended_cost: '0',
    })),
  ) as CostDraft[]
  expect(rows.map(({ chargeCategory }) => chargeCategory)).toEqual([
    ...['Credit', 'Adjustment', 'Tax', 'Adjustment', 'Adjustment', 'Adjustment', 'Adjustment', 'Adjustment'],
  ])
  expect(sums(rows)).toEqual(['-16.00', '-16.00'])
  expect(rows.every(({ list, pricingCategory }) => list === null && pricingCategory === '')).toBe(true)
})

test('discounts that stand in net columns only are said; those that are rows are in the sum already', () => {
  const used = { ...USAGE, line_item_unblended_cost: '10', line_item_net_unblended_cost: '9.1' }
  const discount = { ...USAGE, line_item_unblended_cost: '-0.9', line_item_line_item_type: 'EdpDiscount' }
  expect(file([used]).about).toContain('0.90 of discounts stand in net columns only')
  expect(file([used, { ...discount, line_item_net_unblended_cost: '0' }]).about).toBe('AWS Cost and Usage Report 2.0')
})

test('numbers as Java, Python and Athena write them: 4.0E-7, 1.25E7, 1e-05', () => {
  const billed = (text: string) => exactText(draft({ line_item_unblended_cost: text }).billed)
  expect(billed('4.0E-7')).toBe('0.0000004')
  expect(billed('1e-05')).toBe('0.00001')
  expect(billed('1.25E7')).toBe('12500000.00')
  expect(billed('-1.23456789012E+8')).toBe('-123456789.012')
  expect(billed('0.30000000000000004')).toBe('0.30000000000000004')
  for (const text of ['1E20', '1.5E', 'E7', '1,5', '--1', 'NaN', 'Infinity', ''])
    expect([text, codeOf(read([{ line_item_unblended_cost: text }])[0])]).toEqual([
      ...[text, ['line_item_unblended_cost', 'ingest.bad_amount']],
    ])
})

test('a month’s tax counts on the day its period starts; a row without a start on the first day of its invoice', () => {
  const tax = { line_item_line_item_type: 'Tax', line_item_usage_end_date: '2026-03-01T00:00:00Z' }
  expect(draft({ ...tax, line_item_usage_start_date: '2026-02-01T00:00:00Z' }).entryDate).toBe('2026-02-01')
  expect(draft({ ...tax, line_item_usage_start_date: '' }).entryDate).toBe('2026-02-01')
  const none = { line_item_usage_start_date: '', bill_billing_period_start_date: '' }
  expect(codeOf(read([none])[0])).toEqual(['line_item_usage_start_date', 'ingest.bad_time'])
})

test('times and periods as Athena writes them, and the calendar month where the file states no period', () => {
  for (const time of ['2026-02-03 10:00:00.000', '2026-02-03 10:00:00.000 UTC', '2026-02-03T10:00:00Z', '2026-02-03'])
    expect([time, draft({ line_item_usage_start_date: time }).entryDate]).toEqual([time, '2026-02-03'])
  const { bill_billing_period_start_date: _, ...bare } = {
    ...USAGE,
    line_item_usage_start_date: '2026-02-17T00:00:00Z',
  }
  expect(file([bare]).rows).toMatchObject([{ billingPeriod: '2026-02-01' }])
  expect(file([{ ...bare, billing_period: '2026-03' }]).rows).toMatchObject([{ billingPeriod: '2026-03-01' }])
  expect(draft({}).billingPeriod).toBe('2026-02-01')
})

test('tags and cost categories come from columns of their own, from maps as JSON and from maps as Athena writes them', () => {
  const tags = (row: Record<string, string>) => JSON.parse(draft(row).tags || '{}') as unknown
  const columns = { 'resourceTags/user:team': 'ml', 'resourceTags/aws:createdBy': 'Root:1', 'resourceTags/user:x': '' }
  expect(tags({ ...columns, 'costCategory/Unit': 'R&D' })).toEqual({
    ...{ team: 'ml', 'aws:createdBy': 'Root:1', 'costCategory/Unit': 'R&D' },
  })
  expect(tags({ 'resourceTags/user:team': 'ml', 'resourceTags/user:Team': 'IT' })).toEqual({ team: 'ml', Team: 'IT' })
  expect(tags({ resource_tags_user_team: 'ml', cost_category_unit: 'R&D' })).toEqual({
    ...{ team: 'ml', 'costCategory/unit': 'R&D' },
  })
  expect(
    tags({ resource_tags: '{"user_team": "ml", "aws_created_by": "Root:1"}', cost_category: '{"Unit":"R&D"}' }),
  ).toEqual({
    ...{ team: 'ml', aws_created_by: 'Root:1', 'costCategory/Unit': 'R&D' },
  })
  expect(tags({ resource_tags: '{user_team=ml, vision, user_note=a=b}' })).toEqual({ team: 'ml, vision', note: 'a=b' })
  expect(tags({ tags: '{"resourceTags/user:team": "ml", "accountTag/team": "it"}' })).toEqual({
    ...{ team: 'ml', 'accountTag/team': 'it' },
  })
  expect(tags({ resource_tags: 'whatever' })).toEqual({ tags: 'whatever' })
  expect(tags({ resource_tags: '{}', cost_category: 'null' })).toEqual({})
  expect(tags({ 'resourceTags/user:__proto__': 'x' })).toEqual(JSON.parse('{"__proto__": "x"}'))
})

test('the instance comes from its column, the product map or the usage type, and hours count for machines only', () => {
  const machine = {
    ...{ line_item_product_code: 'AmazonEC2', line_item_usage_amount: '2.0', pricing_unit: 'Hrs' },
    line_item_usage_type: 'USW2-BoxUsage:p5.48xlarge',
  }
  expect(draft(machine)).toMatchObject({ instanceType: 'p5.48xlarge', gpuType: 'h100', usageSeconds: 7200 })
  expect(draft({ ...machine, product: '{"gpu": "8", "region": "us-west-2"}' })).toMatchObject({
    ...{ capacityGpuSeconds: 2 * 8 * 3600, region: 'us-west-2' },
  })
  expect(draft({ ...machine, product_gpu: '8', line_item_usage_amount: '2.5E-1' }).capacityGpuSeconds).toBe(7200)
  expect(draft({ ...machine, product_instance_type: 'g6.xlarge' }).instanceType).toBe('g6.xlarge')
  for (const beside of [
    { line_item_usage_type: 'EBSOptimized:p5.48xlarge' },
    { line_item_product_code: 'ElasticMapReduce' },
    { line_item_product_code: 'a1b2marketplace', line_item_usage_type: 'SoftwareUsage:p5.48xlarge' },
    { line_item_line_item_type: 'SavingsPlanNegation' },
    { line_item_line_item_type: 'Credit' },
  ])
    expect([beside, draft({ ...machine, ...beside }).usageSeconds]).toEqual([beside, null])
  expect(draft({ line_item_usage_type: 'DataTransfer-Out-Bytes' }).instanceType).toBe('')
  expect(draft({ line_item_usage_type: 'USE1-Train:ml.p4d.24xlarge' }).instanceType).toBe('ml.p4d.24xlarge')
})

test('spot is Dynamic, on demand Standard, what a commitment covers Committed', () => {
  const priced = (row: Record<string, string>) => draft(row).pricingCategory
  expect(priced({ pricing_term: 'OnDemand' })).toBe('Standard')
  expect(priced({ pricing_term: 'Spot' })).toBe('Dynamic')
  expect(priced({ line_item_usage_type: 'USW2-SpotUsage:g5.xlarge' })).toBe('Dynamic')
  expect(priced({ line_item_line_item_type: 'DiscountedUsage' })).toBe('Committed')
  expect(exactText(draft({ pricing_public_on_demand_cost: '2' }).list ?? ZERO_EXACT)).toBe('2.00')
})

test('a row that names no billing currency is in the one of its price', () => {
  const bare = { line_item_currency_code: '', pricing_currency: 'EUR' }
  expect(codeOf(read([bare])[0])).toEqual(['pricing_currency', 'ingest.no_rate'])
})

test('region: as stated, from the map, or from the availability zone', () => {
  expect(draft({ product_region: 'global' }).region).toBe('global')
  expect(draft({ product_region: '', product_region_code: 'eu-west-1' }).region).toBe('eu-west-1')
  expect(draft({ line_item_availability_zone: 'us-gov-west-1b' }).region).toBe('us-gov-west-1')
  expect(draft({}).region).toBe('')
})

test('headers of every spelling are one: slashes, underscores, another case; refusals say it as the file does', () => {
  for (const names of [
    ['lineItem/UnblendedCost', 'lineItem/UsageStartDate', 'lineItem/LineItemType', 'lineItem/CurrencyCode'],
    ['LINEITEM/UNBLENDEDCOST', 'lineitem/usagestartdate', 'LineItem/lineItemType', 'lineitem/currencycode'],
    ['lineitem_unblendedcost', 'lineitem_usagestartdate', 'lineitem_lineitemtype', 'lineitem_currencycode'],
  ]) {
    const text = `${names.join(',')}\n1.5,2026-02-01,Usage,USD\nx,2026-02-01,Usage,USD\n`
    expect(awsCurCsv.recognises(text)).toContain(names[0])
    const [good, bad] = awsCurCsv.open(NOTHING_SAID).push(text)
    expect(good).toMatchObject({ kind: 'cost', entryDate: '2026-02-01' })
    expect(codeOf(bad)).toEqual([names[0], 'ingest.bad_amount'])
  }
  expect(awsCurCsv.recognises('lineItem/UnblendedCost,lineItem/UsageStartDate\n')).toBeNull()
  const reader = awsCurCsv.open(NOTHING_SAID)
  expect(() => reader.push('lineItem/UnblendedCost\n')).toThrow(
    'line_item_usage_start_date, line_item_line_item_type missing',
  )
})

test('the mapping alone takes the names of CUR 2.0, as a reader of another container has them', () => {
  const row: Record<string, string> = { ...USAGE, line_item_line_item_type: 'SavingsPlanNegation' }
  const charge = curCharge(7, (name) => row[name] ?? '', NOTHING_SAID) as CostDraft
  expect([charge.line, exactText(charge.billed), exactText(charge.effective)]).toEqual([7, '1.00', '0.00'])
  const bad = curCharge(8, (name) => (name === 'line_item_unblended_cost' ? '' : (row[name] ?? '')), NOTHING_SAID)
  expect([bad.kind, (bad as Refused).column]).toEqual(['refused', 'line_item_unblended_cost'])
})
