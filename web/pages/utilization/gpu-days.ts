import type { PoolUse } from './queries.ts'

/** GPU-hours of one day, of one pool or several: what was held in three parts, and what nobody held. */
export type GpuDay = {
  /** Null: not known of any pool. */
  capacity: number | null
  isEstimated: boolean
  held: number
  /** As it was measured, which may be more than was held; null: nobody measured. */
  busy: number | null
  busyHeld: number
  idleHeld: number
  notMeasured: number
  unheld: number
}

type Point = PoolUse['points'][number]

/** Days of pools summed, day by day. Numbers for drawing; the exact ones are in the answer. */
export function gpuDays(pools: readonly Pick<PoolUse, 'points'>[], days: number): GpuDay[] {
  return Array.from({ length: days }, (_, index) =>
    pools.map(({ points }) => dayOf(points[index]!)).reduce(together, NOTHING),
  )
}

const NOTHING: GpuDay = {
  ...{ capacity: null, isEstimated: false, held: 0, busy: null },
  ...{ busyHeld: 0, idleHeld: 0, notMeasured: 0, unheld: 0 },
}

function dayOf({ capacityGpuHours, heldGpuHours, busyGpuHours, measuredGpuHours, isEstimated }: Point): GpuDay {
  const held = Number(heldGpuHours)
  const capacity = capacityGpuHours === null ? null : Number(capacityGpuHours)
  const busy = busyGpuHours === null ? null : Number(busyGpuHours)
  const busyHeld = Math.min(busy ?? 0, held)
  const measured = Number(measuredGpuHours ?? 0)
  return {
    ...{ capacity, isEstimated, held, busy, busyHeld },
    idleHeld: Math.max(0, measured - busyHeld),
    notMeasured: Math.max(0, held - Math.max(measured, busyHeld)),
    unheld: Math.max(0, (capacity ?? 0) - held),
  }
}

function together(a: GpuDay, b: GpuDay): GpuDay {
  const known = (one: number | null, other: number | null) =>
    one === null ? other : other === null ? one : one + other
  return {
    capacity: known(a.capacity, b.capacity),
    isEstimated: a.isEstimated || b.isEstimated,
    held: a.held + b.held,
    busy: known(a.busy, b.busy),
    busyHeld: a.busyHeld + b.busyHeld,
    idleHeld: a.idleHeld + b.idleHeld,
    notMeasured: a.notMeasured + b.notMeasured,
    unheld: a.unheld + b.unheld,
  }
}
