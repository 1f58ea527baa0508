import { describe, expect, test } from 'vitest'
import { type ExactUsd, exactText } from '../../../db/units/money.ts'
import { gcpBillingCsv } from './gcp-billing-csv.ts'
import { gcpBillingNdjson } from './gcp-billing-ndjson.ts'
import type { CostDraft, ReadOptions, TextImporter } from './importer.ts'
import { NOTHING_SAID } from './testing.ts'

const open = (importer: TextImporter, text: string, said: Partial<ReadOptions> = {}) => {
  const reader = importer.open({ ...NOTHING_SAID, ...said })
  const rows = [...reader.push(text), ...reader.end()]
  return { rows, reader, costs: rows.filter((row): row is CostDraft => row.kind === 'cost') }
}
const text = (amount: ExactUsd | null | undefined) => (amount ? exactText(amount) : null)
const LINE = {
  ...{ billing_account_id: '0A', service: { description: 'Compute Engine' }, currency: 'USD', cost: 1, credits: [] },
  ...{ sku: { id: '039F', description: 'Nvidia Tesla A100 GPU running in Americas' }, project: { id: 'ml' } },
  ...{ usage_start_time: '2026-06-01 23:00:00 UTC', invoice: { month: '202606' }, cost_type: 'regular' },
  usage: { amount: 3600, unit: 'seconds', amount_in_pricing_units: 1, pricing_unit: 'hour' },
}
const line = (row: Record<string, unknown>, said?: Partial<ReadOptions>) =>
  open(gcpBillingNdjson, `${JSON.stringify({ ...LINE, ...row })}\n`, said)

describe('the BigQuery export as JSON', () => {
  test('usage 12.00 with a credit of 2.00 is 10.00 net, both visible, and only the usage brings GPU time', () => {
    const { costs } = line({ cost: 12.0, credits: [{ name: 'Committed use discount', amount: -2.0 }] })
    expect(costs.map((row) => [row.chargeCategory, text(row.billed), row.gpuType, row.capacityGpuSeconds])).toEqual([
      ['Usage', '12.00', 'a100', 3600],
      ['Credit', '-2.00', 'a100', null],
    ])
    expect(costs.map(({ line: at }) => at)).toEqual([1, 1])
  })

  test('a late row lands on the day of its usage and in the period of its invoice', () => {
    const { costs } = line({
      ...{ usage_start_time: '2026-05-31 23:00:00 UTC', export_time: '2026-06-03 09:00:00 UTC' },
      invoice: { month: '202606' },
    })
    expect(costs[0]).toMatchObject({ entryDate: '2026-05-31', billingPeriod: '2026-06-01', account: 'ml' })
  })

  test.each([
    ['2.933908', '2.933908'],
    ['0.30000000000000004', '0.30000000000000004'],
    ['1.2345678E7', '12345678.00'],
    ['1.5E-05', '0.000015'],
    ['-0.0', '0.00'],
    ['"3.10"', '3.10'],
    ['123456789.123456789', '123456789.123456789'],
  ])('cost %s is read as %s', (cost, amount) => {
    const whole = JSON.stringify(LINE).replace('"cost":1,', `"cost":${cost},`)
    expect(text(open(gcpBillingNdjson, whole).costs[0]?.billed)).toBe(amount)
  })

  test('another currency is divided by the line’s rate, to 18 digits; without one it is refused with its net', () => {
    const credits = [{ name: 'Trial', amount: -1 }]
    const { costs } = line({ cost: 10, currency: 'EUR', currency_conversion_rate: 0.9, credits })
    expect(costs.map((row) => [row.currency, text(row.billed), text(row.billedInCurrency)])).toEqual([
      ['EUR', '11.111111111111111111', '10.00'],
      ['EUR', '-1.111111111111111111', '-1.00'],
    ])
    const [refused, ...others] = line({ cost: 10, currency: 'EUR', credits }).rows
    expect(refused).toMatchObject({ kind: 'refused', code: 'ingest.no_rate', billed: { digits: 9n } })
    expect(others).toEqual([])
  })

  test('a refused line is kept whole, and with the frame around it is a file', () => {
    const { rows, reader } = line({ currency: 'EUR', credits: [{ name: 'Trial', amount: -1 }] })
    const [refused] = rows
    const frame = reader.frame?.()
    const again = `${frame?.before}${refused?.kind === 'refused' ? refused.record : ''}${frame?.after}`
    const { costs } = open(gcpBillingNdjson, again, { usdPerUnit: () => ({ digits: 2n, scale: 0 }) })
    expect(costs.map((row) => text(row.billed))).toEqual(['2.00', '-2.00'])
  })

  test('labels of the resource win over those of its project, beside Google’s own', () => {
    const { costs } = line({
      labels: [{ key: 'team', value: 'vision' }],
      system_labels: [{ key: 'compute.googleapis.com/cores', value: '12' }],
      project: {
        id: 'ml',
        labels: [
          { key: 'team', value: 'shared' },
          { key: 'cost', value: '42' },
        ],
      },
    })
    expect(costs[0]?.tags).toBe('{"compute.googleapis.com/cores":"12","cost":"42","team":"vision"}')
  })

  test.each([
    ['regular', 'Usage', 3600],
    ['tax', 'Tax', null],
    ['adjustment', 'Adjustment', null],
    ['rounding_error', 'Adjustment', null],
  ])('cost type %s is %s', (cost_type, category, seconds) => {
    expect(line({ cost_type }).costs[0]).toMatchObject({ chargeCategory: category, capacityGpuSeconds: seconds })
  })

  test.each([
    ['Nvidia H100 80GB GPU attached to Spot Preemptible VMs running in Americas', 'h100', 3600, 'Dynamic'],
    ['Commitment v1: Nvidia A100 in Americas for 1 Year', 'a100', null, 'Committed'],
    ['Licensing Fee for NVIDIA RTX Virtual Workstation A100', '', null, 'Standard'],
    ['A2 Instance Core running in Americas', '', null, 'Standard'],
  ])('the SKU "%s" is GPU "%s" with %s seconds', (description, gpuType, seconds, pricing) => {
    const [row] = line({ sku: { description } }).costs
    expect([row?.gpuType, row?.capacityGpuSeconds, row?.pricingCategory]).toEqual([gpuType, seconds, pricing])
  })

  test('GPU-seconds count where there is no price by the hour', () => {
    const usage = { amount: '5400', unit: 'seconds', amount_in_pricing_units: null, pricing_unit: null }
    expect(line({ usage }).costs[0]?.capacityGpuSeconds).toBe(5400)
  })

  test('a JSON array, flattened names and broken first lines are read too', () => {
    const { service: _, sku: __, ...rest } = LINE
    const flat = { ...rest, service_description: 'Compute Engine', 'sku.description': 'A2 Instance Ram' }
    expect(open(gcpBillingNdjson, JSON.stringify([LINE, flat], null, 1)).costs).toHaveLength(2)
    expect(open(gcpBillingNdjson, `{"cut\n${JSON.stringify(flat)}`).rows.map(({ kind }) => kind)).toEqual([
      'refused',
      'cost',
    ])
  })
})

describe('the console’s cost table', () => {
  const HEADER =
    'Billing account ID,Project ID,Service description,SKU description,Credit type,Cost type,Usage start date,Usage amount,Usage unit'
  const GPU = '0A,ml,Compute Engine,Nvidia Tesla A100 GPU running in Americas'
  const read = (above: string, cost: string, ...rows: string[]) =>
    open(gcpBillingCsv, `${above}${HEADER},${cost}\n${rows.join('\n')}\n`)

  test('the currency and its rate are those above the header, whatever sign the columns have', () => {
    const above = 'Invoice date,2026-08-31\nCurrency,AUD\nCurrency exchange rate,1.6\nTotal amount due,"$1,000.00"\n'
    const [row] = read(above, 'Unrounded cost ($)', `${GPU},,Usage,2026-07-31,"1,265.5",hour,"1,600.00"`).costs
    expect([row?.currency, text(row?.billed), text(row?.billedInCurrency)]).toEqual(['AUD', '1000.00', '1600.00'])
    expect([row?.entryDate, row?.billingPeriod, row?.capacityGpuSeconds]).toEqual([
      '2026-07-31',
      '2026-08-01',
      4_555_800,
    ])
  })

  test('without them a dollar sign is no currency, since it is on the bills of several', () => {
    const row = `${GPU},,Usage,2026-07-31,1,hour,5`
    expect(read('', 'Cost ($)', row).rows[0]).toMatchObject({ code: 'ingest.no_currency', billed: { digits: 5n } })
    expect(read('', 'Cost (USD)', row).costs).toHaveLength(1)
    expect(read('', 'Cost (€)', row).rows[0]).toMatchObject({ code: 'ingest.no_rate' })
  })

  test('the unrounded amount is read, or the rounded one where it is missing', () => {
    const rows = [`${GPU},,Usage,2026-07-01,1,hour,1.005,1.01`, `${GPU},,Usage,2026-07-01,1,hour,,2.50`]
    expect(read('Currency,USD\n', 'Unrounded Cost ($),Cost ($)', ...rows).costs.map((row) => text(row.billed))).toEqual(
      [...['1.005', '2.50']],
    )
  })

  test('totals at the end are no records, and a difference to the rows is said', () => {
    const rows = (total: string) => [
      `${GPU},,Usage,2026-07-01,1,hour,7.004`,
      `${GPU},Promotional credit,Usage,2026-07-01,1,hour,-2`,
      ',,,,,Rounding error,,,,-0.004',
      `,,,,,Total,,,,${total}`,
    ]
    const whole = read('Currency,USD\n', 'Cost ($)', ...rows('5.00'))
    expect(whole.rows.map(({ kind }) => kind)).toEqual(['cost', 'cost', 'skipped', 'skipped'])
    expect(whole.costs.map(({ chargeCategory }) => chargeCategory)).toEqual(['Usage', 'Credit'])
    expect(whole.reader.about?.()).toContain('its total 5.00 is the sum of its rows, with -0.004 of rounding')
    expect(read('Currency,USD\n', 'Cost ($)', ...rows('6.00')).reader.about?.()).toContain('differs from the sum')
  })

  test('tax has no usage and counts on the invoice’s date', () => {
    const { costs } = read('Currency,USD\nInvoice date,2026-07-31\n', 'Cost ($)', '0A,ml,Invoice,,,Tax,,,,3')
    expect(costs[0]).toMatchObject({ chargeCategory: 'Tax', entryDate: '2026-07-31', item: 'Tax' })
  })

  test('a cost report by day or month is read, its subtotal being what is due', () => {
    const report = (start: string, thing: string, values: string) =>
      open(
        gcpBillingCsv,
        `${start},${thing},List cost (€),Other savings (€),Unrounded subtotal (€),Subtotal (€)\n${values},10,-2,7.5,7.50\n`,
        { usdPerUnit: () => ({ digits: 2n, scale: 0 }) },
      ).costs.map((row) => [row.entryDate, row.billingPeriod, text(row.billed), text(row.list), row.account, row.tags])
    expect(report('Date', 'Project ID', '2026-08-15,ml')).toEqual([
      ...[['2026-08-15', '2026-08-01', '15.00', '20.00', 'ml', '']],
    ])
    expect(report('Month', 'Label', '2026-08,team:ml')).toEqual([
      ...[['2026-08-01', '2026-08-01', '15.00', '20.00', '', '{"team":"ml"}']],
    ])
  })

  test('a table without days counts on the first day of its invoice’s month', () => {
    const above = 'Billing account ID,0A\nInvoice month,202607\nCurrency,USD\nTotal amount due,"$1,000.00"\n'
    const header = 'Project ID,Service description,SKU description,Cost type,Unrounded cost ($),Cost ($)\n'
    const { costs, reader } = open(gcpBillingCsv, `${above}${header}ml,Compute Engine,N2 Core,regular,120,120\n`)
    expect(costs[0]).toMatchObject({ entryDate: '2026-07-01', billingPeriod: '2026-07-01', billingAccount: '0A' })
    expect(reader.about?.()).toContain('amount due is 1000.00')
  })

  test('the BigQuery export as CSV is read like its JSON', () => {
    const header =
      'billing_account_id,service.description,sku.description,usage_start_time,cost,currency,credits,labels,invoice.month,cost_type,usage.amount,usage.unit'
    const row = `0A,Compute Engine,Nvidia L4 GPU,2026-06-01 00:00:00 UTC,12,USD,"[{""name"":""Trial"",""amount"":-2.0}]","[{""key"":""team"",""value"":""ml""}]",202606,regular,3600,seconds`
    for (const names of [header, header.replaceAll('.', '_').toUpperCase()]) {
      expect(gcpBillingCsv.recognises(`${names}\n`)).not.toBeNull()
      const { costs } = open(gcpBillingCsv, `${names}\n${row}\n`)
      expect(costs.map((cost) => [text(cost.billed), cost.gpuType, cost.tags, cost.capacityGpuSeconds])).toEqual([
        ['12.00', 'l4', '{"team":"ml"}', 3600],
        ['-2.00', 'l4', '{"team":"ml"}', null],
      ])
    }
  })

  test('a report without days is refused whole, as its costs have no place in time', () => {
    expect(() =>
      open(gcpBillingCsv, 'Service description,Service ID,Cost ($),Subtotal ($)\nCompute Engine,6F81,1,1\n'),
    ).toThrow(/Usage start date/)
  })
})
