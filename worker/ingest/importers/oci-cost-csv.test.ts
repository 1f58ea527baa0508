import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { addExact, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import { startHeliox } from '../../testing.ts'
import { curPart } from './aws-cur-csv.ts'
import type { CostDraft, Row } from './importer.ts'
import { ociCostCsv } from './oci-cost-csv.ts'
import { NOTHING_SAID } from './testing.ts'

const USAGE = {
  ...{ 'lineItem/tenantId': 'ocid1.tenancy.1', 'lineItem/intervalUsageStart': '2026-02-13T10:00Z' },
  ...{ 'cost/myCost': '1', 'cost/currencyCode': 'USD', 'cost/subscriptionId': 'sub-1' },
}
const csv = (rows: Record<string, string>[], end = '\r\n') => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [columns, ...rows.map((row) => columns.map((name) => row[name] ?? ''))].map((c) => c.join(',') + end).join('')
}
function read(rows: Record<string, string>[]): { rows: Row[]; about: string } {
  const reader = ociCostCsv.open(NOTHING_SAID)
  const read = [...reader.push(csv(rows.map((row) => ({ ...USAGE, ...row })))), ...reader.end()]
  return { rows: read, about: reader.about?.() ?? '' }
}
const draft = (row: Record<string, string>) => read([row]).rows[0] as CostDraft

test('eighteen decimals and an exponent are exact, and both time shapes are the same hour', () => {
  expect(exactText(draft({ 'cost/myCost': '0.012264277499950943' }).billed)).toBe('0.012264277499950943')
  expect(exactText(draft({ 'cost/myCost': '4.81298076439E-7' }).billed)).toBe('0.000000481298076439')
  for (const time of ['2026-02-13T10:00Z', '2026-02-13T10:00:00Z', '2026-02-13T10:00:00.000Z'])
    expect(draft({ 'lineItem/intervalUsageStart': time })).toMatchObject({
      ...{ entryDate: '2026-02-13', billingPeriod: '2026-02-01' },
    })
})

test('the overage is part of the cost and never added to it; a correction is a row that adds up', () => {
  const { rows } = read([
    { 'cost/myCost': '80', 'cost/myCostOverage': '16', 'cost/overageFlag': 'true', 'usage/billedQuantityOverage': '2' },
    { 'cost/myCost': '-30', 'lineItem/isCorrection': 'true', 'lineItem/backreferenceNo': 'r1' },
  ])
  expect(rows.map((row) => (row as CostDraft).chargeCategory)).toEqual(['Usage', 'Adjustment'])
  expect(exactText(rows.map((row) => (row as CostDraft).billed).reduce(addExact, ZERO_EXACT))).toBe('50.00')
})

test('rows that part a database cluster’s cost are set aside and said, and the cluster counts once', () => {
  const { rows, about } = read([
    { 'cost/myCost': '5.5', 'cost/attributedCost': '0' },
    { 'cost/myCost': '', 'cost/attributedCost': '3.5' },
    { 'cost/myCost': '', 'cost/attributedCost': '2' },
    { 'cost/myCost': '', 'cost/attributedCost': '' },
  ])
  expect(rows.map(({ kind }) => kind)).toEqual(['cost', 'skipped', 'skipped', 'refused'])
  expect(about).toContain('2 rows that part 5.50')
})

test('GPUs are billed one by one; hours of instances are hours, of OCPUs and gigabytes none', () => {
  const unit = (billing: string, sku: string, description = 'OCI - Compute - GPU - H100 - v2') =>
    draft({
      ...{ 'cost/billingUnitReadable': billing, 'cost/skuUnitDescription': sku },
      ...{ 'product/Description': description, 'usage/billedQuantity': '8.000000000000000000' },
    })
  const gpu = { gpuType: 'h100', capacityGpuSeconds: 8 * 3600 }
  expect(unit('1 NONE HOURS GPU', 'GPU Per Hour')).toMatchObject(gpu)
  expect(unit('', 'GPU Per Hour')).toMatchObject(gpu)
  expect(unit('1 NONE HOURS INSTANCE', 'Hours', 'APEX')).toMatchObject({ usageSeconds: 8 * 3600, gpuType: '' })
  expect(unit('1 NONE HOURS OCPU', 'Hours', 'Exadata').usageSeconds).toBeNull()
  expect(unit('1 GiB MONTHS STORAGE_SIZE', 'GB Months', 'Block').usageSeconds).toBeNull()
})

test('tags keep the keys of their columns, the compartment is one of them, the account is the tenancy', () => {
  const row = draft({
    ...{ 'product/compartmentName': 'research', 'tags/Oracle-Tags.CreatedBy': 'ada', 'tags/Dev\\x.y': '1.0' },
    ...{ 'tags/team': '', 'tags/Owner': 'a', 'tags/owner': 'b' },
  })
  expect(JSON.parse(row.tags)).toEqual({
    compartment: 'research',
    'Oracle-Tags.CreatedBy': 'ada',
    'Dev\\x.y': '1.0',
    Owner: 'a',
    owner: 'b',
  })
  expect(row).toMatchObject({ provider: 'oci', billingAccount: 'sub-1', account: 'ocid1.tenancy.1' })
})

test('a usage report, which has no costs, is refused whole and the words say so', () => {
  expect(() => ociCostCsv.open(NOTHING_SAID).push('lineItem/intervalUsageStart,usage/billedQuantity\n')).toThrow(
    'a usage report has no costs',
  )
})

test('reports of one source are parts of it by their numbers, whatever a browser makes of their names; the sender may name the part', async () => {
  const { fetch, db } = await startHeliox()
  for (const said of [
    'file_name=reports_cost-csv_0001000000123456.csv.gz',
    'file_name=reports_cost-csv_0001000000123457.csv',
    'file_name=reports_cost-csv_0001000000123457%20(1).csv',
    'file_name=reports_cost-csv_0001000000123457.csv&part=mine',
  ]) {
    const init = { method: 'POST', body: csv([{ ...USAGE }]) }
    expect([said, (await fetch(`/api/v1/imports?format=oci-cost-csv&${said}`, init)).status]).toEqual([said, 200])
  }
  const parts = await db.all<{ part: string }>(sql`select part from imports order by id`)
  expect(parts.map(({ part }) => part)).toEqual(['0001000000123456', '0001000000123457', '0001000000123457', 'mine'])
})

test('the files of one AWS export are told apart by the number at their end; the first, mostly the only one, is no part', () => {
  expect(ociCostCsv.partOf?.('dir/reports_cost-csv_0001000000123456-00002.csv.gz')).toBe('0001000000123456-00002')
  expect(ociCostCsv.partOf?.('feb.csv.gz')).toBe('feb.csv')
  expect(curPart('hourly-00001.csv.gz')).toBe('')
  expect(curPart('hourly-00002.csv.gz')).toBe('00002')
  expect(curPart('cur2-00012.snappy.parquet')).toBe('00012')
  expect(curPart('february.csv')).toBe('')
})
