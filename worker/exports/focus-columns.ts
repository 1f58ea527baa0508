import { addDays, type Day } from '../../db/units/time.ts'
import { HELIOX_COLUMNS } from '../ingest/importers/heliox-focus.ts'

/** The FOCUS 1.4 columns of what Heliox writes, and its own behind them. */
const COMMON = [
  ...(['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost', 'BillingCurrency', 'BillingAccountId'] as const),
  ...(['SubAccountId', 'BillingPeriodStart', 'BillingPeriodEnd', 'ChargePeriodStart', 'ChargePeriodEnd'] as const),
  ...(['ChargeCategory', 'ChargeDescription', 'PricingCategory', 'ServiceProviderName', 'HostProviderName'] as const),
  ...(['InvoiceIssuerName', 'ServiceCategory', 'ServiceName', 'RegionId', 'SkuPriceId', 'SkuPriceDetails'] as const),
  ...(['ConsumedQuantity', 'ConsumedUnit', 'Tags'] as const),
] as const

export const COST_COLUMNS = [...COMMON, ...HELIOX_COLUMNS] as const
export const ALLOCATED_COLUMNS = [
  ...COMMON,
  ...(['SubAccountName', 'AllocatedMethodId', 'AllocatedMethodDetails', 'AllocatedResourceId'] as const),
  ...(['AllocatedResourceName', 'AllocatedTags'] as const),
  ...HELIOX_COLUMNS,
] as const

/** The UTC day, half-open as FOCUS has periods. */
export function chargePeriod(day: Day) {
  return { ChargePeriodStart: midnight(day), ChargePeriodEnd: midnight(addDays(day, 1)) }
}

/** A month from its first day; from any other day, that day alone. */
export function billingPeriod(start: Day) {
  const end = start.endsWith('-01') ? (`${addDays(start, 31).slice(0, 8)}01` as Day) : addDays(start, 1)
  return { BillingPeriodStart: midnight(start), BillingPeriodEnd: midnight(end) }
}

function midnight(day: Day): string {
  return `${day}T00:00:00Z`
}

/** Who sold and invoiced it, and what kind of thing it is. */
export function whatOf(provider: string, gpuType: string) {
  return {
    ...{ ServiceProviderName: provider, HostProviderName: provider, InvoiceIssuerName: provider },
    ...{ ServiceCategory: gpuType === '' ? 'Other' : 'Compute', x_HelioxGpuType: gpuType },
  }
}
