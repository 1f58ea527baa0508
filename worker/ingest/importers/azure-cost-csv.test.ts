import { describe, expect, test } from 'vitest'
import { exactText } from '../../../db/units/money.ts'
import { azureCostCsv } from './azure-cost-csv.ts'
import type { CostDraft, ReadOptions, Row } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'

const open = (text: string, said: Partial<ReadOptions> = {}) => {
  const reader = azureCostCsv.open({ ...NOTHING_SAID, ...said })
  const rows = [...reader.push(text), ...reader.end()]
  return { rows, reader, costs: rows.filter((row): row is CostDraft => row.kind === 'cost') }
}
/** One row of the columns that are given. */
const table = (row: Record<string, string>) =>
  `${Object.keys(row).join(',')}\n${Object.values(row)
    .map((text) => `"${text.replaceAll('"', '""')}"`)
    .join(',')}\n`
const EA = { Date: '09/04/2023', MeterCategory: 'Virtual Machines', Cost: '1.5', BillingCurrency: 'USD' }
const first = (row: Record<string, string>, said?: Partial<ReadOptions>) => open(table({ ...EA, ...row }), said).rows[0]
const days = (rows: readonly Row[]) => rows.map((row) => (row.kind === 'cost' ? row.entryDate : row.kind))

describe('headers', () => {
  test.each([
    ['EA', 'Date,MeterCategory,CostInBillingCurrency,BillingCurrencyCode'],
    ['lower case', 'date,metercategory,costinbillingcurrency,billingcurrency'],
    ['pay as you go', 'UsageDateTime,MeterCategory,PreTaxCost,Currency'],
    ['the EA portal’s report', 'Date,Meter Category,ExtendedCost,Currency Code'],
    [
      'a German portal',
      'UsageDateTime (UsageDateTime),Kategorie der Verbrauchseinheit (MeterCategory),PreTaxCost (PreTaxCost),Währung (Currency)',
    ],
    [
      'a German portal',
      'Datum (Date),Kategorie der Verbrauchseinheit (MeterCategory),Kosten (Cost),Währung (Currency)',
    ],
    ['translated names alone', 'Datum,Kategorie der Verbrauchseinheit,Kosten,Währung'],
    ['translated names alone', 'Date,Catégorie du compteur,ExtendedCost,Devise'],
    ['translated names alone', 'Date,Categoría de medidor,ExtendedCost,Moneda'],
    ['translated names alone', '日付,測定カテゴリ,ExtendedCost,通貨コード'],
  ])('%s: %s', (_name, header) => {
    const file = `${header}\n2021-02-02,Storage,0.000000000000000000000012,USD\n`
    expect(azureCostCsv.recognises(file)).toContain('Azure')
    const [row] = open(file).costs
    expect([row?.entryDate, row?.service, exactText(row?.billed ?? { digits: 0n, scale: 0 })]).toEqual([
      ...['2021-02-02', 'Storage', '0.000000000000000000000012'],
    ])
  })

  test('of two columns that mean the same the better one is read, whatever their order', () => {
    const header = 'Cost,CostInBillingCurrency,Date,MeterCategory,BillingCurrency,SubscriptionId,SubscriptionGuid'
    const [row] = open(`${header}\n1,2,2023-09-04,Storage,USD,77,sub-guid\n`).costs
    expect([row?.billed, row?.account]).toEqual([{ digits: 2n, scale: 0 }, 'sub-guid'])
  })

  test('lines above the header are passed over, and lines are counted from the first of them', () => {
    const report = 'Usage Data Extract,,,\nEnrollment Number,100,,\n\nDate,Meter Category,ExtendedCost,Currency\n'
    const { costs } = open(`${report}9/21/2023,Storage,2,USD\n`)
    expect([costs[0]?.line, costs[0]?.entryDate]).toEqual([5, '2023-09-21'])
  })

  test('the table that the cost analysis page downloads is read', () => {
    const [row] = open('UsageDate,ServiceName,CostUSD,Cost,Currency\n2026-02-01,Storage,10.8,10,EUR\n').costs
    expect(row).toMatchObject({ currency: 'EUR', billed: { digits: 108n, scale: 1 }, service: 'Storage' })
    expect(row?.billedInCurrency).toEqual({ digits: 10n, scale: 0 })
  })
})

describe('dates', () => {
  const file = (...rows: string[]) =>
    `Date,BillingPeriodEndDate,MeterCategory,Cost,BillingCurrency\n${rows.join('\n')}\n`

  test('are month first unless the file proves otherwise', () => {
    expect(days(open(file('9/4/2023,,Storage,1,USD', '4/9/23,,Storage,1,USD')).rows)).toEqual([
      '2023-09-04',
      '2023-04-09',
    ])
  })

  test('the end of the billing period proves the order for the whole file, before its first row is read', () => {
    const rows = ['9/4/2023,30/04/2023,Storage,1,USD', '04/09/2023,,Storage,1,USD', '04/13/2023,,Storage,1,USD']
    const { rows: read, reader } = open(file(...rows))
    expect(days(read)).toEqual(['2023-04-09', '2023-09-04', 'refused'])
    expect(reader.about?.()).toContain('day first')
  })

  test('rows that could be either wait for the first that proves it', () => {
    const rows = ['1/2/2023,,Storage,1,USD', '2/2/2023,,Storage,1,USD', '13/2/2023,,Storage,1,USD']
    expect(days(open(file(...rows)).rows)).toEqual(['2023-02-01', '2023-02-02', '2023-02-13'])
  })

  test('the month and day columns of the old report prove it too', () => {
    const header = 'Date,Month,Day,Year,MeterCategory,Cost,BillingCurrency\n'
    expect(days(open(`${header}04/09/2023,9,4,2023,Storage,1,USD\n`).rows)).toEqual(['2023-09-04'])
  })

  test.each([
    ['2023-09-04T00:00:00Z', '2023-09-04'],
    ['09/04/2023 12:00:00 AM', '2023-09-04'],
    ['20230904', '2023-09-04'],
    ['04.09.2023', '2023-09-04'],
    ['13/32/2023', 'refused'],
    ['yesterday', 'refused'],
  ])('%s is %s', (date, day) => {
    expect(days([first({ Date: date }) as Row])).toEqual([day])
  })

  test('a refused row, kept for another try, keeps its day', () => {
    const { rows, reader } = open(file('9/4/2023,30/04/2023,Storage,1,CAD'))
    const [refused] = rows
    const record = refused?.kind === 'refused' ? refused.record : ''
    const frame = reader.frame?.()
    const usdPerUnit = () => ({ digits: 75n, scale: 2 })
    const again = open(`${frame?.before}${record}${frame?.after}`, { usdPerUnit })
    expect(again.costs[0]).toMatchObject({
      entryDate: '2023-04-09',
      billed: { digits: 75n, scale: 2 },
      currency: 'CAD',
    })
  })
})

describe('GPU time', () => {
  const said = { recogniseGpu: () => ({ gpuType: 'a100', gpuCount: 8 }) }
  const gpu = (row: Record<string, string>) => {
    const draft = first({ Quantity: '24', UnitOfMeasure: '1 Hour', ...row }, said) as CostDraft
    return [draft.gpuType, draft.capacityGpuSeconds]
  }
  const info = (usage: string) => ({ AdditionalInfo: `{"ServiceType":"Standard_ND96asr_v4","UsageType":"${usage}"}` })

  test('is the machine’s hours times its GPUs', () => {
    expect(gpu(info('ComputeHR'))).toEqual(['a100', 691_200]) // 24 h × 8 × 3600
    expect(gpu({ UnitOfMeasure: 'Hours', Quantity: '5E-1' })).toEqual(['a100', 14_400])
  })

  test('is absent where the unit is a block of hours, which some files count as hours', () => {
    for (const unit of ['10 Hours', '100 Hours', '1 Month', ''])
      expect(gpu({ ...info('ComputeHR'), UnitOfMeasure: unit })).toEqual(['a100', null])
  })

  test('is not on rows of a GPU machine’s software, traffic or licence, which do not name the machine', () => {
    const asked: string[] = []
    const recogniseGpu = ({ instanceType }: { instanceType: string }) => {
      asked.push(instanceType)
      return instanceType === '' ? null : { gpuType: 'a100', gpuCount: 8 }
    }
    for (const row of [info('ComputeHR_SW'), info('DataTrOut'), { MeterCategory: 'Virtual Machines Licenses' }])
      expect(first({ Quantity: '24', UnitOfMeasure: '1 Hour', ...row }, { recogniseGpu })).toMatchObject({
        ...{ gpuType: '', instanceType: '', usageSeconds: null },
      })
    expect(asked).toEqual(['', '', ''])
  })

  test('is not on purchases, refunds and unused reservations, whose cost stays with the GPU', () => {
    for (const ChargeType of ['Purchase', 'Refund', 'UnusedReservation', 'UnusedSavingsPlan'])
      expect(gpu({ ChargeType })).toEqual(['a100', null])
  })
})

describe('other currencies', () => {
  const MCA = {
    BillingCurrency: 'EUR',
    pricingCurrency: 'USD',
    Cost: '92',
    costInUsd: '',
    exchangeRatePricingToBilling: '',
  }
  const amounts = (row: Record<string, string>, options?: Partial<ReadOptions>) => {
    const draft = first({ ...MCA, ...row }, options)
    if (draft?.kind !== 'cost') return draft?.kind === 'refused' ? [draft.code, exactText(draft.billed as never)] : []
    return [draft.currency, exactText(draft.billed), exactText(draft.billedInCurrency as never)]
  }

  test('are stored in the dollars that the row states', () => {
    expect(amounts({ costInUsd: '100.5' })).toEqual(['EUR', '100.50', '92.00'])
    expect(amounts({ costInPricingCurrency: '99' })).toEqual(['EUR', '99.00', '92.00'])
  })

  test('are else divided by the row’s rate, to 18 digits, half to even', () => {
    expect(amounts({ exchangeRatePricingToBilling: '0.92' })).toEqual(['EUR', '100.00', '92.00'])
    // 92 ÷ 0.93 = 98.92473118279569892473…
    expect(amounts({ exchangeRatePricingToBilling: '0.93' })).toEqual(['EUR', '98.924731182795698925', '92.00'])
  })

  test('are else converted by the administrator’s rate, or refused with their amount', () => {
    const usdPerUnit = () => ({ digits: 11n, scale: 1 })
    expect(amounts({}, { usdPerUnit })).toEqual(['EUR', '101.20', '92.00'])
    expect(amounts({ pricingCurrency: 'GBP', exchangeRatePricingToBilling: '2' })).toEqual(['ingest.no_rate', '92.00'])
    expect(amounts({})).toEqual(['ingest.no_rate', '92.00'])
  })
})

test.each([
  ['Usage', 'OnDemand', 'Usage', 'Standard'],
  ['Usage', 'SavingsPlan', 'Usage', 'Committed'],
  ['usage', 'Spot', 'Usage', 'Dynamic'],
  ['', '', 'Usage', ''],
  ['Purchase', 'Reservation', 'Purchase', 'Committed'],
  ['Refund', '', 'Adjustment', ''],
  ['UnusedReservation', 'Reservation', 'Usage', 'Committed'],
  ['UnusedSavingsPlan', 'SavingsPlan', 'Usage', 'Committed'],
  ['RoundingAdjustment', '', 'Adjustment', ''],
  ['Tax', '', 'Tax', ''],
])('charge type "%s" and pricing model "%s" are "%s" and "%s"', (ChargeType, PricingModel, charge, pricing) => {
  expect(first({ ChargeType, PricingModel })).toMatchObject({ chargeCategory: charge, pricingCategory: pricing })
})

test.each([
  ['"team": "ml","env": "prod"', '{"env":"prod","team":"ml"}'],
  ['{"team": "ml", "id": 12345678901234567890}', '{"id":"12345678901234567890","team":"ml"}'],
  ['', ''],
  ['{}', ''],
  ['team=ml', '{"tags":"team=ml"}'],
])('tags %s are stored as %s', (Tags, tags) => {
  expect(first({ Tags })).toMatchObject({ tags })
})

test('an amortised file is told by its rows, and its one amount is both billed and effective', () => {
  const { rows, reader } = open(
    table({ ...EA, PartNumber: 'A', ChargeType: 'UnusedReservation', PricingModel: 'Reservation' }),
  )
  expect(reader.about?.()).toMatch(/^Azure cost details, EA, amortised/)
  expect(rows[0]).toMatchObject({ billed: { digits: 15n, scale: 1 }, effective: { digits: 15n, scale: 1 } })
  const actual = open(table({ ...EA, ChargeType: 'Purchase', PricingModel: 'Reservation' }))
  expect(actual.reader.about?.()).toBe('Azure cost details, actual')
})
