import { z } from 'zod'
import { GpuTime } from '../answer-fields.ts'

/** What is known of one pool on one day, in GPU-milliseconds. */
export type PoolDay = {
  day: string
  provider: string
  gpuType: string
  /** Null: neither billed nor to be estimated. */
  capacityMs: number | null
  isEstimated: boolean
  heldMs: number
  /** As it was reported; null: nobody measured. */
  busyMs: number | null
  /** Of what was held: what a measurement covers, and what of that was busy. */
  measuredMs: number | null
  busyHeldMs: number | null
}

const Share = z.number().nullable()

/** Of one pool-day, or summed over many. */
export const UtilizationFigures = {
  capacityGpuSeconds: GpuTime.nullable().describe('Billed, or estimated where the bill does not say; null: not known'),
  estimatedCapacityGpuSeconds: GpuTime.describe('Of it, what is estimated from the list price'),
  unknownCapacityHeldGpuSeconds: GpuTime.describe('Held where the capacity is not known: in no share'),
  heldGpuSeconds: GpuTime,
  busyGpuSeconds: GpuTime.nullable().describe('Measured, as it was reported; null: nobody measured'),
  measuredGpuSeconds: GpuTime.nullable().describe('Held time that a measurement covers; null: nobody measured'),
  isEstimated: z.boolean().describe('A part of the capacity is estimated'),
  allocationShare: Share.describe('Held ÷ capacity, where that is known; above 1: more was held than there was'),
  idleShare: Share.describe('1 − held ÷ capacity, over pool-days whose capacity is known; below 0: see above'),
  busyOfHeldShare: Share.describe('Of the held time that was measured, the part that was busy'),
  busyOfCapacityShare: Share.describe('Busy ÷ capacity, over pool-days where both are known'),
  measuredShare: Share.describe('Measured ÷ held'),
}
export type Figures = z.output<z.ZodObject<typeof UtilizationFigures>>

/** Pool-days summed. A share is of the pool-days where both of its sides are known; null where there is none. */
export function figuresOf(days: readonly PoolDay[]): Figures {
  const sum = (of: (one: PoolDay) => number | null, some: (one: PoolDay) => boolean = () => true) =>
    days.reduce((all, one) => all + (some(one) ? (of(one) ?? 0) : 0), 0)
  const isKnown = ({ capacityMs }: PoolDay) => capacityMs !== null
  const isMeasured = ({ busyMs }: PoolDay) => busyMs !== null
  const hasCapacity = days.some(isKnown)
  const hasMeasurement = days.some(isMeasured)
  const capacity = sum(({ capacityMs }) => capacityMs)
  const estimated = sum(
    ({ capacityMs }) => capacityMs,
    ({ isEstimated }) => isEstimated,
  )
  const held = sum(({ heldMs }) => heldMs)
  const heldOfKnown = sum(({ heldMs }) => heldMs, isKnown)
  const measured = sum(({ measuredMs }) => measuredMs)
  const allocation = ratio(heldOfKnown, capacity)
  return {
    capacityGpuSeconds: hasCapacity ? capacity / 1000 : null,
    estimatedCapacityGpuSeconds: estimated / 1000,
    unknownCapacityHeldGpuSeconds: (held - heldOfKnown) / 1000,
    heldGpuSeconds: held / 1000,
    busyGpuSeconds: hasMeasurement ? sum(({ busyMs }) => busyMs) / 1000 : null,
    measuredGpuSeconds: hasMeasurement ? measured / 1000 : null,
    isEstimated: estimated > 0,
    allocationShare: allocation,
    idleShare: allocation === null ? null : Number((1 - allocation).toFixed(6)),
    busyOfHeldShare: ratio(
      sum(({ busyHeldMs }) => busyHeldMs),
      measured,
    ),
    busyOfCapacityShare: ratio(
      sum(({ busyMs }) => busyMs, isKnown),
      sum(({ capacityMs }) => capacityMs, isMeasured),
    ),
    measuredShare: ratio(measured, held),
  }
}

/** To the millionth; null where there is nothing to divide by. */
function ratio(part: number, whole: number): number | null {
  return whole > 0 ? Number((part / whole).toFixed(6)) : null
}
