import { type ExactUsd, ZERO_EXACT } from '../../../db/units/money.ts'
import { multiplyExact, readAmount, readBillTime } from './amounts.ts'
import { chargeOf } from './charge.ts'
import { dirtyTags } from './dirty-tags.ts'
import { HELIOX_COLUMNS, helioxCharge } from './heliox-focus.ts'
import type { BilledGpu, BilledThing, CostDraft, ReadOptions, Refused } from './importer.ts'
import { remembered } from './remembered.ts'

/** Without these it is no FOCUS file. */
export const FOCUS_NEEDED = ['BilledCost', 'ChargePeriodStart', 'ChargeCategory'] as const

/** The columns that are read; all others pass unread. */
export const FOCUS_READ = [
  ...FOCUS_NEEDED,
  ...([
    'ChargePeriodEnd',
    'EffectiveCost',
    'ListCost',
    'BillingCurrency',
    'BillingPeriodStart',
    'ServiceProviderName',
  ] as const),
  ...(['ProviderName', 'PublisherName', 'InvoiceIssuerName', 'BillingAccountId', 'SubAccountId'] as const),
  ...(['RegionId', 'RegionName', 'ServiceName', 'ServiceCategory', 'SkuId', 'SkuPriceId', 'SkuMeter'] as const),
  ...(['SkuPriceDetails', 'ChargeDescription', 'ChargeClass', 'PricingCategory', 'PricingQuantity'] as const),
  ...(['PricingUnit', 'ConsumedQuantity', 'ConsumedUnit', 'ResourceType', 'Tags', 'PricingCurrency'] as const),
  ...(['PricingCurrencyEffectiveCost', 'PricingCurrencyListUnitPrice'] as const),
  // Azure's own, which say what its preview leaves empty
  ...(['x_SkuMeterCategory', 'x_SkuMeterName', 'x_SkuDescription', 'x_SkuDetails'] as const),
  ...HELIOX_COLUMNS,
] as const
export type FocusColumn = (typeof FOCUS_READ)[number]

/** A column's text, '' for null. */
export type FocusCells = (name: FocusColumn) => string

/** What clouds call themselves in their FOCUS exports, in Heliox's words: the bill must meet the jobs it paid for. */
const CLOUDS: Record<string, string> = {
  'amazon web services': 'aws',
  'amazon web services, inc.': 'aws',
  microsoft: 'azure',
  'microsoft azure': 'azure',
  'microsoft corporation': 'azure',
  'google cloud': 'gcp',
  'google cloud platform': 'gcp',
  oracle: 'oci',
  'oracle cloud': 'oci',
  'oracle cloud infrastructure': 'oci',
}

const COLUMNS = {
  ...{ provider: 'ProviderName', billingAccount: 'BillingAccountId', account: 'SubAccountId', region: 'RegionId' },
  ...{ service: 'ServiceName', sku: 'SkuPriceId', instanceType: 'SkuPriceDetails', currency: 'BillingCurrency' },
  ...{ chargeCategory: 'ChargeCategory', pricingCategory: 'PricingCategory', tags: 'Tags' },
}

/** A cell's text, '' for each of the ways in which FOCUS files say null. */
export function focusText(cell: string): string {
  const text = cell.trim()
  return text === 'NULL' || text === 'null' ? '' : text
}

/**
 * What reads the rows of one FOCUS file. A charge counts on the day its period starts. Credits, refunds and corrections
 * are kept with their sign; a correction brings no GPU time, as its quantity may repeat what was counted before. A row
 * billed in another currency is in US dollars by its own amounts if its prices are in them, else by a dated rate.
 */
export function focusCharges(options: ReadOptions): (line: number, get: FocusCells) => CostDraft | Refused {
  const readTime = remembered(readBillTime)
  const tagsOf = remembered(dirtyTags)
  const providerOf = remembered((text: string) => {
    const name = text.trim().toLowerCase()
    return (Object.hasOwn(CLOUDS, name) ? CLOUDS[name] : undefined) ?? name
  })
  const instanceTypeOf = remembered(instanceTypeIn)
  const recogniseGpu = rememberedGpu(options)
  const remembering = { ...options, recogniseGpu }
  const inPricingCurrency = { ...remembering, usdPerUnit: () => ONE }
  return (line, get) => {
    if (get('x_HelioxExport') !== '') return helioxCharge(line, get, options)
    const billed = ['BilledCost', get('BilledCost')] as const
    const effective = ['EffectiveCost', get('EffectiveCost')] as const
    const currency = get('BillingCurrency')
    const category = get('ChargeCategory')
    const isConsumed = get('ConsumedUnit') !== ''
    const details = get('SkuPriceDetails') || get('x_SkuDetails')
    const said = {
      ...{ billed, effective, list: ['ListCost', listOf(get, billed[1], effective[1])] as const },
      currency: ['BillingCurrency', currency] as const,
      start: ['ChargePeriodStart', get('ChargePeriodStart')] as const,
      end: ['ChargePeriodEnd', get('ChargePeriodEnd')] as const,
      period: ['BillingPeriodStart', get('BillingPeriodStart')] as const,
      readTime,
      provider: providerOf(
        get('ServiceProviderName') || get('ProviderName') || get('PublisherName') || get('InvoiceIssuerName'),
      ),
      billingAccount: get('BillingAccountId'),
      account: get('SubAccountId'),
      region: get('RegionId') || get('RegionName'),
      service: get('ServiceName') || get('x_SkuMeterCategory'),
      sku: get('SkuPriceId') || get('SkuId'),
      item: get('ChargeDescription') || get('x_SkuDescription'),
      instanceType: details === '' ? '' : instanceTypeOf(details),
      chargeCategory: category,
      pricingCategory: get('PricingCategory'),
      tags: tagsOf(get('Tags')),
      serviceCategory: get('ServiceCategory'),
      resourceType: get('ResourceType'),
      skuMeter: get('SkuMeter') || get('x_SkuMeterName'),
      skuPriceDetails: details,
      quantity: isConsumed ? get('ConsumedQuantity') : get('PricingQuantity'),
      unit: isConsumed ? get('ConsumedUnit') : get('PricingUnit'),
      isUsage: category === 'Usage' && get('ChargeClass') !== 'Correction',
      columns: COLUMNS,
    }
    if (currency === 'USD' || currency === '' || get('PricingCurrency').toUpperCase() !== 'USD')
      return chargeOf(line, said, remembering)
    const own = ownDollars(get)
    return own ? inDollars(chargeOf(line, said, inPricingCurrency), own) : chargeOf(line, said, remembering)
  }
}

const ONE: ExactUsd = { digits: 1n, scale: 0 }

/** Azure's preview says a list cost of 0 for what it has no price of; nothing that costs something is free at list. */
function listOf(get: FocusCells, billed: string, effective: string): string {
  const list = get('ListCost')
  if (list === '' || readAmount(list)?.digits !== 0n) return list
  const costs = (readAmount(billed)?.digits ?? 0n) > 0n || (readAmount(effective)?.digits ?? 0n) > 0n
  return costs ? '' : list
}

type Dollars = { billed: ExactUsd; effective: ExactUsd; list: ExactUsd | null }

/**
 * A row's amounts in US dollars where its prices are in them and the invoice is not. The effective cost stands there; the
 * billed one is the same where the row says so in its own currency, or nothing. Null: it cannot be told exactly.
 */
function ownDollars(get: FocusCells): Dollars | null {
  const effective = readAmount(get('PricingCurrencyEffectiveCost'))
  const billedThere = readAmount(get('BilledCost'))
  if (!effective || !billedThere) return null
  const there = get('EffectiveCost') === '' ? billedThere : readAmount(get('EffectiveCost'))
  if (!there) return null
  const isSame = multiplyExact(billedThere, scaleOf(there)).digits === multiplyExact(there, scaleOf(billedThere)).digits
  const billed = billedThere.digits === 0n ? ZERO_EXACT : isSame ? effective : null
  if (!billed) return null
  const price = readAmount(get('PricingCurrencyListUnitPrice'))
  const quantity = readAmount(get('PricingQuantity'))
  return { billed, effective, list: price && quantity ? multiplyExact(price, quantity) : null }
}

/** 10^scale, to bring two amounts to one scale. */
function scaleOf({ scale }: ExactUsd): ExactUsd {
  return { digits: 10n ** BigInt(scale), scale: 0 }
}

function inDollars(row: CostDraft | Refused, own: Dollars): CostDraft | Refused {
  return row.kind === 'refused' ? row : { ...row, ...own }
}

/** The instance type that SkuPriceDetails (or Azure's x_SkuDetails) names, '' for none. */
function instanceTypeIn(details: string): string {
  try {
    const { InstanceType, ServiceType } = (JSON.parse(details) ?? {}) as Record<string, unknown>
    const named = InstanceType ?? ServiceType
    return typeof named === 'string' ? named.trim() : ''
  } catch {
    return ''
  }
}

/** Which GPU a thing is, worked out once for each thing that a file charges for again and again. */
function rememberedGpu({ recogniseGpu }: ReadOptions): ReadOptions['recogniseGpu'] {
  let asked: BilledThing | null = null
  const known = remembered((): BilledGpu | null => asked && recogniseGpu(asked))
  return (thing) => {
    asked = thing
    const names = `${thing.provider}\n${thing.service}\n${thing.serviceCategory}\n${thing.sku}\n${thing.item}`
    return known(`${names}\n${thing.instanceType}\n${thing.resourceType}\n${thing.skuMeter}\n${thing.skuPriceDetails}`)
  }
}
