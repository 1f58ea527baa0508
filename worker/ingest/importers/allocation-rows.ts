import { normalName, readGpuHours } from '../../../db/units/gpu.ts'
import { type ExactUsd, exactText } from '../../../db/units/money.ts'
import type { EpochMs } from '../../../db/units/time.ts'
import type { Allocation } from './allocation.ts'
import { chargeOf, tagsText } from './charge.ts'
import { type BilledGpu, type CostDraft, type JobDraft, type ReadOptions, type Refused, refuse } from './importer.ts'
import { finished } from './job-row.ts'
import { amountOverParts, type DayPart, dayParts, overParts } from './over-days.ts'

/** A longer window is one that was asked for without a step; its days would be made up. */
const MOST_DAYS = 400

/**
 * What an allocation is in the ledger: for each of its UTC days the cost of its GPUs, the rest of its cost, and its time on
 * GPUs as a job. An allocation over several days is cut at midnight in proportion to its minutes. All of it, or one refusal.
 */
export function allocationRows(
  line: number,
  allocation: Allocation,
  options: ReadOptions,
): (CostDraft | JobDraft | Refused)[] {
  const { gpuCost, restCost } = allocation
  const parts = dayParts(allocation.startedAtMs, allocation.endedAtMs)
  const whole = { billed: total(allocation), effective: total(allocation) }
  if (parts.length > MOST_DAYS)
    return [{ ...refuse(line, 'end', 'too_long', 'more than 400 days in one: ask OpenCost with step=1d'), ...whole }]
  const gpu: BilledGpu = { gpuType: gpuTypeOf(allocation.gpuModel, options), gpuCount: null }
  const gpuSeconds = overParts(BigInt(readGpuHours(allocation.gpuHours) ?? 0), parts)
  const gpuCosts = amountOverParts(gpuCost, parts)
  const restCosts = amountOverParts(restCost, parts)
  const rows: (CostDraft | JobDraft | Refused)[] = []
  for (const [at, part] of parts.entries()) {
    const seconds = Number(gpuSeconds[at] ?? 0n)
    if (gpuCost.digits !== 0n)
      rows.push(charge(line, allocation, { part, amount: gpuCosts[at] ?? gpuCost, gpu, seconds }, options))
    if (restCost.digits !== 0n || gpuCost.digits === 0n)
      rows.push(charge(line, allocation, { part, amount: restCosts[at] ?? restCost, gpu: null, seconds: 0 }, options))
    if (seconds > 0 && isWorkload(allocation.name))
      rows.push(job(line, allocation, { part, isFirst: at === 0, seconds, gpuType: gpu.gpuType }, options))
  }
  const refused = rows.find((row) => row.kind === 'refused')
  return refused ? [{ ...refused, ...whole }] : rows
}

type Piece = { part: DayPart; amount: ExactUsd; gpu: BilledGpu | null; seconds: number }

function charge(line: number, of: Allocation, { part, amount, gpu, seconds }: Piece, options: ReadOptions) {
  const hours = exactText({ digits: (BigInt(seconds) * 10n ** 12n) / 3600n, scale: 12 })
  const row = chargeOf(
    line,
    {
      ...{ billed: ['totalCost', readable(amount)], currency: ['currency', options.currency] },
      start: ['start', new Date(part.startedAtMs).toISOString()],
      end: ['end', new Date(part.endedAtMs).toISOString()],
      ...{ provider: providerOf(of, options), billingAccount: cut(of.cluster), account: cut(of.namespace) },
      ...{ region: '', service: 'Kubernetes', sku: gpu ? 'gpu' : '', instanceType: '' },
      item: of.controller || of.pod || of.name,
      ...{ chargeCategory: 'Usage', pricingCategory: '', tags: tagsOf(of), gpu },
      ...{ quantity: hours, unit: 'GPU-Hours', isUsage: gpu !== null && seconds > 0 },
    },
    options,
  )
  if (row.kind === 'cost' && row.billedInCurrency === null) return { ...row, billed: amount, effective: amount }
  return row
}

type Held = { part: DayPart; isFirst: boolean; seconds: number; gpuType: string }

/**
 * The GPUs that it held, in thousandths: as many as its GPU-hours need in its time, rounded up, and its end drawn in by
 * what that is too much, so that its GPU time comes out. A quarter of a GPU for an hour is that, from start to end.
 */
function job(line: number, of: Allocation, { part, isFirst, seconds, gpuType }: Held, options: ReadOptions) {
  const { startedAtMs } = part
  const available = Math.max(1, Math.floor((part.endedAtMs - startedAtMs) / 1000))
  const gpuMilli = Math.ceil((seconds * 1000) / available)
  const window = new Date(of.windowAtMs).toISOString()
  return finished({
    ...{ kind: 'job', line, jobId: of.name.slice(-200), status: 'completed', gpuType, gpuMilli },
    ...{ userName: '', jobName: of.name.slice(-200) },
    run: isFirst ? window : `${window}+${new Date(startedAtMs).toISOString().slice(0, 10)}`,
    teamName: teamOf(of).slice(0, 200).trim(),
    modelName: (of.controller.split('/').at(-1) || of.pod).slice(0, 200),
    ...{ provider: providerOf(of, options), startedAtMs },
    endedAtMs: (startedAtMs + Math.floor((seconds * 1000) / gpuMilli) * 1000) as EpochMs,
  })
}

/** Idle and unmounted capacity is nobody's work, and so is what has no name in any part; "ml/__unallocated__" is ml's. */
function isWorkload(name: string): boolean {
  const parts = name.split('/')
  return (
    !parts.includes('__idle__') && !parts.includes('__unmounted__') && parts.some((part) => part !== '__unallocated__')
  )
}

/** The label team, or owner, of the pod or else of its namespace; else the namespace, or by what it was aggregated. */
function teamOf({ labels, namespaceLabels, namespace, name }: Allocation): string {
  for (const given of [labels, namespaceLabels])
    for (const key of ['team', 'owner']) {
      const value = given[key]
      if (typeof value === 'string' && value.trim() !== '') return value.trim()
    }
  return namespace || (name.includes('/') ? '' : name) || 'unassigned'
}

/** One for all of a cluster, so that its idle cost and its jobs meet: the sender's word, else the cluster's name. */
function providerOf({ cluster }: Allocation, { provider }: ReadOptions): string {
  return normalName((provider || cluster || 'kubernetes').slice(0, 100)) || 'kubernetes'
}

function gpuTypeOf(model: string, { recogniseGpu }: ReadOptions): string {
  if (model === '') return 'unknown'
  const thing = { provider: '', service: '', serviceCategory: '', sku: '', skuMeter: '', skuPriceDetails: '' }
  const item = `gpu ${model}`
  const known = recogniseGpu({ ...thing, item, instanceType: '', resourceType: '' })?.gpuType
  return known || normalName(model.slice(0, 100)) || 'unknown'
}

function tagsOf({ labels }: Allocation): string {
  const tags = tagsText(labels)
  return tags.length <= 4_000 ? tags : '' // a charge is kept without its labels rather than refused
}

function total({ gpuCost, restCost }: Allocation): ExactUsd {
  const scale = Math.max(gpuCost.scale, restCost.scale)
  const at = (amount: ExactUsd) => amount.digits * 10n ** BigInt(scale - amount.scale)
  return { digits: at(gpuCost) + at(restCost), scale }
}

/** As text that is read as an amount: floats end in more digits than that, and the exact one is put back behind it. */
function readable({ digits, scale }: ExactUsd): string {
  return exactText(scale <= 30 ? { digits, scale } : { digits: digits / 10n ** BigInt(scale - 30), scale: 30 })
}

function cut(name: string): string {
  return name.slice(0, 300)
}
