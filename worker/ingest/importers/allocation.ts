import { addExact, type ExactUsd, readUsd, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import { type EpochMs, parseInstant } from '../../../db/units/time.ts'
import { quoted } from './importer.ts'

/** One allocation of OpenCost's or Kubecost's, with what Heliox needs of it. */
export type Allocation = {
  /** `cluster/node/namespace/pod/container`, or what it was aggregated by. */
  name: string
  cluster: string
  namespace: string
  /** `deployment/llama-server`; '' where the answer was aggregated past it. */
  controller: string
  pod: string
  labels: Readonly<Record<string, unknown>>
  namespaceLabels: Readonly<Record<string, unknown>>
  /** As NVIDIA or the node's labels call it; '' where nobody does. */
  gpuModel: string
  startedAtMs: EpochMs
  endedAtMs: EpochMs
  /** Start of the window it is part of, in which its name comes once. */
  windowAtMs: EpochMs
  gpuCost: ExactUsd
  /** All but the GPUs: CPU, memory, volumes, network, load balancers, what is shared and what is external. */
  restCost: ExactUsd
  /** Decimal text; '' where there is none. */
  gpuHours: string
}

/** What cannot be read of an allocation. */
export type Unreadable = { column: string; code: string; message: string; total: ExactUsd | null }

const PARTS = ['cpu', 'ram', 'pv', 'network', 'loadBalancer'] as const

/**
 * Reads one allocation (opencost.io/docs/integrations/api, read 2026-11): an object with numbers as their text, or as themselves
 * where they have fifteen digits at most. A cost is
 * what was computed plus its adjustment to the bill. `totalCost` is what the file says in all; the GPUs' part is taken off
 * it, so that the file's total is kept to its last digit. Null numbers (NaN in OpenCost) are none.
 */
export function readAllocation(name: string, said: Readonly<Record<string, unknown>>): Allocation | Unreadable {
  const total = amountOf(said.totalCost)
  const bad = (column: string, code: string, message: string): Unreadable => ({
    ...{ column, code, message, total: total === 'bad' ? null : total },
  })
  const window = objectOf(said.window)
  const start = timeOf(said.start) ?? timeOf(window.start)
  const end = timeOf(said.end) ?? timeOf(window.end)
  if (start === null)
    return bad('start', 'bad_time', `expected a start, found ${quoted(said.start ?? window.start ?? '')}`)
  if (end === null) return bad('end', 'bad_time', `expected an end, found ${quoted(said.end ?? window.end ?? '')}`)
  if (end < start) return bad('end', 'end_before_start', 'the end is before the start')
  const amounts = new Map<string, ExactUsd | null>()
  for (const column of [...COSTS, 'totalCost']) {
    const amount = amountOf(said[column])
    if (amount === 'bad')
      return bad(column, 'bad_amount', `expected an amount such as 12.5, found ${quoted(said[column])}`)
    amounts.set(column, amount)
  }
  if ([...amounts.values()].every((amount) => amount === null))
    return bad('totalCost', 'bad_amount', 'an allocation needs its totalCost, or its parts')
  const hours = amountOf(said.gpuHours)
  if (hours === 'bad' || (hours && hours.digits < 0n))
    return bad('gpuHours', 'bad_gpu_hours', `expected GPU-hours such as 24.5, found ${quoted(said.gpuHours)}`)
  const properties = objectOf(said.properties)
  const kind = textOf(properties.controllerKind)
  const controller = textOf(properties.controller)
  const sumOf = (columns: readonly string[]) =>
    columns.reduce((sum, column) => addExact(sum, amounts.get(column) ?? ZERO_EXACT), ZERO_EXACT)
  const gpuCost = sumOf(['gpuCost', 'gpuCostAdjustment'])
  const whole = amounts.get('totalCost') ?? sumOf(COSTS)
  return {
    name: textOf(said.name) || name,
    cluster: textOf(properties.cluster),
    namespace: textOf(properties.namespace),
    controller: controller && kind ? `${kind}/${controller}` : controller,
    pod: textOf(properties.pod),
    labels: objectOf(properties.labels),
    namespaceLabels: objectOf(properties.namespaceLabels),
    gpuModel: modelOf(objectOf(said.gpuAllocation), objectOf(properties.labels)),
    ...{ startedAtMs: start, endedAtMs: end, windowAtMs: timeOf(window.start) ?? start },
    ...{ gpuCost, restCost: subtractExact(whole, gpuCost), gpuHours: hours ? plainText(hours) : '' },
  }
}

const COSTS = [
  ...PARTS.flatMap((part) => [`${part}Cost`, `${part}CostAdjustment`]),
  ...['gpuCost', 'gpuCostAdjustment', 'sharedCost', 'externalCost'],
]

/** The device is the model in Kubecost and a number such as `nvidia0` in OpenCost. */
function modelOf(gpu: Record<string, unknown>, labels: Record<string, unknown>): string {
  const device = textOf(gpu.gpuDevice)
  const label = Object.entries(labels).find(([key]) => /^nvidia[._]com[/_]gpu[._]product$/.test(key))?.[1]
  return textOf(gpu.gpuModel) || (/^nvidia\d+$/i.test(device) ? '' : device) || textOf(label)
}

/** Null: nothing is there. */
function amountOf(value: unknown): ExactUsd | null | 'bad' {
  if (value === undefined || value === null || value === '' || value === 'NaN') return null
  return (typeof value === 'string' || typeof value === 'number' ? readUsd(String(value)) : null) ?? 'bad'
}

function plainText({ digits, scale }: ExactUsd): string {
  const all = digits.toString().padStart(scale + 1, '0')
  return scale === 0 ? all : `${all.slice(0, -scale)}.${all.slice(-scale).slice(0, 30)}`
}

function timeOf(value: unknown): EpochMs | null {
  return typeof value === 'string' ? parseInstant(value) : null
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function objectOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
