import { allocate, type NanoUsd } from '../../db/units/money.ts'

export const METHODS = ['all-gpu', 'opencost', 'aws-scad', 'grafana-70', 'datadog-95', 'custom'] as const
export type MethodName = (typeof METHODS)[number]

/** What a node has; null: not known, which is not none. */
export type Node = {
  /** A fraction where one is shared. */
  gpuCount: number
  vcpuCount: number | null
  memoryGib: number | null
}

/** What a part of a whole is, as decimal text: "0.8". The three sum to exactly 1. */
export type Shares = { gpu: string; cpu: string; memory: string }

/** Weights of a node's three parts, whole numbers that sum above zero. */
type Weights = readonly [gpu: bigint, cpu: bigint, memory: bigint]

/**
 * A way to tell what of a node's cost is its GPUs', what its CPUs' and what its memory's. A constant that changes is
 * another version: a figure says under which one it was made.
 */
export type Method = {
  name: MethodName
  version: number
  title: string
  /** In words for people. */
  formula: string
  /** Where its constants are from. */
  source: string
  /** Whether it asks for a node's vCPUs and memory. */
  needsSpecs: boolean
}

export const METHOD: Readonly<Record<MethodName, Method>> = {
  'all-gpu': {
    ...{ name: 'all-gpu', version: 1, title: 'All to the GPU', needsSpecs: false },
    formula: 'GPU = 100 % of the node. A GPU-hour costs what the node costs, divided by its GPUs.',
    source: 'How GPU clouds quote prices and most ML teams charge back: whoever holds the GPU holds the node.',
  },
  opencost: {
    ...{ name: 'opencost', version: 1, title: 'OpenCost', needsSpecs: true },
    formula:
      'GPU : CPU : memory = GPUs × 0.95 : vCPUs × 0.031611 : GiB × 0.004237. Default prices, scaled so that they sum to the node.',
    source: 'OpenCost, configs/default.json (GPU, CPU, RAM per hour); Kubecost does the same.',
  },
  'aws-scad': {
    ...{ name: 'aws-scad', version: 1, title: 'AWS split cost allocation', needsSpecs: true },
    formula: 'GPU : CPU : memory = GPUs × 9 : vCPUs × 0.9 : GiB × 0.1.',
    source:
      'AWS, Example of split cost allocation data for accelerated instances (Data Exports user guide), which states $110 an hour in one edition and computes with $10.',
  },
  'grafana-70': {
    ...{ name: 'grafana-70', version: 1, title: 'Grafana, 70 % GPU', needsSpecs: false },
    formula: 'GPU = 70 % of the node; of the other 30 % CPU has 65 % and memory 35 %.',
    source:
      'grafana/cloudcost-exporter pull request 1097 (gpuCostRatio 0.70); the rest by its cpuToCostRatio of the general-purpose family, which it takes for families that it does not list.',
  },
  'datadog-95': {
    ...{ name: 'datadog-95', version: 1, title: 'Datadog, 95 % GPU', needsSpecs: false },
    formula: 'GPU = 95 % of the node, CPU 3 %, memory 2 %.',
    source: 'Datadog Cloud Cost Management, container cost allocation (DataDog/documentation pull request 24725).',
  },
  custom: {
    ...{ name: 'custom', version: 1, title: 'Own shares', needsSpecs: false },
    formula: 'GPU, CPU and memory each have the part of the node that was chosen for them.',
    source: 'Chosen by hand: by your administrators, or by whoever asks.',
  },
}

/** A method and what it needs: `shares` with `custom`, null with every other. */
export type Chosen = { method: MethodName; shares: Shares | null }

export type Parts = { gpuNanoUsd: NanoUsd; cpuNanoUsd: NanoUsd; memoryNanoUsd: NanoUsd }

/**
 * The parts of a node's cost, a credit's too: they sum to `whole` exactly, none is beyond it, and none has another sign.
 * Null where the method asks for what is not known of the node: it is not guessed. Throws RangeError for `custom` without
 * shares.
 */
export function split(whole: NanoUsd, node: Node, chosen: Chosen): Parts | null {
  const weights = weightsOf(node, chosen)
  if (weights === null) return null
  const [gpuNanoUsd, cpuNanoUsd, memoryNanoUsd] = allocate(whole, weights) as [NanoUsd, NanoUsd, NanoUsd]
  return { gpuNanoUsd, cpuNanoUsd, memoryNanoUsd }
}

function weightsOf({ gpuCount, vcpuCount, memoryGib }: Node, { method, shares }: Chosen): Weights | null {
  if (method === 'custom') return [billionths(shares?.gpu), billionths(shares?.cpu), billionths(shares?.memory)]
  if (method === 'all-gpu') return [1n, 0n, 0n]
  if (method === 'grafana-70') return [7_000n, 1_950n, 1_050n]
  if (method === 'datadog-95') return [95n, 3n, 2n]
  if (vcpuCount === null || memoryGib === null) return null
  const [gpu, cpu, memory] = method === 'opencost' ? [950_000n, 31_611n, 4_237n] : [90n, 9n, 1n]
  return [count(gpuCount) * gpu, count(vcpuCount) * cpu, count(memoryGib) * memory]
}

/** Divides by 2 to 8: a third of a GPU, or three quarters of a GiB, is a whole number of them. */
const PIECES = 840_000

function count(units: number): bigint {
  return BigInt(Math.round(units * PIECES))
}

/** The share in billionths; null for what is no decimal from 0 to 1 with at most nine places. */
export function shareOf(text: string): bigint | null {
  const [, one = '', fraction = ''] = /^([01])(?:\.(\d{1,9}))?$/.exec(text) ?? []
  if (one === '') return null
  const share = BigInt(one + fraction.padEnd(9, '0'))
  return share <= WHOLE ? share : null
}

const WHOLE = 1_000_000_000n

function billionths(text = ''): bigint {
  const share = shareOf(text)
  if (share === null) throw new RangeError(`not a share: ${text}`)
  return share
}

/** Whether three shares are shares, and all of the node. */
export function isWhole({ gpu, cpu, memory }: Shares): boolean {
  const shares = [gpu, cpu, memory].map(shareOf)
  return shares.every((share) => share !== null) && shares.reduce((sum, share) => sum + (share ?? 0n), 0n) === WHOLE
}
