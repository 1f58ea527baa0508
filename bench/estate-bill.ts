import { addDays, type Day } from '../db/units/time.ts'
import { type Estate, GPU_TYPES, MEAN_GPU_SECONDS, PROVIDERS, poolShare } from './estate.ts'
import { type MadeUpFile, made } from './million.ts'
import { seeded } from './random.ts'

/** Days behind the estate's last that are billed as well, so that one more day of jobs finds its bill. */
export const BILLED_LATER = 5

/** Dollars for an hour of one GPU at list price, about what clouds ask on demand. */
const LIST_PRICE = [4.1, 9.8, 3.06, 0.35, 0.71, 1.01] as const
const REGIONS = ['us-east', 'us-west', 'eu-central'] as const
const ACCOUNTS = ['research', 'platform', 'product', 'sandbox'] as const
/** How a GPU is bought, what of the list price is paid for it, and which part of an account's hours is bought so. */
const PURCHASES = [
  { name: 'on-demand', pricing: 'Standard', paid: 1, part: 0.35 },
  { name: 'reserved', pricing: 'Committed', paid: 0.62, part: 0.5 },
  { name: 'spot', pricing: 'Dynamic', paid: 0.37, part: 0.15 },
] as const
/** Hours that are paid for, for each hour that jobs hold: a fifth stands idle. */
const PAID_PER_HELD = 1.25

const HEADER = [
  'BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ChargeCategory',
  'PricingCategory,ServiceProviderName,BillingAccountId,SubAccountId,RegionId,ServiceName,SkuPriceId,ChargeDescription',
  'Tags,x_HelioxExport,x_HelioxGpuType,x_HelioxGpuHours',
].join(',')

const POOLS = PROVIDERS.length * GPU_TYPES.length
const LINES_PER_POOL_DAY = ACCOUNTS.length * PURCHASES.length

export type BillLine = {
  day: Day
  provider: string
  gpuType: string
  account: string
  region: string
  sku: string
  purchase: (typeof PURCHASES)[number]
  /** Millionths of an hour. */
  gpuMicroHours: number
  nanoUsd: bigint
  listNanoUsd: bigint
}

/** Lines of the bill: the same number whatever the number of jobs, whose hours and dollars grow with it. */
export function billLines({ days }: Estate): number {
  return (days + BILLED_LATER) * POOLS * LINES_PER_POOL_DAY
}

/** Line number `at`, by day, pool, account and purchase: every pool has all of them on every day. */
export function billLine(at: number, { jobs, first, days }: Estate): BillLine {
  const purchaseAt = at % PURCHASES.length
  const accountAt = Math.floor(at / PURCHASES.length) % ACCOUNTS.length
  const pool = Math.floor(at / LINES_PER_POOL_DAY) % POOLS
  const [providerAt, gpuAt] = [pool % PROVIDERS.length, Math.floor(pool / PROVIDERS.length)]
  const purchase = PURCHASES[purchaseAt] as BillLine['purchase']
  const [provider, gpuType] = [PROVIDERS[providerAt] as string, GPU_TYPES[gpuAt] as string]
  const random = seeded(1_000_000_007 + at)
  const dayHours = ((jobs * MEAN_GPU_SECONDS) / 3600 / days) * poolShare(providerAt, gpuAt) * PAID_PER_HELD
  const part = (purchase.part * (0.8 + 0.4 * random())) / ACCOUNTS.length
  const gpuMicroHours = Math.round(dayHours * part * 1e6)
  const nanoPerHour = (LIST_PRICE[gpuAt] as number) * (1 + 0.04 * providerAt) * (0.98 + 0.04 * random()) * 1e9
  const listNanoUsd = (BigInt(gpuMicroHours) * BigInt(Math.round(nanoPerHour))) / 1_000_000n
  return {
    ...{ day: addDays(first, Math.floor(at / (LINES_PER_POOL_DAY * POOLS))), provider, gpuType, purchase },
    account: `${provider}-${ACCOUNTS[accountAt]}`,
    region: `${provider}-${REGIONS[(accountAt + purchaseAt) % REGIONS.length]}`,
    sku: `${gpuType}-${purchase.name}`,
    ...{ gpuMicroHours, listNanoUsd, nanoUsd: (listNanoUsd * BigInt(purchase.paid * 100)) / 100n },
  }
}

/** The bill as a FOCUS file with Heliox's own columns, which say the GPU and its hours in plain words. */
export function billFile(estate: Estate): MadeUpFile {
  return made(HEADER, billLines(estate), (at) => {
    const line = billLine(at, estate)
    const [cost, list] = [decimal(line.nanoUsd, 9), decimal(line.listNanoUsd, 9)]
    const { provider, gpuType, account, region, sku, purchase } = line
    const text = [
      `${cost},${cost},${list},USD,${line.day.slice(0, 7)}-01T00:00:00Z,${line.day}T00:00:00Z,Usage,${purchase.pricing}`,
      `${provider},${provider}-payer,${account},${region},GPU machines,${sku},${gpuType} ${purchase.name} hour`,
      `"{""env"": ""${account.endsWith('sandbox') ? 'dev' : 'prod'}""}",costs,${gpuType}`,
      decimal(BigInt(line.gpuMicroHours), 6),
    ].join(',')
    return { text, amount: line.nanoUsd }
  })
}

/** What each pool-day cost, in nano-dollars: `day provider gpuType` → Σ lines. */
export function poolDayCosts(estate: Estate): Map<string, bigint> {
  const costs = new Map<string, bigint>()
  for (let at = 0; at < billLines(estate); at += 1) {
    const { day, provider, gpuType, nanoUsd } = billLine(at, estate)
    const key = `${day} ${provider} ${gpuType}`
    costs.set(key, (costs.get(key) ?? 0n) + nanoUsd)
  }
  return costs
}

function decimal(units: bigint, digits: number): string {
  const text = String(units).padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`
}
