import { divideHalfEven, type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readSetting } from '../settings/settings.ts'
import { versionOf } from '../versions.ts'
import { chosenBy, type NodeCostAsked } from './asked.ts'
import { METHOD, type Parts, split } from './methods.ts'
import { KINDS, type NodeBill, nodeBills } from './node-bills.ts'
import type { NodeCost, NodeCostRow } from './node-cost-fields.ts'

/**
 * What nodes cost, and what of it their GPUs: bill entries whose instance type the catalogue knows, per provider, size and
 * GPU type, split by the company's method or the one that was asked for. Everything else of the bill follows unsplit, so
 * the rows sum to the bill of these days and filters, and each row's parts to its cost, to the nano-dollar.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`, `auth.whole_company`; invalid `node_split.no_shares`
 */
export async function nodeCost(scope: Scope, asked: NodeCostAsked): Promise<NodeCost> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'What nodes cost')
  const company = await readSetting(scope.db, 'nodeSplitMethod')
  const chosen = chosenBy(asked, company)
  const rows = (await nodeBills(scope, asked)).map((bill) =>
    rowOf(bill, bill.node && split(bill.cost, bill.node, chosen)),
  )
  rows.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byCost(a, b))
  const isCompanys = versionOf(chosen) === versionOf(company)
  return { rows, method: { ...METHOD[chosen.method], shares: chosen.shares, isCompanys }, totals: totalsOf(rows) }
}

function rowOf({ kind, node, cost, gpuSeconds, ...names }: NodeBill, parts: Parts | null): NodeCostRow {
  const { gpuCount = null, vcpuCount = null, memoryGib = null } = node ?? {}
  return {
    ...{ kind: kind === 'split' && parts === null ? 'unknown_spec' : kind, ...names, gpuCount, vcpuCount, memoryGib },
    nodeHours: gpuSeconds === null || gpuCount === null ? null : Math.round(gpuSeconds / gpuCount / 3.6) / 1_000,
    ...{ gpuSeconds, costNanoUsd: cost },
    ...(parts ?? { gpuNanoUsd: null, cpuNanoUsd: null, memoryNanoUsd: null }),
    perGpuHourNanoUsd: perHour(parts?.gpuNanoUsd ?? null, gpuSeconds),
    wholePerGpuHourNanoUsd: perHour(cost, gpuSeconds),
  }
}

function totalsOf(rows: readonly NodeCostRow[]): NodeCost['totals'] {
  const isSplit = rows.filter(({ kind }) => kind === 'split')
  const counted = isSplit.filter(({ gpuSeconds }) => gpuSeconds !== null)
  const gpuSeconds = counted.reduce((sum, row) => sum + (row.gpuSeconds ?? 0), 0)
  const [costNanoUsd, splitNanoUsd] = [sumOf(rows, 'costNanoUsd'), sumOf(isSplit, 'costNanoUsd')]
  return {
    ...{ costNanoUsd, splitNanoUsd, gpuSeconds },
    gpuNanoUsd: sumOf(isSplit, 'gpuNanoUsd'),
    cpuNanoUsd: sumOf(isSplit, 'cpuNanoUsd'),
    memoryNanoUsd: sumOf(isSplit, 'memoryNanoUsd'),
    notSplitNanoUsd: nanoUsd(costNanoUsd - splitNanoUsd),
    perGpuHourNanoUsd: perHour(sumOf(counted, 'gpuNanoUsd'), gpuSeconds),
    wholePerGpuHourNanoUsd: perHour(sumOf(counted, 'costNanoUsd'), gpuSeconds),
  }
}

type Amount = 'costNanoUsd' | 'gpuNanoUsd' | 'cpuNanoUsd' | 'memoryNanoUsd'

function sumOf(rows: readonly NodeCostRow[], name: Amount): NanoUsd {
  return nanoUsd(rows.reduce((sum, row) => sum + (row[name] ?? 0n), 0n))
}

/** Null where there is no amount or no time; rounded half to even to a nano-dollar. */
function perHour(amount: NanoUsd | null, gpuSeconds: number | null): NanoUsd | null {
  return amount === null || !gpuSeconds ? null : nanoUsd(divideHalfEven(amount * 3_600n, BigInt(gpuSeconds)))
}

/** The dearest first, equal ones by name. */
function byCost(a: NodeCostRow, b: NodeCostRow): number {
  if (a.costNanoUsd !== b.costNanoUsd) return a.costNanoUsd > b.costNanoUsd ? -1 : 1
  const [nameA, nameB] = [a, b].map(({ provider, instanceType, gpuType }) => `${provider} ${instanceType} ${gpuType}`)
  return (nameA ?? '') < (nameB ?? '') ? -1 : 1
}
