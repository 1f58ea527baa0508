/**
 * The columns of FOCUS "Cost and Usage" by the version that brought them: focus.finops.org, read 2026-11. 1.3 keeps
 * ProviderName and PublisherName as deprecated; 1.4 drops them.
 */
const SINCE: readonly (readonly [version: string, columns: string])[] = [
  [
    '1.0',
    `AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
    ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
    CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus
    CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice EffectiveCost
    InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName
    RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId
    SubAccountName Tags`,
  ],
  [
    '1.1',
    `CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity CommitmentDiscountUnit
    ServiceSubcategory SkuMeter SkuPriceDetails`,
  ],
  [
    '1.2',
    `BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost
    PricingCurrencyListUnitPrice SubAccountType`,
  ],
  [
    '1.3',
    `AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags ContractApplied
    HostProviderName ServiceProviderName`,
  ],
  ['1.4', 'CommitmentProgramEligibilityDetails InvoiceDetailId'],
]
const DROPPED: Record<string, readonly string[]> = { '1.4': ['ProviderName', 'PublisherName'] }

/** The columns of each version, the oldest first. */
export const FOCUS_VERSIONS: readonly { version: string; columns: ReadonlySet<string> }[] = SINCE.map(
  ([version], index) => {
    const names = SINCE.slice(0, index + 1).flatMap(([, columns]) => columns.split(/\s+/))
    return { version, columns: new Set(names.filter((name) => !DROPPED[version]?.includes(name))) }
  },
)

/** A FOCUS column's name as it is compared: `BilledCost`, `billedcost` and `billed_cost` are one. */
export function focusKey(name: string): string {
  return name.trim().toLowerCase().replace(/[_ ]/g, '')
}

/**
 * Which FOCUS a header is, in words: "FOCUS 1.2, 43 of its 57 columns; 3 x_ columns". The version that knows most of the
 * columns; of several, the one with the fewest columns; of those, the newest.
 */
export function aboutFocus(header: readonly string[]): string {
  const keys = new Set(header.map(focusKey))
  const custom = header.filter((name) => /^\s*x_/i.test(name)).length
  let best = { version: '', found: -1, size: 0 }
  for (const { version, columns } of FOCUS_VERSIONS) {
    const found = [...columns].filter((name) => keys.has(focusKey(name))).length
    const isBetter = found > best.found || (found === best.found && columns.size <= best.size)
    if (isBetter) best = { version, found, size: columns.size }
  }
  const others = keys.size - knownOf(keys) - new Set(header.filter((name) => /^\s*x_/i.test(name)).map(focusKey)).size
  return [
    `FOCUS ${best.version}, ${best.found} of its ${best.size} columns`,
    ...(custom > 0 ? [`${custom} x_ ${custom === 1 ? 'column' : 'columns'}`] : []),
    ...(others > 0 ? [`${others} that no version knows`] : []),
  ].join('; ')
}

const EVERY_KEY = new Set(FOCUS_VERSIONS.flatMap(({ columns }) => [...columns].map(focusKey)))

function knownOf(keys: ReadonlySet<string>): number {
  return [...keys].filter((key) => EVERY_KEY.has(key)).length
}
