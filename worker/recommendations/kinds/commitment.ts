import { type Day, daysIn } from '../../../db/units/time.ts'
import { doorTo } from '../doors.ts'
import { type BilledHours, byPool, nameOfPool, type PoolName, sumOf } from '../estate.ts'
import { percent } from '../monthly.ts'
import { commitmentLevel, costAtLevel } from '../newsvendor.ts'
import type { CostPart } from '../overlap.ts'
import { wholePart } from '../parts.ts'
import { dollars, rateOf } from '../rates.ts'
import { type AdviceKind, type Found, MOST_EVIDENCE } from './kind.ts'
import { COMPANY_ONLY } from './missing.ts'

/** Fewer days say nothing of what is steady. */
const FEWEST_DAYS = 14
const COMMITTED = ['committed', 'reserved']
const ON_DEMAND = ['standard', 'on-demand', 'on demand']
const DAY_SECONDS = 86_400n

/** On-demand GPU-hours that come every day, which a commitment would cover for less. */
export const commitment: AdviceKind = {
  kind: 'commitment',
  name: 'Steady load without a commitment',
  how: 'On-demand GPUs a day by the bill; the level of a commitment is their newsvendor quantile at committed ÷ on-demand price. The committed price is your own: the on-demand rate less the discount on lines that the bill calls committed. By days: load within a day is taken as even.',
  find: (estate) => {
    const { billed, pools, window } = estate
    if (billed === null || pools === null) return COMPANY_ONLY
    const notLooked: { thing: string; missing: string }[] = []
    const found = byPool(billed).flatMap(([pool, rows]): Found[] => {
      const onDemand = rows.filter(({ pricing }) => ON_DEMAND.includes(pricing))
      const rate = rateOf(onDemand)
      if (rate === null) {
        const isSilent = rows.some(({ pricing }) => pricing === '')
        const missing = 'The bill does not say what of it is on demand and what is committed already'
        if (isSilent) notLooked.push({ thing: nameOfPool(pool), missing })
        return []
      }
      const discount = ownDiscount(rows) ?? ownDiscount(billed.filter(({ provider }) => provider === pool.provider))
      if (discount === null) {
        const missing =
          'No line of the bill shows what a commitment costs you, and the catalogue lists on-demand prices only'
        notLooked.push({ thing: nameOfPool(pool), missing })
        return []
      }
      const days = daysIn(window).map((day) => secondsOf(onDemand, day))
      if (days.length < FEWEST_DAYS) {
        notLooked.push({ thing: nameOfPool(pool), missing: `${FEWEST_DAYS} days of bill` })
        return []
      }
      const committed = (rate.nanoUsdPerGpuHour * discount.paid) / discount.of
      const price = { onDemand: rate.nanoUsdPerGpuHour, committed }
      // Whole GPUs: the days in GPUs, cut.
      const gpus = commitmentLevel(
        days.map((seconds) => seconds / DAY_SECONDS),
        price,
      )
      if (gpus === 0n) return []
      const level = gpus * DAY_SECONDS
      const parts = new Map(pools.filter(isOf(pool)).map((day) => [day.day, wholePart(day)]))
      const claims = claimsOf({ days, price, level, window: daysIn(window), parts })
      const saved = costAtLevel(days, price, 0n) - costAtLevel(days, price, level)
      const covered = days.reduce((sum, one) => sum + (one < level ? one : level), 0n)
      const region = [...new Set(onDemand.map((row) => row.region))].filter((name) => name !== '')
      const filters = { provider: pool.provider, gpu_type: pool.gpuType }
      return [
        {
          ...{ thing: JSON.stringify(pool), teamId: null, effort: 'medium' as const },
          title: `Commit to ${gpus} ${nameOfPool(pool)}`,
          action: `Buy a commitment for ${gpus} GPUs${region.length > 0 ? ` in ${region.join(', ')}` : ''}`,
          formula: `${dollars(price.onDemand)} × on-demand GPU-hours, less ${dollars(price.committed)} × ${gpus} × 24 h a day and ${dollars(price.onDemand)} × what is above: ${percent(covered, level * BigInt(days.length))} of the commitment would be used`,
          confidence: discount.isOfPool && days.length >= 28 ? ('high' as const) : ('medium' as const),
          because: `${percent(discount.of - discount.paid, discount.of)} below ${discount.isOfList ? 'list' : 'on demand'} is what ${discount.name} cost you from ${window.from} on; ${days.length} days of load, which may change within the term`,
          href: doorTo('/costs', window, filters),
          evidence: [...days.entries()]
            .filter(([, seconds]) => seconds > 0n)
            .slice(-MOST_EVIDENCE)
            .map(([at, seconds]) => ({
              ...{
                what: daysIn(window)[at] ?? '',
                gpuSeconds: Number(seconds),
                href: doorTo('/costs', window, filters),
              },
              ...{ note: 'on demand', costNanoUsd: (seconds * price.onDemand) / 3_600n },
            })),
          claims,
          isWorth: saved > 0n,
        },
      ]
    })
    return { found, notLooked }
  },
}

const isOf = (pool: PoolName) => (one: PoolName) => one.provider === pool.provider && one.gpuType === pool.gpuType

function secondsOf(rows: readonly BilledHours[], day: Day): bigint {
  return sumOf(
    rows.filter((row) => row.day === day),
    (row) => row.gpuSeconds,
  )
}

/** What is paid of the list price, or of the own on-demand rate, for what the bill calls committed; null: nothing is. */
function ownDiscount(rows: readonly BilledHours[]) {
  const committed = rows.filter(({ pricing }) => COMMITTED.includes(pricing))
  const listed = committed.filter(({ listNanoUsd }) => listNanoUsd !== null && listNanoUsd > 0n)
  const [paid, list] = [sumOf(listed, (row) => row.costNanoUsd), sumOf(listed, (row) => row.listNanoUsd)]
  const pools = new Set(committed.map((row) => nameOfPool(row)))
  const about = { isOfPool: pools.size === 1, name: `committed ${[...pools].sort().join(', ')}` }
  if (list > 0n && paid > 0n && paid < list) return { paid, of: list, isOfList: true, ...about }
  const [rate, onDemand] = [rateOf(committed), rateOf(rows.filter(({ pricing }) => ON_DEMAND.includes(pricing)))]
  if (pools.size !== 1 || !rate || !onDemand || rate.nanoUsdPerGpuHour >= onDemand.nanoUsdPerGpuHour) return null
  return { paid: rate.nanoUsdPerGpuHour, of: onDemand.nanoUsdPerGpuHour, isOfList: false, ...about }
}

/** What is saved, spread over the days by what the commitment covers of each. */
function claimsOf(of: {
  days: readonly bigint[]
  price: { onDemand: bigint; committed: bigint }
  level: bigint
  window: readonly Day[]
  parts: ReadonlyMap<Day, CostPart>
}) {
  const { days, price, level, window, parts } = of
  const saved = (costAtLevel(days, price, 0n) - costAtLevel(days, price, level)) / 3_600n
  const covered = days.map((one) => (one < level ? one : level))
  const all = covered.reduce((sum, one) => sum + one, 0n)
  return window.flatMap((day, at) => {
    const [seconds, part] = [covered[at] ?? 0n, parts.get(day)]
    if (!part || seconds === 0n || all === 0n) return []
    const touched = (seconds * price.onDemand) / 3_600n
    return [{ path: [part], touchedNanoUsd: touched, savedNanoUsd: (saved * seconds) / all }]
  })
}
