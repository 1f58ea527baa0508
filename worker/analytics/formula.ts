import { gpuHoursText } from '../../db/units/gpu.ts'
import { type NanoUsd, usdText } from '../../db/units/money.ts'
import { inThousands } from '../usd-words.ts'

/** What made a pool-day's part of a figure. */
type Made = {
  kind: 'total' | 'owner' | 'assigned' | 'idle' | 'unmeasured' | 'unallocated'
  basis: 'allocation' | 'usage'
  isPartial: boolean
  isByOwner: boolean
  /** The part is one job's: nothing of it was given by a rule. */
  isJob?: boolean
  partCostNanoUsd: NanoUsd
  gpuSeconds: number
  poolCostNanoUsd: NanoUsd | null
  assignedCostNanoUsd: NanoUsd
  capacityGpuSeconds: number | null
  heldGpuSeconds: number
}

/**
 * How a pool-day's part was made, in words with its numbers: "$100.00 × 6 ÷ 24 GPU-hours held = $25.00". Parts are cut to
 * the nano-dollar so that they sum to the cost, so the last digits may differ from a pocket calculator's. Who does not see
 * the whole company reads no number of the pool's.
 */
export function formulaOf(made: Made): string {
  const { kind, basis, poolCostNanoUsd, capacityGpuSeconds, heldGpuSeconds, gpuSeconds } = made
  const part = usd(made.partCostNanoUsd)
  if (made.isPartial) return `${part} for ${hours(gpuSeconds)} GPU-hours`
  if (poolCostNanoUsd === null) return `Nothing was billed: ${hours(gpuSeconds)} GPU-hours without a cost`
  if (kind === 'total' && !made.isByOwner) return `The pool’s bill of the day: ${part}`
  if (kind === 'assigned') return `Given by rules, before jobs share the rest: ${part}`
  const cost =
    made.assignedCostNanoUsd === 0n
      ? usd(poolCostNanoUsd)
      : `(${usd(poolCostNanoUsd)} − ${usd(made.assignedCostNanoUsd)} given by rules)`
  if (kind === 'unallocated') return `${cost}: no job held the pool = ${part}`
  if (kind === 'unmeasured') return `${cost}: how much capacity that bought is not known = ${part}`
  const whole = Math.max(capacityGpuSeconds ?? 0, heldGpuSeconds)
  if (kind === 'idle')
    return `${cost} × (${hours(whole)} − ${hours(heldGpuSeconds)}) ÷ ${hours(whole)} GPU-hours billed and not held = ${part}`
  const given = kind === 'owner' || kind === 'total' ? alsoGiven(made) : ''
  if (basis === 'allocation')
    return `${cost} × ${hours(gpuSeconds)} ÷ ${hours(heldGpuSeconds)} GPU-hours held${given} = ${part}`
  if (capacityGpuSeconds === null)
    return `Capacity is not known: ${hours(gpuSeconds)} GPU-hours are not measured${given} = ${part}`
  const what =
    capacityGpuSeconds >= heldGpuSeconds ? 'billed' : `held (more than the ${hours(capacityGpuSeconds)} billed)`
  return `${cost} × ${hours(gpuSeconds)} ÷ ${hours(whole)} GPU-hours ${what}${given} = ${part}`
}

/** Of what rules gave, the part of these owners is in their part too. */
function alsoGiven({ assignedCostNanoUsd, isJob }: Made): string {
  return isJob || assignedCostNanoUsd === 0n ? '' : ', and what rules gave them'
}

function usd(amount: NanoUsd): string {
  const text = usdText(amount)
  return text.startsWith('-') ? `−$${inThousands(text.slice(1))}` : `$${inThousands(text)}`
}

function hours(gpuSeconds: number): string {
  return inThousands(gpuHoursText(gpuSeconds))
}
