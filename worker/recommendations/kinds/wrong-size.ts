import { catalogued, SIZES } from '../../catalogue/catalogue.ts'
import { doorTo } from '../doors.ts'
import { byPool, type Estate, nameOfPool, type PoolDay, type PoolName, sumOf } from '../estate.ts'
import { listWithMemory, memoryOf } from '../list-with-memory.ts'
import { percent } from '../monthly.ts'
import { wholePart } from '../parts.ts'
import { dollars, ratesOf } from '../rates.ts'
import { type AdviceKind, MOST_EVIDENCE } from './kind.ts'
import { COMPANY_ONLY } from './missing.ts'

/** Above it a slower GPU would be in the way. */
const MOST_BUSY = 0.4

/** GPUs that are measured to have little to do, where a cheaper one of the same provider has at least their memory. */
export const wrongSize: AdviceKind = {
  kind: 'wrong-size',
  name: 'Wrong GPU',
  how: `Pools measured to be busy for at most ${MOST_BUSY * 100} % of the held time, where another GPU of the same provider has at least as much memory and costs less by your own rate, or else by the dated catalogue: held GPU-hours × the difference.`,
  find: (estate) => {
    const { pools, window } = estate
    if (pools === null) return COMPANY_ONLY
    const notLooked: { thing: string; missing: string }[] = []
    const found = byPool(pools.filter(({ gpuType }) => gpuType !== '')).flatMap(([pool, days]) => {
      const measured = days.filter(({ measuredMs, heldMs }) => heldMs > 0n && measuredMs !== null && measuredMs > 0n)
      if (measured.length === 0) {
        notLooked.push({ thing: nameOfPool(pool), missing: 'Nobody measured how busy it was' })
        return []
      }
      const [busy, seen] = [sumOf(measured, (day) => day.busyHeldMs), sumOf(measured, (day) => day.measuredMs)]
      const share = Number(busy) / Number(seen)
      const own = ratesOf(estate).get(JSON.stringify(pool))
      if (!own || share > MOST_BUSY) return []
      const other = cheaperOf(estate, pool, own.nanoUsdPerGpuHour)
      if (other === 'no memory') {
        notLooked.push({
          thing: nameOfPool(pool),
          missing: 'The memory in use is not measured, and no cheaper GPU of the provider is known to have as much',
        })
        return []
      }
      const saving = (day: PoolDay) => (day.heldMs * (own.nanoUsdPerGpuHour - other.price)) / 3_600_000n
      const held = (day: PoolDay) => (day.heldMs * own.nanoUsdPerGpuHour) / 3_600_000n
      const filters = { provider: pool.provider, gpu_type: pool.gpuType }
      return [
        {
          ...{ thing: JSON.stringify(pool), teamId: null, effort: 'high' as const, confidence: 'low' as const },
          title: `${nameOfPool(pool)} has little to do: ${other.gpuType} would be enough`,
          action: `Move what waits most of the time to ${other.gpuType}`,
          formula: `Held GPU-hours × (${dollars(own.nanoUsdPerGpuHour)} − ${dollars(other.price)}) a GPU-hour; ${other.source}`,
          because: `Busy for ${percent(busy, seen)} of the measured time. It fits as long as a ${other.gpuType} does at least ${Math.max(1, Math.round(share * 100))} % of the work in an hour: how fast it is with your jobs nobody measured`,
          href: doorTo('/utilization', window, filters),
          evidence: measured.slice(-MOST_EVIDENCE).map((day) => ({
            ...{ what: day.day, costNanoUsd: held(day), gpuSeconds: Number(day.heldMs) / 1000 },
            note: `busy for ${percent(day.busyHeldMs ?? 0n, day.measuredMs ?? 0n)} of the measured time`,
            href: doorTo('/utilization', window, filters),
          })),
          claims: measured.map((day) => ({
            path: [wholePart(day)],
            ...{ touchedNanoUsd: held(day), savedNanoUsd: saving(day) },
          })),
          isWorth: measured.length * 2 >= days.length,
        },
      ]
    })
    return { found, notLooked }
  },
}

/** The dearest of the GPUs that are cheaper and have at least the memory: the smallest step that saves. */
function cheaperOf(estate: Estate, { provider, gpuType }: PoolName, price: bigint) {
  const sheet = catalogued(provider)
  const sizes = SIZES.filter((size) => size.provider === sheet)
  const memory = memoryOf(provider, gpuType)
  if (memory === null) return 'no memory' as const
  const types = new Set(
    sizes.filter((one) => one.gpuMemoryGb >= memory && one.gpuType !== gpuType).map((one) => one.gpuType),
  )
  const priced = [...types].flatMap((type) => {
    const own = ratesOf(estate).get(JSON.stringify({ provider, gpuType: type }))
    if (own) return [{ gpuType: type, price: own.nanoUsdPerGpuHour, source: 'your own rates of these days' }]
    const list = listWithMemory(provider, type, memory)
    return list ? [{ gpuType: type, price: list.nanoUsdPerGpuHour, source: `${list.source}, as of ${list.asOf}` }] : []
  })
  const cheaper = priced.filter((one) => one.price < price).sort((a, b) => (a.price > b.price ? -1 : 1))
  return cheaper[0] ?? ('no memory' as const)
}
