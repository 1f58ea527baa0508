import { z } from 'zod'
import { GpuTime, Usd } from '../answer-fields.ts'
import { METHODS } from './methods.ts'
import { KINDS } from './node-bills.ts'

const share = z.string().meta({ examples: ['0.8'] })

/** By which method, in the words that stand beside the figures. */
export const MethodSaid = z.object({
  name: z.enum(METHODS),
  version: z.number().int().describe('Raised with every change of a constant'),
  title: z.string(),
  formula: z.string(),
  source: z.string().describe('Where its constants are from'),
  needsSpecs: z.boolean().describe('Whether it asks for a node’s vCPUs and memory'),
})

const optionalUsd = (words: string) => Usd.nullable().describe(words)

/** One kind of node, or a part of the bill that could not be split. */
export const NodeCostRow = z.object({
  kind: z.enum(KINDS).describe('split, or why it could not be'),
  provider: z.string(),
  instanceType: z.string(),
  gpuType: z.string(),
  gpuCount: z.number().nullable().describe('GPUs of one node; a fraction where one is shared'),
  vcpuCount: z.number().nullable(),
  memoryGib: z.number().nullable(),
  nodeHours: z.number().nullable().describe('GPU-hours divided by the node’s GPUs; null: no charge counts hours'),
  gpuSeconds: GpuTime.nullable().describe('GPU time that was billed; null: no charge counts hours'),
  costNanoUsd: Usd.describe('Effective cost'),
  gpuNanoUsd: optionalUsd('The GPUs’ part; with cpu and memory it sums to the cost; null: not split'),
  cpuNanoUsd: optionalUsd('The CPUs’ part'),
  memoryNanoUsd: optionalUsd('The memory’s part'),
  perGpuHourNanoUsd: optionalUsd('The GPUs’ part of one GPU-hour'),
  wholePerGpuHourNanoUsd: optionalUsd('The whole cost divided by GPU-hours'),
})
export type NodeCostRow = z.output<typeof NodeCostRow>

/** The figures, and how they were made. */
export const NodeCost = z.object({
  rows: z.array(NodeCostRow).describe('What was split, the dearest first, then what was not; they sum to the cost'),
  method: MethodSaid.extend({
    shares: z.object({ gpu: share, cpu: share, memory: share }).nullable().describe('Of custom'),
    isCompanys: z.boolean().describe('What the company has chosen; false: only this question'),
  }),
  totals: z.object({
    costNanoUsd: Usd.describe('The bill of these days and filters: split and not split'),
    splitNanoUsd: Usd,
    gpuNanoUsd: Usd,
    cpuNanoUsd: Usd,
    memoryNanoUsd: Usd,
    notSplitNanoUsd: Usd,
    gpuSeconds: GpuTime.describe('Of what was split'),
    perGpuHourNanoUsd: optionalUsd('Of the rows that were split and count hours'),
    wholePerGpuHourNanoUsd: optionalUsd('Of the rows that were split and count hours'),
  }),
})
export type NodeCost = z.output<typeof NodeCost>
