import { readGpuHours } from '../../../db/units/gpu.ts'
import { readAmount, readBillTime } from './amounts.ts'
import { chargeOf, tagsText } from './charge.ts'
import type { FocusCells } from './focus-charge.ts'
import type { CostDraft, ReadOptions, Refused } from './importer.ts'
import { bareText } from './spreadsheet-cell.ts'

/** What Heliox adds to the FOCUS files that it writes, so that they come back as they were. */
export const HELIOX_COLUMNS = [
  ...(['x_HelioxExport', 'x_HelioxGpuType', 'x_HelioxGpuHours', 'x_HelioxUsageHours'] as const),
  ...(['x_HelioxCurrency', 'x_HelioxBilledInCurrency'] as const),
] as const

/** Of which export a row is: of the entries of bills, or of what owners were charged. */
export const HELIOX_EXPORTS = ['costs', 'allocation', 'usage'] as const

/**
 * The entry of a row that Heliox wrote: nothing is recognised or worked out again, as the row says what was stored. A
 * share of an owner comes back as an entry of that account, so that exporting it again gives the same row.
 */
export function helioxCharge(line: number, get: FocusCells, options: ReadOptions): CostDraft | Refused {
  const text = (name: Parameters<FocusCells>[0]) => bareText(get(name))
  const gpuType = text('x_HelioxGpuType')
  const draft = chargeOf(
    line,
    {
      billed: ['BilledCost', get('BilledCost')],
      effective: ['EffectiveCost', get('EffectiveCost')],
      list: ['ListCost', get('ListCost')],
      currency: ['BillingCurrency', get('BillingCurrency')],
      start: ['ChargePeriodStart', get('ChargePeriodStart')],
      period: ['BillingPeriodStart', get('BillingPeriodStart')],
      readTime: readBillTime,
      provider: text('ServiceProviderName'),
      billingAccount: text('BillingAccountId'),
      account: text('SubAccountId'),
      region: text('RegionId'),
      service: text('ServiceName'),
      sku: text('SkuPriceId'),
      item: text('ChargeDescription'),
      instanceType: instanceTypeIn(get('SkuPriceDetails')),
      chargeCategory: text('ChargeCategory'),
      pricingCategory: text('PricingCategory'),
      tags: tagsText(text('Tags')),
      gpu: gpuType === '' ? null : { gpuType, gpuCount: null },
      ...{ quantity: '', unit: '', isUsage: false },
    },
    options,
  )
  if (draft.kind === 'refused') return draft
  return {
    ...draft,
    capacityGpuSeconds: readGpuHours(get('x_HelioxGpuHours')),
    usageSeconds: readGpuHours(get('x_HelioxUsageHours')),
    currency: text('x_HelioxCurrency') || draft.currency,
    billedInCurrency: readAmount(get('x_HelioxBilledInCurrency')),
  }
}

function instanceTypeIn(details: string): string {
  try {
    const { InstanceType } = (JSON.parse(details) ?? {}) as { InstanceType?: unknown }
    return typeof InstanceType === 'string' ? InstanceType : ''
  } catch {
    return ''
  }
}
