import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'
import { METHODS } from './methods.ts'
import { sumsByInstance } from './node-bills.ts'

const COLUMNS =
  'BilledCost,EffectiveCost,BillingAccountId,SubAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ServiceName,ChargeDescription,ConsumedQuantity,ConsumedUnit,SkuPriceDetails'

type Line = {
  cost: string
  size?: string
  item?: string
  hours?: string
  day?: string
  account?: string
  provider?: string
}

/** A bill in FOCUS: a line is an hour of the size on 2026-01-10 unless it says more. */
function bill(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ cost, size = '', item, hours = '1', day = '2026-01-10', account = 'A', provider = 'AWS' }) =>
      [
        ...[
          cost,
          cost,
          'PAYER',
          account,
          'USD',
          '2026-01-01',
          'Usage',
          day,
          `${size || item}`,
          provider,
          'Compute',
          'Machines',
        ],
        ...[item ?? `${size} hour`, hours, hours === '' ? '' : 'Hours', size && `"{""InstanceType"":""${size}""}"`],
      ].join(','),
  )
  return `${[COLUMNS, ...rows].join('\n')}\n`
}

const WINDOW = { start: '2026-01-01', end: '2026-01-31' }
const P3: Line = { cost: '110', size: 'p3.16xlarge' }
const MIXED: Line[] = [
  P3,
  { cost: '98.40', size: 'p5.48xlarge', hours: '2', account: 'B' },
  { cost: '20', size: 'g7e.48xlarge' }, // its vCPUs are not known
  { cost: '7', size: 'p5.1xlarge' }, // a size that the catalogue does not have, of a family that it does
  { cost: '30', item: 'H100 GPU hour', provider: 'Acme' },
  { cost: '5.5', item: 'Cable', hours: '' },
  { cost: '-1.000000001', size: 'p3.16xlarge', hours: '', day: '2026-01-11' }, // a credit
]

async function billed(lines: readonly Line[]): Promise<TestHeliox> {
  const heliox = await startHeliox()
  expect(await heliox.send('focus-csv', bill(lines))).toMatchObject({ status: 'success' })
  return heliox
}

test('an hour of a p3.16xlarge at $110: the parts, the GPU-hour, and by which method', async () => {
  const { trpc } = await billed([P3])
  const { rows, method, totals } = await trpc.analytics.nodeCost.query({ ...WINDOW, method: 'opencost' })
  expect(rows).toEqual([
    {
      ...{ kind: 'split', provider: 'aws', instanceType: 'p3.16xlarge', gpuType: 'v100' },
      ...{ gpuCount: 8, vcpuCount: 64, memoryGib: 488, nodeHours: 1, gpuHours: '8', costUsd: '110.00' },
      ...{ gpuUsd: '71.509465595', cpuUsd: '19.035669195', memoryUsd: '19.45486521' },
      ...{ perGpuHourUsd: '8.938683199', wholePerGpuHourUsd: '13.75' },
    },
  ])
  expect(method).toMatchObject({ name: 'opencost', version: 1, shares: null, isCompanys: false })
  expect(method.formula).toContain('0.031611')
  expect(totals).toEqual({
    ...{ costUsd: '110.00', splitUsd: '110.00', notSplitUsd: '0.00', gpuHours: '8' },
    ...{ gpuUsd: '71.509465595', cpuUsd: '19.035669195', memoryUsd: '19.45486521' },
    ...{ perGpuHourUsd: '8.938683199', wholePerGpuHourUsd: '13.75' },
  })
})

test.each([
  ['aws-scad', '5.549327354'],
  ['opencost', '8.938683199'],
  ['grafana-70', '9.625'],
  ['datadog-95', '13.0625'],
  ['all-gpu', '13.75'],
] as const)('a GPU-hour of it by %s is $%s, on REST as well', async (name, perGpuHour) => {
  const { json } = await billed([P3])
  const answer = await json<{ rows: { per_gpu_hour_usd: string }[] }>(
    `/api/v1/analytics/node-cost?start=2026-01-01&end=2026-01-31&method=${name}`,
  )
  expect(answer.rows.map((row) => row.per_gpu_hour_usd)).toEqual([perGpuHour])
})

test('what could not be split follows with its reason, and everything sums to the bill', async () => {
  const { trpc } = await billed(MIXED)
  const { rows, totals } = await trpc.analytics.nodeCost.query({ ...WINDOW, method: 'aws-scad' })
  expect(
    rows.map(({ kind, instanceType, gpuType, costUsd, gpuHours }) => [kind, instanceType, gpuType, costUsd, gpuHours]),
  ).toEqual([
    ['split', 'p3.16xlarge', 'v100', '108.999999999', '8'], // with its credit
    ['split', 'p5.48xlarge', 'h100', '98.40', '16'],
    ['unknown_spec', 'g7e.48xlarge', 'rtx-pro-6000', '20.00', '8'],
    ['unknown_size', 'p5.1xlarge', 'h100', '7.00', null],
    ['no_instance_type', '', 'h100', '30.00', '1'],
    ['not_gpu', '', '', '5.50', null],
  ])
  for (const { kind, gpuUsd, perGpuHourUsd } of rows)
    expect([gpuUsd === null, perGpuHourUsd === null]).toEqual([kind !== 'split', kind !== 'split'])
  expect(totals).toMatchObject({
    costUsd: '269.899999999',
    splitUsd: '207.399999999',
    notSplitUsd: '62.50',
    gpuHours: '24',
  })
  const { billedCostUsd } = await trpc.analytics.reconciliation.query(WINDOW)
  expect(billedCostUsd).toBe(totals.costUsd)
})

test('methods that ask for no specs split the size whose specs nobody knows', async () => {
  const { trpc } = await billed(MIXED)
  for (const method of METHODS.filter((name) => name !== 'custom')) {
    const { rows } = await trpc.analytics.nodeCost.query({ ...WINDOW, method })
    const kind = method === 'opencost' || method === 'aws-scad' ? 'unknown_spec' : 'split'
    expect([method, rows.find(({ instanceType }) => instanceType === 'g7e.48xlarge')?.kind]).toEqual([method, kind])
  }
})

test('a size is one row however bills write it, and filters narrow days, providers, types and accounts', async () => {
  const { trpc } = await billed([
    ...MIXED,
    { cost: '10', size: 'ml.p3.16xlarge', account: 'B' },
    { cost: '3', size: 'Standard_ND96asr_v4', provider: 'Microsoft Azure' },
    { cost: '2', size: 'Standard ND96asr v4', provider: 'Microsoft Azure' },
  ])
  const asked = async (more: object) => {
    const { rows, totals } = await trpc.analytics.nodeCost.query({ ...WINDOW, ...more })
    return [...rows.map(({ instanceType, costUsd }) => `${instanceType} ${costUsd}`), totals.costUsd]
  }
  expect(await asked({ gpuType: ['V100'] })).toEqual(['p3.16xlarge 118.999999999', '118.999999999'])
  expect(await asked({ gpuType: ['v100'], account: ['B'] })).toEqual(['p3.16xlarge 10.00', '10.00'])
  expect(await asked({ gpuType: ['v100'], start: '2026-01-11' })).toEqual(['p3.16xlarge -1.000000001', '-1.000000001'])
  expect(await asked({ provider: ['Azure'] })).toEqual(['ND96asr_v4 5.00', '5.00'])
  expect(await asked({ account: [] })).toEqual(['0.00'])
  expect(await asked({ start: '2026-02-01', end: '2026-02-28' })).toEqual(['0.00'])
})

test('the company’s method answers where none is asked for, and custom has its shares or the question’s', async () => {
  const { trpc, write } = await billed([P3])
  const asked = (more: object = {}) => trpc.analytics.nodeCost.query({ ...WINDOW, ...more })
  expect((await asked()).method).toMatchObject({ name: 'all-gpu', isCompanys: true })
  const tried = { method: 'custom' as const, gpuShare: '0.9', cpuShare: '0.1' }
  expect((await asked(tried)).rows[0]).toMatchObject({ gpuUsd: '99.00', cpuUsd: '11.00', memoryUsd: '0.00' })
  await expect(asked({ method: 'custom' })).rejects.toMatchObject({ data: { errorCode: 'node_split.no_shares' } })
  const shares = { gpu: '0.8', cpu: '0.15', memory: '0.05' }
  await write('PUT', '/api/v1/settings', { node_split_method: { method: 'custom', shares } })
  expect((await asked()).method).toMatchObject({ name: 'custom', shares, isCompanys: true })
  expect((await asked()).rows[0]).toMatchObject({ gpuUsd: '88.00', cpuUsd: '16.50', memoryUsd: '5.50' })
  expect((await asked({ method: 'custom' })).rows[0]).toMatchObject({ gpuUsd: '88.00' })
  expect((await asked(tried)).method).toMatchObject({ name: 'custom', isCompanys: false })
  for (const wrong of [
    { gpuShare: '0.9' },
    { method: 'opencost', gpuShare: '1' },
    { method: 'custom', gpuShare: '0.9' },
    { method: 'best' },
  ])
    await expect(asked(wrong)).rejects.toMatchObject({ data: { errorCode: 'request.invalid' } })
})

test('who sees some teams is refused, whatever is asked', async () => {
  const heliox = await billed([P3])
  for (const role of ['developer', 'viewer'] as const) {
    const { trpc } = await heliox.as(role, [])
    await expect(trpc.analytics.nodeCost.query(WINDOW)).rejects.toMatchObject({
      data: { errorCode: 'auth.whole_company' },
    })
  }
  const { trpc } = await heliox.as('finance')
  expect((await trpc.analytics.nodeCost.query(WINDOW)).totals.costUsd).toBe('110.00')
})

const sizes = ['p3.16xlarge', 'p5.48xlarge', 'g7e.2xlarge', 'g5.xlarge', 'p9.1xlarge', '']
const line = fc.record({
  cost: fc.bigInt(-(10n ** 15n), 10n ** 15n).map((cents) => `${cents < 0n ? '-' : ''}${nines(cents)}`),
  size: fc.constantFrom(...sizes),
  hours: fc.constantFrom('', '1', '24', '0.5'),
  day: fc.constantFrom('2026-01-10', '2026-01-11'),
  account: fc.constantFrom('A', 'B'),
})
function nines(amount: bigint): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(10, '0')
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`
}

test('whatever is on the bill and by every method: parts sum to rows, rows to the bill', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
      const { trpc } = await billed(lines)
      const { billedCostUsd } = await trpc.analytics.reconciliation.query(WINDOW)
      for (const method of METHODS.filter((name) => name !== 'custom')) {
        const { rows, totals } = await trpc.analytics.nodeCost.query({ ...WINDOW, method })
        const sum = (amounts: (string | null)[]) => amounts.reduce((all, one) => all + nano(one ?? '0'), 0n)
        for (const { kind, costUsd, gpuUsd, cpuUsd, memoryUsd } of rows)
          if (kind === 'split') expect(sum([gpuUsd, cpuUsd, memoryUsd])).toBe(nano(costUsd))
        expect(sum(rows.map(({ costUsd }) => costUsd))).toBe(nano(billedCostUsd ?? ''))
        expect(totals.costUsd).toBe(billedCostUsd)
        expect(sum([totals.gpuUsd, totals.cpuUsd, totals.memoryUsd, totals.notSplitUsd])).toBe(
          nano(billedCostUsd ?? ''),
        )
      }
    }),
    { numRuns: 15 },
  )
})

test('the entries of the window are found by an index', async () => {
  const { db } = await startHeliox()
  const filters = { provider: ['aws'], gpuType: ['h100'], account: ['A'] }
  const asked = { start: WINDOW.start as Day, end: WINDOW.end as Day, ...filters }
  const { sql, params } = new SQLiteAsyncDialect().sqlToQuery(sumsByInstance(asked))
  const { rows } = await db.$client.execute({ sql: `explain query plan ${sql}`, args: params as string[] })
  const plan = rows.map(({ detail }) => String(detail)).join('\n')
  expect(plan).toMatch(/SEARCH c USING INDEX cost_entries_key \(entry_date>\? AND entry_date<\?\)/)
  expect(plan).not.toMatch(/SCAN c\b/)
})

test('every method is listed in the words that stand beside its figures', async () => {
  const { json, trpc } = await startHeliox()
  const methods = await trpc.analytics.nodeSplitMethods.query()
  expect(methods.map(({ name }) => name)).toEqual([...METHODS])
  const rest = await json<Record<string, unknown>[]>('/api/v1/analytics/node-split-methods')
  expect(rest.map(({ name, needs_specs }) => [name, needs_specs])).toEqual(
    methods.map(({ name, needsSpecs }) => [name, needsSpecs]),
  )
})

test('the rows come as CSV, equal to the answer to the digit', async () => {
  const { fetch } = await billed([P3])
  const path = '/api/v1/analytics/node-cost?start=2026-01-01&end=2026-01-31&method=opencost'
  const csv = await (await fetch(path, { headers: { accept: 'text/csv' } })).text()
  expect(csv.split('\r\n').slice(0, 2)).toEqual([
    'kind,provider,instance_type,gpu_type,gpu_count,vcpu_count,memory_gib,node_hours,gpu_hours,cost_usd,gpu_usd,cpu_usd,memory_usd,per_gpu_hour_usd,whole_per_gpu_hour_usd',
    'split,aws,p3.16xlarge,v100,8,64,488,1,8,110.00,71.509465595,19.035669195,19.45486521,8.938683199,13.75',
  ])
})
