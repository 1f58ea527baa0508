/**
 * What the made-up company is billed beside its pools: workbenches, machines without GPUs, notebooks on
 * GPUs that the bill does not name, disks and traffic, with accounts, hours, SKUs, tags and list prices, as a FOCUS export has them.
 */
import { addDays, type Day, startOf } from '../db/units/time.ts'
import { demoDays, hoursOf, randomFor } from './demo.ts'

const COLUMNS = [
  ...['BilledCost', 'BillingAccountId', 'BillingCurrency', 'BillingPeriodStart', 'BillingPeriodEnd', 'ChargeCategory'],
  ...['ChargeDescription', 'ChargePeriodStart', 'ChargePeriodEnd', 'ConsumedQuantity', 'ConsumedUnit', 'EffectiveCost'],
  ...['InvoiceIssuerName', 'ListCost', 'PricingCategory', 'ProviderName', 'RegionId', 'ServiceCategory', 'ServiceName'],
  ...['SkuId', 'SkuPriceDetails', 'SubAccountId', 'Tags'],
] as const

type Line = {
  item: string
  service: string
  category: string
  sku: string
  instanceType: string
  gpus: number
  unit: 'Hours' | 'GB'
  /** Of a day, and what a unit costs in cents. */
  quantity: number
  cents: number
  /** What is paid of the list price. */
  paidShare: number
  account: string
  region: string
  team: string
}

const EC2 = { service: 'Amazon Elastic Compute Cloud', category: 'Compute' }
const LINES: readonly Line[] = [
  {
    ...{
      ...EC2,
      item: 'g6e.2xlarge workbench hour',
      sku: 'G6E2XL',
      instanceType: 'g6e.2xlarge',
      gpus: 1,
      unit: 'Hours',
    },
    ...{
      quantity: 72,
      cents: 224,
      paidShare: 0.72,
      account: '210000000001',
      region: 'us-east-1',
      team: 'applied-research',
    },
  },
  {
    ...{
      ...EC2,
      item: 'g6e.2xlarge workbench hour',
      sku: 'G6E2XL',
      instanceType: 'g6e.2xlarge',
      gpus: 1,
      unit: 'Hours',
    },
    ...{ quantity: 48, cents: 246, paidShare: 1, account: '210000000002', region: 'eu-central-1', team: 'vision' },
  },
  {
    ...{
      ...EC2,
      item: 'm7i.8xlarge data loader hour',
      sku: 'M7I8XL',
      instanceType: 'm7i.8xlarge',
      gpus: 0,
      unit: 'Hours',
    },
    ...{
      quantity: 144,
      cents: 161,
      paidShare: 0.68,
      account: '210000000001',
      region: 'us-east-1',
      team: 'search-ranking',
    },
  },
  {
    // Its line does not say which GPU: it waits on the page of GPU rules for somebody who knows.
    ...{ service: 'Amazon SageMaker', category: 'AI and Machine Learning', item: 'GPU notebook hour', sku: 'SMNBGPU' },
    ...{ instanceType: '', gpus: 0, unit: 'Hours', quantity: 40, cents: 320, paidShare: 1 },
    ...{ account: '210000000002', region: 'us-east-1', team: 'speech' },
  },
  {
    ...{ service: 'Amazon Simple Storage Service', category: 'Storage', item: 'Standard storage', sku: 'S3STD' },
    ...{ instanceType: '', gpus: 0, unit: 'GB', quantity: 84_000, cents: 0.077, paidShare: 1 },
    ...{ account: '210000000001', region: 'us-east-1', team: 'foundation-models' },
  },
  {
    ...{ service: 'AWS Data Transfer', category: 'Networking', item: 'Transfer to the internet', sku: 'DTOUT' },
    ...{ instanceType: '', gpus: 0, unit: 'GB', quantity: 950, cents: 8, paidShare: 1 },
    ...{ account: '210000000002', region: 'us-east-1', team: '' },
  },
]

/** The bill as FOCUS CSV, of the days of the demo: none of the documented fortnight. Of today the whole hours that are over at `now`. */
export async function* demoBill(today: Day, now = startOf(addDays(today, 1))): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\n`
  for (const day of demoDays(today))
    for (const [index, line] of LINES.entries()) {
      const hours = hoursOf(day, now)
      const partial = { ...line, quantity: (line.quantity * hours) / 24 }
      if (hours > 0) yield rowOf(day, partial, randomFor(`${day} ${index} focus`)())
    }
}

function rowOf(day: Day, line: Line, luck: number): string {
  const quantity = Math.round(line.quantity * (0.85 + luck * 0.3) * 100) / 100
  const list = Math.round(quantity * line.cents)
  const paid = Math.round(list * line.paidShare)
  const first = `${day.slice(0, 7)}-01` as Day
  const next = `${addDays(first, 31).slice(0, 7)}-01`
  const details = {
    ...(line.instanceType && { InstanceType: line.instanceType }),
    ...(line.gpus && { GpuCount: line.gpus }),
  }
  const values: Record<(typeof COLUMNS)[number], string> = {
    ...{ BilledCost: usd(paid), EffectiveCost: usd(paid), ListCost: usd(list), BillingCurrency: 'USD' },
    ...{ BillingAccountId: '200000000000', SubAccountId: line.account, RegionId: line.region },
    ...{ BillingPeriodStart: `${first}T00:00:00Z`, BillingPeriodEnd: `${next}T00:00:00Z` },
    ...{ ChargePeriodStart: `${day}T00:00:00Z`, ChargePeriodEnd: `${addDays(day, 1)}T00:00:00Z` },
    ...{
      ChargeCategory: 'Usage',
      ChargeDescription: line.item,
      PricingCategory: line.paidShare < 1 ? 'Committed' : 'Standard',
    },
    ...{ ConsumedQuantity: `${quantity}`, ConsumedUnit: line.unit, InvoiceIssuerName: 'Amazon Web Services, Inc.' },
    ...{ ProviderName: 'AWS', ServiceCategory: line.category, ServiceName: line.service, SkuId: line.sku },
    SkuPriceDetails: Object.keys(details).length > 0 ? JSON.stringify(details) : '',
    Tags: line.team ? JSON.stringify({ team: line.team, node: `node-${1 + Math.floor(luck * 6)}` }) : '',
  }
  return `${COLUMNS.map((name) => cell(values[name])).join(',')}\n`
}

function usd(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

function cell(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
