import { z } from 'zod'
import { gpuHoursText } from '../../db/units/gpu.ts'
import { allocate, nanoUsd, usdText } from '../../db/units/money.ts'
import { addDays, type Day } from '../../db/units/time.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { tagsText } from '../ingest/importers/charge.ts'
import { DayText } from '../input-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { billedDays } from './billed-days.ts'
import { type CsvRow, csvLines } from './csv-lines.ts'
import { ALLOCATED_COLUMNS, billingPeriod, chargePeriod, whatOf } from './focus-columns.ts'
import { ALLOCATED_SKU, type Carried, type PoolDay, poolDaysOf } from './pool-day.ts'

export const FocusExported = z
  .object({
    start: DayText.describe('First day'),
    end: DayText.describe('Last day, inside'),
    basis: z.enum(['allocation', 'usage']).default('allocation'),
  })
  .refine(daysInOrder, DAYS_IN_ORDER)
type FocusExported = z.output<typeof FocusExported>
type Basis = FocusExported['basis']
type Row = CsvRow<(typeof ALLOCATED_COLUMNS)[number]>

const LEFT_OVER = ['__idle__', '__unmeasured__', '__unallocated__'] as const

/**
 * What each team was charged as a FOCUS 1.4 file: a row per owner and pool-day, the ones of no team behind. EffectiveCost
 * is what analytics say, BilledCost and ListCost are split by the same GPU time, so that each sums to its pool-day to the
 * nano-dollar. What no entry says (a contracted cost, a list cost where one is missing) stays empty.
 *
 * Sent to an empty Heliox, a row becomes an entry of the account that owns it; a pool-day without jobs whose entries say
 * their owner is exported by them, on the basis they were made on, so that the same file comes out again.
 *
 * @throws HelioxError forbidden `auth.whole_company`
 */
export function exportFocus(scope: Scope, asked: FocusExported): AsyncIterable<string> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'Exporting costs')
  return csvLines(ALLOCATED_COLUMNS, days(scope, asked))
}

async function* days(scope: Scope, { start, end, basis }: FocusExported): AsyncGenerator<Row[]> {
  for await (const day of billedDays(scope, { from: start, before: addDays(end, 1) })) {
    const pools = await poolDaysOf(scope, day)
    pools.sort((a, b) => order(a.provider, b.provider) || order(a.gpuType, b.gpuType))
    yield pools.flatMap((pool) => rowsOf(day, pool, sharesOf(pool, basis)))
  }
}

/** The shares of a pool-day in their order: teams by name, then what is no team's. */
function sharesOf(pool: PoolDay, basis: Basis): Carried[] {
  const tags = (owner: string) => tagsText(isTeam(owner) ? { team: owner, ...pool.tags } : pool.tags)
  const carriedBilled = pool.carried.reduce((sum, { billed }) => sum + billed, 0n)
  const carriedEffective = pool.carried.reduce((sum, { effective }) => sum + effective, 0n)
  const left = { effective: carriedEffective, hasBilled: pool.billed !== carriedBilled }
  const shares = parts(pool, basis, left).sort((a, b) => orderOfOwners(a.owner, b.owner))
  const weights = shares.map(({ weight }) => weight)
  const split = (total: bigint | null) => (total === null ? null : shared(total, weights))
  const billed = split(pool.billed - carriedBilled)
  const list = pool.carried.length > 0 ? null : split(pool.list)
  const own = shares.map(({ owner, effective, seconds }, index) => ({
    ...{ owner, basis, tags: tags(owner), effective, gpuSeconds: seconds },
    ...{ billed: billed?.[index] ?? 0n, list: list?.[index] ?? null },
  }))
  return [...pool.carried, ...own].sort((a, b) => orderOfOwners(a.owner, b.owner) || order(a.tags, b.tags))
}

type Part = { owner: string; effective: bigint; seconds: bigint | null; weight: bigint }

/** Who has which part of the effective cost, but for what comes with an owner already: `carried` of it. */
function parts(pool: PoolDay, basis: Basis, carried: { effective: bigint; hasBilled: boolean }): Part[] {
  const isMeasured = basis === 'allocation' || pool.gpuSeconds !== null
  const owners = pool.owners.flatMap(({ name, seconds, allocation, usage }) => {
    const effective = basis === 'usage' ? usage : allocation
    return effective === null || !isMeasured ? [] : [{ owner: name, effective, seconds, weight: seconds }]
  })
  const over = pool.gpuSeconds === null ? 0n : pool.gpuSeconds - pool.heldSeconds
  const idleSeconds = over > 0n ? over : 0n
  const isAlone = owners.length === 0
  const none: Part[] =
    basis === 'allocation'
      ? [
          {
            owner: '__unallocated__',
            effective: pool.unallocated,
            seconds: isAlone ? pool.gpuSeconds : null,
            weight: 0n,
          },
        ]
      : [
          { owner: '__idle__', effective: pool.idle, seconds: idleSeconds, weight: idleSeconds },
          { owner: '__unmeasured__', effective: pool.unmeasured, seconds: null, weight: 0n },
        ]
  // To the ledger, which knows no carried owner, all of it is this one's.
  const rest = basis === 'allocation' || pool.gpuSeconds !== null ? none[0] : none[1]
  if (rest) rest.effective -= carried.effective
  const kept = none.filter((part) =>
    pool.carried.length > 0
      ? part.effective !== 0n || (part === rest && carried.hasBilled)
      : part.effective !== 0n || part.weight > 0n || (isAlone && part === rest),
  )
  return [...owners, ...kept]
}

/** A total by weights; without any, all of it is the last one's. */
function shared(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight > 0n)) return allocate(nanoUsd(total), weights)
  return weights.map((_, index) => (index === weights.length - 1 ? total : 0n))
}

function rowsOf(day: Day, { provider, gpuType }: PoolDay, shares: readonly Carried[]): Row[] {
  const seconds = shares.reduce((sum, { gpuSeconds }) => sum + (gpuSeconds ?? 0n), 0n)
  return shares.map(({ owner, basis, tags, billed, effective, list, gpuSeconds }) => {
    const hours = gpuSeconds === null ? '' : gpuHoursText(gpuSeconds)
    const method = {
      ...{ AllocatedRatio: seconds === 0n || gpuSeconds === null ? 1 : Number(gpuSeconds) / Number(seconds) },
      ...(gpuSeconds === null ? {} : { UsageUnit: 'GPU-Hours', UsageQuantity: Number(hours) }),
    }
    const what = gpuType === '' ? `cost at ${provider} that is no GPU's` : `${gpuType} at ${provider}`
    return {
      ...whatOf(provider, gpuType),
      ...chargePeriod(day),
      ...billingPeriod(`${day.slice(0, 8)}01` as Day),
      ...{ BilledCost: usdText(nanoUsd(billed)), EffectiveCost: usdText(nanoUsd(effective)) },
      ...{ ListCost: list === null ? '' : usdText(nanoUsd(list)), BillingCurrency: 'USD', BillingAccountId: 'heliox' },
      ...{
        SubAccountId: owner,
        SubAccountName: owner,
        ChargeCategory: 'Usage',
        ChargeDescription: `${what}: ${owner}`,
      },
      ...{ ServiceName: gpuType === '' ? 'Other' : 'GPU', SkuPriceId: `${ALLOCATED_SKU}${basis}`, Tags: tags },
      ...(hours === '' ? {} : { ConsumedQuantity: hours, ConsumedUnit: 'GPU-Hours' }),
      ...{ AllocatedMethodId: `heliox-${basis}`, AllocatedMethodDetails: JSON.stringify({ Elements: [method] }) },
      ...{ AllocatedResourceId: `${provider}/${gpuType}`, AllocatedResourceName: what },
      ...{ AllocatedTags: isTeam(owner) ? JSON.stringify({ team: owner }) : '' },
      ...{ x_HelioxExport: basis, x_HelioxGpuHours: hours },
    }
  })
}

function isTeam(owner: string): boolean {
  return !LEFT_OVER.some((name) => name === owner)
}

function orderOfOwners(a: string, b: string): number {
  return Number(isTeam(b)) - Number(isTeam(a)) || order(a, b)
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
