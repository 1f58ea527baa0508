import { addDays } from '../../../db/units/time.ts'
import { doorTo } from '../doors.ts'
import { byPool, nameOfPool, sumOf } from '../estate.ts'
import { percent } from '../monthly.ts'
import { unheldPart, wholePart } from '../parts.ts'
import { type AdviceKind, MOST_EVIDENCE } from './kind.ts'
import { COMPANY_ONLY } from './missing.ts'

/** On fewer of its days it comes and goes, and nobody could give the capacity back. */
const STEADY_SHARE = 0.5

/** Billed capacity that nobody held: give it back, or let it scale down. */
export const idlePool: AdviceKind = {
  kind: 'idle-pool',
  name: 'Idle capacity',
  how: 'What a pool cost, less what its held GPU-hours cost: capacity that was billed and nobody held, where the bill says how much it bought or no job held the pool at all.',
  find: ({ window, pools }) => {
    if (pools === null) return COMPANY_ONLY
    const isGpu = pools.filter(({ gpuType }) => gpuType !== '')
    const found = byPool(isGpu).flatMap(([pool, days]) => {
      const known = days.filter(({ capacityMs, heldMs }) => capacityMs !== null || heldMs === 0n)
      const idle = known.filter(({ unheldNanoUsd }) => unheldNanoUsd > 0n)
      if (idle.length === 0) return []
      const [unheld, cost] = [sumOf(idle, (day) => day.unheldNanoUsd), sumOf(days, (day) => day.costNanoUsd)]
      const isUnused = days.every(({ heldMs }) => heldMs === 0n)
      const steady = idle.length / days.length
      const name = nameOfPool(pool)
      const filters = { provider: pool.provider, gpu_type: pool.gpuType }
      return [
        {
          ...{ thing: JSON.stringify(pool), teamId: null, effort: isUnused ? ('low' as const) : ('medium' as const) },
          title: isUnused ? `Nobody uses ${name}` : `${name} stands idle`,
          action: isUnused ? `Give ${name} back` : `Reduce ${name} by the GPU-hours that nobody holds`,
          formula: `Σ over ${idle.length} days of what the pool cost, less what its held GPU-hours cost: ${percent(unheld, cost)} of its cost`,
          confidence: steady >= 0.9 ? ('high' as const) : steady >= 0.7 ? ('medium' as const) : ('low' as const),
          because: `Some of it was idle on ${idle.length} of ${days.length} days`,
          href: doorTo('/utilization', window, filters),
          evidence: [...idle]
            .sort((a, b) => (a.unheldNanoUsd > b.unheldNanoUsd ? -1 : 1))
            .slice(0, MOST_EVIDENCE)
            .map((day) => ({
              what: day.day,
              note: `${percent(day.unheldNanoUsd, day.costNanoUsd)} of the day’s cost; nobody held it`,
              costNanoUsd: day.unheldNanoUsd,
              gpuSeconds: day.capacityMs === null ? null : Number(day.capacityMs - day.heldMs) / 1000,
              href: doorTo('/explain', { from: day.day, before: addDays(day.day, 1) }, filters),
            })),
          claims: idle.map((day) => ({
            path: [wholePart(day), unheldPart(day)],
            ...{ touchedNanoUsd: day.unheldNanoUsd, savedNanoUsd: day.unheldNanoUsd },
          })),
          // A tenth of a pool is what schedulers need to breathe.
          isWorth: steady >= STEADY_SHARE && unheld * 10n >= cost,
        },
      ]
    })
    const unknown = byPool(isGpu.filter(({ capacityMs, heldMs }) => capacityMs === null && heldMs > 0n))
    const notLooked = unknown.map(([pool]) => ({
      thing: nameOfPool(pool),
      missing: 'The bill does not say how many GPU-hours it bought, so nobody knows what of it was idle',
    }))
    return { found, notLooked }
  },
}
