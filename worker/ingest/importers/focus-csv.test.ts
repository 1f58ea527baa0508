import { expect, test } from 'vitest'
import { addExact, exactText, toNanoUsd, ZERO_EXACT } from '../../../db/units/money.ts'
import { nano } from '../../testing.ts'
import { focusCsv } from './focus-csv.ts'
import { FOCUS_VERSIONS } from './focus-version.ts'
import type { CostDraft, Refused, Row } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'

const USAGE = {
  ...{ BilledCost: '1', BillingCurrency: 'USD', ChargePeriodStart: '2024-10-01T00:00:00Z', ChargeCategory: 'Usage' },
  ...{ ProviderName: 'AWS', ServiceCategory: 'Compute' },
}

/** Rows by column name; a column that no row names is not in the file. */
function read(rows: Record<string, string>[], currency = ''): Row[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cell = (text = '') => `"${text.replaceAll('"', '""')}"`
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))]
  const reader = focusCsv.open({ ...NOTHING_SAID, currency })
  return [...reader.push(lines.map((line) => `${line.map(cell).join(',')}\n`).join('')), ...reader.end()]
}
const one = (row: Record<string, string>, currency = '') => read([{ ...USAGE, ...row }], currency)[0] as Row
const draft = (row: Record<string, string>) => one(row) as CostDraft
const codeOf = (row: Row) => (row.kind === 'refused' ? [row.column, row.code] : row.kind)

test('a FOCUS number: 35.2E-7 is 0.00000352; "1,5" and "+1" are refused; NULL, null and nothing are no number', () => {
  expect(exactText(draft({ BilledCost: '35.2E-7' }).billed)).toBe('0.00000352')
  for (const text of ['1,5', '+1', 'NULL', 'null', '', '1e5', '12 USD', '1.2.3', '1,0000', '--1', '€5'])
    expect([text, codeOf(one({ BilledCost: text }))]).toEqual([text, ['BilledCost', 'ingest.bad_amount']])
  expect(exactText(draft({ BilledCost: '$10,100.00 ' }).billed)).toBe('10100.00')
  expect(exactText(draft({ BilledCost: '-$10,100.005' }).billed)).toBe('-10100.005')
  expect(exactText(draft({ BilledCost: '0.00000041370' }).billed)).toBe('0.0000004137')
})

test('an effective cost that is null is the billed one; one that cannot be read refuses the row and keeps the billed dollars', () => {
  expect(exactText(draft({ BilledCost: '7', EffectiveCost: 'NULL' }).effective)).toBe('7.00')
  expect(exactText(draft({ BilledCost: '7', EffectiveCost: '0' }).effective)).toBe('0.00')
  const row = one({ BilledCost: '7', EffectiveCost: 'x' }) as Refused
  expect([codeOf(row), row.billed && exactText(row.billed), row.effective]).toEqual([
    ['EffectiveCost', 'ingest.bad_amount'],
    ...['7.00', null],
  ])
})

test('a FOCUS time: with a blank, with a Z, with an offset and as a spreadsheet leaves it, the same day', () => {
  for (const text of [
    '2024-10-01 00:00:00',
    '2024-10-01T00:00:00Z',
    '2024-10-01T02:00:00+02:00',
    '10/1/24',
    '10/01/2024',
  ])
    expect([text, draft({ ChargePeriodStart: text }).entryDate]).toEqual([text, '2024-10-01'])
  expect(draft({ ChargePeriodStart: '2024-10-01T01:00:00+02:00' }).entryDate).toBe('2024-09-30')
  expect(draft({ ChargePeriodStart: '4/1/25', BillingPeriodStart: '4/1/25' }).billingPeriod).toBe('2025-04-01')
  for (const text of ['13/1/25', '2/30/25', '2024-10-32', 'yesterday', '', 'NULL', '1999-01-01'])
    expect([text, codeOf(one({ ChargePeriodStart: text }))]).toEqual([text, ['ChargePeriodStart', 'ingest.bad_time']])
  expect(codeOf(one({ BillingPeriodStart: 'October' }))).toEqual(['BillingPeriodStart', 'ingest.bad_time'])
})

test('another currency, a virtual one or none at all is refused and never guessed; the sender may name it', () => {
  for (const currency of ['EUR', 'CAD', 'Token', 'US$'])
    expect([currency, codeOf(one({ BillingCurrency: currency }))]).toEqual([
      currency,
      ['BillingCurrency', 'ingest.no_rate'],
    ])
  expect(codeOf(one({ BillingCurrency: 'NULL' }))).toEqual(['BillingCurrency', 'ingest.no_currency'])
  const { BillingCurrency: _, ...bare } = USAGE
  expect(read([bare]).map(codeOf)).toEqual([['BillingCurrency', 'ingest.no_currency']])
  expect(read([bare], 'usd').map(codeOf)).toEqual(['cost'])
  expect(read([bare], 'EUR').map(codeOf)).toEqual([['BillingCurrency', 'ingest.no_rate']])
  expect(codeOf(one({ BillingCurrency: 'EUR' }, 'USD'))).toEqual(['BillingCurrency', 'ingest.no_rate']) // the file wins
})

test('a commitment: bought for 100, used for 70, unused 30: effective 100 and billed 100, each dollar once', () => {
  const rows = read([
    { ...USAGE, ChargeCategory: 'Purchase', BilledCost: '100', EffectiveCost: '0' },
    { ...USAGE, BilledCost: '0', EffectiveCost: '70', CommitmentDiscountStatus: 'Used' },
    { ...USAGE, BilledCost: '0', EffectiveCost: '30', CommitmentDiscountStatus: 'Unused' },
  ]) as CostDraft[]
  const sum = (of: 'billed' | 'effective') => exactText(rows.map((row) => row[of]).reduce(addExact, ZERO_EXACT))
  expect([sum('billed'), sum('effective')]).toEqual(['100.00', '100.00'])
  expect(rows.map(({ chargeCategory }) => chargeCategory)).toEqual(['Purchase', 'Usage', 'Usage'])
})

test('a credit is negative and kept beside its usage: 12.00 and −2.00 net 10.00', () => {
  const rows = read([
    { ...USAGE, BilledCost: '12.00' },
    { ...USAGE, ChargeCategory: 'Credit', BilledCost: '-2.00' },
  ]) as CostDraft[]
  expect(rows.map(({ billed }) => toNanoUsd(billed))).toEqual([nano('12.00'), nano('-2.00')])
  expect(exactText(rows.map(({ billed }) => billed).reduce(addExact, ZERO_EXACT))).toBe('10.00')
})

test('eleven decimals are rounded half to even, once per row', () => {
  const stored = (text: string) => toNanoUsd(draft({ BilledCost: text }).billed)
  expect(stored('0.00000000050')).toBe(0n) // half: to the even 0
  expect(stored('0.00000000150')).toBe(2n) // half: to the even 2
  expect(stored('-0.00000000151')).toBe(-2n)
  expect(stored('1E-99')).toBe(0n)
})

test('GPU time is taken from GPU-hours as they are, from instance hours times the GPUs of the SKU or of the catalogue, and else not known', () => {
  const line = { ChargeDescription: 'p5.48xlarge', ConsumedQuantity: '24', ConsumedUnit: 'Hours' }
  const seconds = (row: Record<string, string>) => draft(row).capacityGpuSeconds
  expect(seconds({ ...line, SkuPriceDetails: '{"GpuCount": 8}' })).toBe(24 * 8 * 3600)
  expect(seconds({ ...line, SkuPriceDetails: '{"GpuCount": "8"}' })).toBe(24 * 8 * 3600)
  expect(seconds(line)).toBe(24 * 8 * 3600) // the catalogue knows
  expect(seconds({ ...line, ChargeDescription: 'p5.96xlarge' })).toBeNull() // how many GPUs is not said
  const sixth = { ...line, ProviderName: 'Azure', ChargeDescription: 'NV6ads A10 v5', ConsumedQuantity: '1' }
  expect([seconds(sixth), seconds({ ...sixth, ConsumedQuantity: '0.0014' })]).toEqual([600, 0]) // never more than was billed
  expect(seconds({ ...line, ConsumedUnit: 'GPU-Hours' })).toBe(24 * 3600)
  expect(seconds({ ...line, ConsumedUnit: 'GB-Hours', SkuPriceDetails: '{"GpuCount": 8}' })).toBeNull()
  expect(seconds({ ...line, ChargeCategory: 'Credit', SkuPriceDetails: '{"GpuCount": 8}' })).toBeNull()
  const slip = { ...line, ConsumedQuantity: '999999999', SkuPriceDetails: '{"GpuCount": 999999}' }
  expect(seconds(slip)).toBeNull() // 114 billion GPU-years: a sum of such lines would leave 64 bits
})

test('the GPU is recognised by name or instance, and a layer-4 balancer or a P4 disk is none', () => {
  const gpu = (row: Record<string, string>) => draft(row).gpuType
  expect(gpu({ ChargeDescription: '$98.32 per On Demand Linux p5.48xlarge Instance Hour' })).toBe('h100')
  expect(gpu({ ChargeDescription: 'NVIDIA Tesla T4 GPU attached' })).toBe('t4')
  expect(gpu({ SkuPriceDetails: '{"InstanceType": "g6.xlarge"}' })).toBe('l4')
  expect(gpu({ ChargeDescription: 'L4 load balancer', ServiceCategory: 'Networking' })).toBe('')
  expect(gpu({ ChargeDescription: 'Premium SSD P4 disk' })).toBe('')
  expect(gpu({ ChargeDescription: 'H100 brochure', ServiceCategory: 'Storage' })).toBe('')
})

test('the provider is the newest of the columns that the file has; a name that is too long is refused by its column', () => {
  expect(draft({ ServiceProviderName: ' GCP ', ProviderName: 'x' }).provider).toBe('gcp')
  expect(draft({ ProviderName: 'NULL', PublisherName: 'Nebius' }).provider).toBe('nebius')
  expect(draft({ ProviderName: '' }).provider).toBe('unknown')
  expect(codeOf(one({ RegionId: 'r'.repeat(301) }))).toEqual(['RegionId', 'ingest.too_long'])
})

test('the version is told by the columns that it has, with the columns of nobody’s beside it', () => {
  const about = (header: string) => {
    const reader = focusCsv.open(NOTHING_SAID)
    reader.push(`${header}\n`)
    return reader.about?.()
  }
  const columnsOf = (version: string) => [...(FOCUS_VERSIONS.find((v) => v.version === version)?.columns ?? [])]
  expect(FOCUS_VERSIONS.map(({ version, columns }) => [version, columns.size])).toEqual([
    ...[['1.0', 43] as const, ['1.1', 50] as const, ['1.2', 57] as const, ['1.3', 65] as const, ['1.4', 65] as const],
  ])
  for (const { version, columns } of FOCUS_VERSIONS)
    expect(about([...columns].reverse().join(','))).toBe(
      `FOCUS ${version}, ${columns.size} of its ${columns.size} columns`,
    )
  const partly = [...columnsOf('1.0'), 'InvoiceId', 'Id', 'x_Operation', 'x_UsageType', 'x_ServiceCode']
  expect(about(partly.join(','))).toBe('FOCUS 1.2, 44 of its 57 columns; 3 x_ columns; 1 that no version knows')
  expect(about('BilledCost,ChargePeriodStart,ChargeCategory')).toBe('FOCUS 1.0, 3 of its 43 columns')
  expect(about('BilledCost,ChargePeriodStart,ChargeCategory,ServiceProviderName')).toBe(
    'FOCUS 1.4, 4 of its 65 columns',
  )
  expect(about('BilledCost,ChargePeriodStart,ChargeCategory,ServiceProviderName,ProviderName')).toBe(
    'FOCUS 1.3, 5 of its 65 columns',
  )
})

test('the header in any case, in snake case and parted by semicolons or tabs is the same header', () => {
  const rows = (text: string) => {
    const reader = focusCsv.open(NOTHING_SAID)
    return [...reader.push(text), ...reader.end()]
  }
  const header = 'BilledCost,BillingCurrency,ChargePeriodStart,ChargeCategory,ChargeDescription,ProviderName'
  const row = '1.25,USD,2024-10-01,Usage,"a, b; c",AWS'
  const expected = rows(`${header}\n${row}\n`)
  expect(expected).toMatchObject([{ kind: 'cost', entryDate: '2024-10-01', item: 'a, b; c', provider: 'aws' }])
  const snake = header.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  expect(snake).toContain('charge_period_start')
  for (const other of [header.toLowerCase(), header.toUpperCase(), snake, `x_BilledCost,${header}`.slice(13)])
    expect([other, rows(`${other}\n${row}\n`)]).toEqual([other, expected])
  for (const delimiter of [';', '\t']) {
    const text = `${header}\n`.replaceAll(',', delimiter)
    expect(focusCsv.recognises(text)).not.toBeNull()
    expect(rows(`${text}${['1.25', 'USD', '2024-10-01', 'Usage', '"a, b; c"', 'AWS'].join(delimiter)}\n`)).toEqual(
      expected,
    )
  }
  // a decimal comma could be a thousands separator: refused, not guessed
  const german = rows(`${header.replaceAll(',', ';')}\n1,25;USD;2024-10-01;Usage;a;AWS\n`)
  expect(german.map(codeOf)).toEqual([['BilledCost', 'ingest.bad_amount']])
  expect(focusCsv.recognises('billed;charge;category')).toBeNull()
})

test('a column of the same name twice, and x_ columns of a FOCUS name, do not hide the first', () => {
  const reader = focusCsv.open(NOTHING_SAID)
  const header = 'x_BilledCost,BilledCost,billed_cost,ChargePeriodStart,ChargeCategory,BillingCurrency'
  const [row] = reader.push(`${header}\n9,1,8,2024-10-01,Usage,USD\n`)
  expect(exactText((row as CostDraft).billed)).toBe('1.00')
})

test('tags are read as JSON, as a list of keys and values, and as Python prints them; anything else is kept as it is', () => {
  const tags = (text: string) => draft({ Tags: text }).tags
  const expected = '{"env":"prod","team":"ml"}'
  for (const text of [
    '{"team": "ml", "env": "prod"}',
    "{'team': 'ml', 'env': 'prod'}",
    '[{"key": "team", "value": "ml"}, {"key": "env", "value": "prod"}]',
    "[{'Key': 'team', 'Value': 'ml'}, {'Key': 'env', 'Value': 'prod'}]",
  ])
    expect([text, tags(text)]).toEqual([text, expected])
  expect(tags(`{'it''s': "o'clock", 'spot': True, 'old': None, 'n': 3}`)).toBe(
    JSON.stringify({ tags: `{'it''s': "o'clock", 'spot': True, 'old': None, 'n': 3}` }),
  )
  expect(tags(`{"it's": "o'clock", 'spot': True, 'old': None, 'n': 3, 'path': 'a\\\\b'}`)).toBe(
    '{"it\'s":"o\'clock","n":"3","path":"a\\\\b","spot":"true"}',
  )
  for (const none of ['', 'NULL', 'null', '{}', '[]']) expect([none, tags(none)]).toEqual([none, ''])
  for (const odd of ["{'open: 1}", 'team=ml', '[1, 2]', '{team=ml}'])
    expect([odd, tags(odd)]).toEqual([odd, JSON.stringify({ tags: odd })])
})

test('billed in another currency at prices in dollars: the row’s own dollars, to the last digit; a virtual currency stays out', () => {
  const euros = {
    ...{ BillingCurrency: 'EUR', BilledCost: '9.20', EffectiveCost: '9.20', ListCost: '18.40', PricingCurrency: 'USD' },
    ...{ PricingCurrencyEffectiveCost: '10.0000001', PricingCurrencyListUnitPrice: '0.5', PricingQuantity: '40' },
  }
  const row = draft(euros)
  const texts = [row.billed, row.effective, row.list, row.billedInCurrency].map((amount) => amount && exactText(amount))
  expect(texts).toEqual(['10.0000001', '10.0000001', '20.00', '9.20'])
  expect(row.currency).toBe('EUR')
  // covered by a commitment: nothing billed
  const covered = draft({ ...euros, BilledCost: '0' })
  expect([exactText(covered.billed), exactText(covered.effective)]).toEqual(['0.00', '10.0000001'])
  // billed at another rate than amortised: no dollars can be told exactly
  expect(codeOf(one({ ...euros, BilledCost: '5' }))).toEqual(['BillingCurrency', 'ingest.no_rate'])
  expect(codeOf(one({ ...euros, PricingCurrencyEffectiveCost: 'NULL' }))).toEqual(['BillingCurrency', 'ingest.no_rate'])
  expect(codeOf(one({ ...euros, PricingCurrency: 'Token' }))).toEqual(['BillingCurrency', 'ingest.no_rate'])
  // the usual virtual currency: priced in tokens, billed in dollars
  const tokens = draft({ BilledCost: '490', PricingCurrency: 'Token', PricingCurrencyEffectiveCost: '245' })
  expect([exactText(tokens.billed), tokens.currency, tokens.billedInCurrency]).toEqual(['490.00', 'USD', null])
})

test('a correction is kept with its sign and brings no GPU time', () => {
  const hours = { ConsumedQuantity: '24', ConsumedUnit: 'GPU-Hours', SkuMeter: 'H100 GPU' }
  expect(draft(hours).capacityGpuSeconds).toBe(24 * 3600)
  const correction = draft({ ...hours, ChargeClass: 'Correction', BilledCost: '-3.5' })
  expect([exactText(correction.billed), correction.capacityGpuSeconds, correction.gpuType]).toEqual([
    '-3.50',
    null,
    'h100',
  ])
})

test('what Azure’s preview leaves empty: a list cost of 0 is not known, its own columns name service and SKU', () => {
  const list = (row: Record<string, string>) => {
    const { list: amount } = draft(row)
    return amount && exactText(amount)
  }
  expect(list({ BilledCost: '3', ListCost: '0' })).toBeNull()
  expect(list({ BilledCost: '0', EffectiveCost: '0.5', ListCost: '0.00' })).toBeNull()
  expect(list({ BilledCost: '0', ListCost: '0' })).toBe('0.00')
  expect(list({ BilledCost: '-3', ListCost: '0' })).toBe('0.00')
  expect(list({ BilledCost: '3', ListCost: '4' })).toBe('4.00')
  const azure = draft({
    ...{ ProviderName: 'Microsoft', ServiceName: '', ChargeDescription: '', x_SkuMeterCategory: 'Virtual Machines' },
    ...{ x_SkuDescription: 'NC24ads A100 v4', x_SkuDetails: '{"ServiceType": "Standard_NC24ads_A100_v4"}' },
  })
  expect(azure).toMatchObject({
    provider: 'azure',
    service: 'Virtual Machines',
    item: 'NC24ads A100 v4',
    gpuType: 'a100',
  })
  expect(azure.instanceType).toBe('Standard_NC24ads_A100_v4')
})

test('clouds are called what their jobs call them', () => {
  for (const [name, provider] of [
    ...[
      ['Amazon Web Services, Inc.', 'aws'] as const,
      ['Microsoft', 'azure'] as const,
      ['Google Cloud', 'gcp'] as const,
    ],
    ...[['Oracle', 'oci'] as const, ['CoreWeave', 'coreweave'] as const, ['constructor', 'constructor'] as const],
  ])
    expect([name, draft({ ProviderName: name }).provider]).toEqual([name, provider])
})
