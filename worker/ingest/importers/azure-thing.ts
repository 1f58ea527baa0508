import type { Field } from './bill-table.ts'
import { plainObject } from './json-items.ts'

/** What a row charges for. `isMachineTime`: it may be time of a machine with GPUs, and not its traffic, disk or licence. */
export type AzureThing = { item: string; instanceType: string; isMachineTime: boolean }

/**
 * Meters that name a virtual machine without being its time. Rows of a machine's traffic and of premium software carry
 * its size in AdditionalInfo too (learn.microsoft.com, "Understand the terms in your usage file": UsageType ComputeHR
 * is the machine, ComputeHR_SW the software).
 */
const NOT_MACHINES =
  /licen[sc]e|bandwidth|storage|virtual network|load balancer|ip address|backup|defender|security|monitor/

/** What an Azure row charges for; '' where it does not say. */
export function azureThing(field: Field): AzureThing {
  const category = field('meterCategory')
  const parts = [category, field('meterSubCategory'), field('meterName')].filter((part) => part !== '')
  const item = field('product') || parts.join(' - ')
  const { serviceType, usageType } = infoIn(field('info'))
  const isMachineTime =
    usageType === '' ? !NOT_MACHINES.test(`${category} ${field('meterName')}`.toLowerCase()) : isComputeTime(usageType)
  const isMachine = usageType === '' ? category.toLowerCase() === 'virtual machines' : isMachineTime
  return { item, instanceType: isMachine ? serviceType : '', isMachineTime }
}

function isComputeTime(usageType: string): boolean {
  return usageType.toLowerCase() === 'computehr'
}

/** The size and kind of usage in AdditionalInfo: JSON, with or without its braces. */
function infoIn(text: string): { serviceType: string; usageType: string } {
  const info = text.includes('Type') ? plainObject(text.startsWith('{') ? text : `{${text}}`) : null
  const said = (name: string) => {
    const value = info?.[name]
    return typeof value === 'string' ? value : ''
  }
  return { serviceType: said('ServiceType').slice(0, 200), usageType: said('UsageType') }
}

/** Finds out from its rows what kind of file it is, for the sentence about it. */
export class AzureKind {
  private readonly agreement: string
  private hasUnused = false
  private hasPurchase = false
  private hasAmortised = false

  constructor(names: readonly string[]) {
    const has = (name: string) => names.includes(name)
    this.agreement = has('exchangeRate') || has('costInPricingCurrency') ? 'MCA' : has('partNumber') ? 'EA' : ''
  }

  /** Charge type and pricing model in lower case, without blanks. */
  see(chargeType: string, pricingModel: string, billed: string): void {
    const isCommitted = pricingModel === 'reservation' || pricingModel.startsWith('saving')
    if (chargeType.startsWith('unused')) this.hasUnused = true
    else if (isCommitted && chargeType === 'purchase') this.hasPurchase = true
    else if (isCommitted && /[1-9]/.test(billed)) this.hasAmortised = true
  }

  about(): string {
    const isAmortised = this.hasUnused || (this.hasAmortised && !this.hasPurchase)
    const which = isAmortised
      ? 'amortised (it has no invoiced amounts: what is billed is the amortised cost)'
      : this.hasPurchase
        ? 'actual'
        : ''
    return ['Azure cost details', this.agreement, which].filter((part) => part !== '').join(', ')
  }
}
