import { z } from 'zod'
import { gpuSecondsOfMs } from '../../db/units/gpu.ts'
import type { TeamId } from '../../db/units/ids.ts'
import {
  addExact,
  allocate,
  divideHalfEven,
  type NanoUsd,
  nanoUsd,
  toNanoUsd,
  ZERO_EXACT,
} from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, GpuTime, Usd } from '../answer-fields.ts'
import { DAYS_IN_ORDER, daysInOrder } from '../day-range.ts'
import { DayText } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { BUCKETS } from '../tokens/token-usage.ts'
import { bookOf, costOn, listCosts, type TeamPart, teamParts, tokensOf, total, weightOf } from './cells.ts'
import { type Bucket, type ModelRead, readEconomics } from './read-economics.ts'

export const EconomicsAsked = z
  .object({ start: DayText, end: DayText, model: z.string().max(200).optional() })
  .refine(daysInOrder, DAYS_IN_ORDER)

const Count = z.number().int()
const PerMillion = Usd.nullable()

/** What tokens cost, per million of them, and beside list price. */
const Figures = {
  tokens: Count.describe('Metered by the gateway for the model that was asked, and by imported files'),
  costedTokens: Count.describe('Of them, on days whose cost is known: what unit prices are made of'),
  allocationCostNanoUsd: Usd.nullable().describe('With the idle capacity it carries. Null: no day has a bill'),
  usageCostNanoUsd: Usd.nullable().describe('Without it. Null also where the capacity of a pool is unknown'),
  allocationPerMillionNanoUsd: PerMillion,
  usagePerMillionNanoUsd: PerMillion,
  listCostNanoUsd: Usd.nullable().describe('The same tokens by the price book. Null: unpriced'),
  listPerMillionNanoUsd: PerMillion,
}

export const UnitBucket = z.object({
  bucket: z.enum(BUCKETS as [Bucket, ...Bucket[]]),
  tokens: Count,
  allocationCostNanoUsd: Usd.nullable(),
  usageCostNanoUsd: Usd.nullable(),
  allocationPerMillionNanoUsd: PerMillion,
  usagePerMillionNanoUsd: PerMillion,
  listPerMillionNanoUsd: PerMillion,
})

export const UnitTeam = z.object({
  kind: z.enum(['team', 'none', 'nobody']).describe('none: calls of no team; nobody: days without a token'),
  teamId: AnsweredId('team').nullable(),
  teamName: z.string().nullable(),
  tokens: Count,
  allocationCostNanoUsd: Usd.nullable(),
  usageCostNanoUsd: Usd.nullable(),
})

export const ServedModel = z.object({
  model: z.string(),
  ...Figures,
  gpuSeconds: GpuTime.nullable().describe('Held by its deployments. Null: not for who sees only some teams'),
  requestCount: Count,
  failedRequestCount: Count,
  savedNanoUsd: Usd.describe('What answers from the gateway’s own store would have cost at list price'),
  marginNanoUsd: Usd.nullable().describe('List cost − allocation cost of the same days'),
  marginShare: z.number().nullable().describe('Of the list cost; below 0: buying would have been cheaper'),
  breakEvenTokensPerDay: Count.nullable().describe('Tokens of this mix a day at which own cost is the list cost'),
  breakEvenUtilization: z
    .number()
    .nullable()
    .describe('Usage cost ÷ list cost of the same tokens: above 1, not even a pool that is always held breaks even'),
  bucketWeights: z
    .enum(['list_price', 'output_2_5'])
    .describe('What the cost is split over buckets by: list prices, or one output token as 2.5 of input'),
  buckets: z.array(UnitBucket).describe('They sum to the cost'),
  teams: z.array(UnitTeam).describe('Each day’s cost by the tokens of that day: they sum to the cost'),
  dayCount: Count.describe('Days on which a deployment held GPUs'),
  costedDayCount: Count,
  provisionalDays: z.array(AnsweredDay).describe('They may still change: running, waiting, or without a bill yet'),
  coverage: z.number().nullable().describe('Part of the tokens on days whose cost is known; null: no tokens'),
  serverTokens: Count.nullable().describe('As the inference servers count them; null: nobody reads their counters'),
})

export const BoughtModel = z.object({
  model: z.string(),
  tokens: Count,
  requestCount: Count,
  costNanoUsd: Usd.describe('What providers reported, else by price book'),
  reportedCostNanoUsd: Usd.describe('Part of cost'),
  unpricedTokens: Count,
  costPerMillionNanoUsd: PerMillion.describe('Of the tokens that have a cost'),
  listCostNanoUsd: Usd.nullable(),
  listPerMillionNanoUsd: PerMillion,
  savedNanoUsd: Usd,
})

export const UnitEconomics = z.object({
  served: z.array(ServedModel).describe('Models on own GPUs, dearest first'),
  bought: z.array(BoughtModel).describe('Models without a deployment in the window, dearest first'),
  servingCostNanoUsd: Usd.describe('Σ served on the allocation basis'),
  isPartial: z.boolean().describe('True: only the tokens of the asker’s teams and what they cost'),
})
export type UnitEconomics = z.output<typeof UnitEconomics>

/**
 * What a million tokens of each model really cost in the window, on both bases, beside its list price. Cost is that of the
 * deployments' shares of their pools, day by day, over the tokens metered on the same day. Who does not see the whole
 * company gets the tokens of their teams and their part of the cost. Unit prices are rounded half-even; totals are exact.
 */
export async function unitEconomics(scope: Scope, asked: z.output<typeof EconomicsAsked>): Promise<UnitEconomics> {
  allow(scope, 'ledger:read')
  const window = { from: asked.start, before: addDays(asked.end, 1) }
  const { models, teams } = await readEconomics(scope, window, asked.model)
  const visible = visibleTeams(scope)
  const served: z.output<typeof ServedModel>[] = []
  const bought: z.output<typeof BoughtModel>[] = []
  for (const [model, read] of models) {
    const parts = visibleParts(read, visible)
    if (parts.length === 0) continue
    if (read.served.size > 0) served.push(servedModel(model, read, parts, teams, visible !== null))
    else bought.push(boughtModel(model, read, parts))
  }
  const dearest = (a: bigint | null, b: bigint | null) => ((a ?? 0n) === (b ?? 0n) ? 0 : (a ?? 0n) > (b ?? 0n) ? -1 : 1)
  served.sort((a, b) => dearest(a.allocationCostNanoUsd, b.allocationCostNanoUsd) || (a.model < b.model ? -1 : 1))
  bought.sort((a, b) => dearest(a.costNanoUsd, b.costNanoUsd) || (a.model < b.model ? -1 : 1))
  return {
    ...{ served, bought, isPartial: visible !== null },
    servingCostNanoUsd: nanoUsd(served.reduce((sum, one) => sum + (one.allocationCostNanoUsd ?? 0n), 0n)),
  }
}

/** The parts of a model that the asker sees. */
export function visibleParts(read: ModelRead, visible: readonly TeamId[] | null): TeamPart[] {
  const parts = teamParts(read)
  if (visible === null) return parts
  return parts.filter(({ teamId, isNobody }) => !isNobody && teamId !== null && visible.includes(teamId))
}

function servedModel(
  model: string,
  read: ModelRead,
  parts: readonly TeamPart[],
  names: ReadonlyMap<TeamId, string>,
  isPartial: boolean,
): z.output<typeof ServedModel> {
  const costed = parts.filter(({ allocation }) => allocation !== null)
  const days = [...read.served]
  const costedDays = days.filter(([, { allocation }]) => allocation !== null).length
  const allocation = costedDays === 0 ? null : costOn('allocation', costed)
  const usage = costedDays === 0 ? null : costOn('usage', costed)
  const lists = listCosts(costed, bookOf(read))
  const tokens = Number(total(tokensOf(parts)))
  const counted = total(tokensOf(costed))
  const exactList = lists && counted > 0n ? Object.values(lists).reduce(addExact, ZERO_EXACT) : null
  const list = exactList && toNanoUsd(exactList)
  const margin = list === null || allocation === null ? null : nanoUsd(list - allocation)
  return {
    model,
    ...{ tokens, costedTokens: Number(counted), allocationCostNanoUsd: allocation, usageCostNanoUsd: usage },
    ...{ allocationPerMillionNanoUsd: perMillion(allocation, counted) },
    ...{ usagePerMillionNanoUsd: perMillion(usage, counted) },
    ...{ listCostNanoUsd: list, listPerMillionNanoUsd: perMillion(list, counted) },
    gpuSeconds: isPartial ? null : days.reduce((sum, [, { gpuMs }]) => sum + gpuSecondsOfMs(gpuMs), 0),
    ...callSums(parts),
    marginNanoUsd: margin,
    marginShare: margin === null || !list ? null : Number(margin) / Number(list),
    breakEvenTokensPerDay: isPartial ? null : breakEven(allocation, list, counted, costedDays),
    breakEvenUtilization: usage === null || !list ? null : Number(usage) / Number(list),
    ...bucketsOf(costed, lists, allocation, usage),
    teams: teamsOf(parts, names),
    ...{ dayCount: days.length, costedDayCount: costedDays },
    provisionalDays: days.flatMap(([day, { isProvisional }]) => (isProvisional ? [day] : [])).sort(),
    coverage: tokens === 0 ? null : Number(counted) / tokens,
    serverTokens: isPartial || read.serverTokens === null ? null : Number(read.serverTokens),
  }
}

/** Own cost a day ÷ what one token is worth at list price. */
function breakEven(cost: bigint | null, list: bigint | null, tokens: bigint, days: number): number | null {
  if (cost === null || !list || list <= 0n || days === 0) return null
  return Number(divideHalfEven(cost * tokens, list * BigInt(days)))
}

/** Null where there is nothing to divide by. */
function perMillion(cost: bigint | null, tokens: bigint): NanoUsd | null {
  return cost === null || tokens <= 0n ? null : nanoUsd(divideHalfEven(cost * 1_000_000n, tokens))
}

function bucketsOf(
  parts: readonly TeamPart[],
  lists: ReturnType<typeof listCosts>,
  allocation: NanoUsd | null,
  usage: NanoUsd | null,
): Pick<z.output<typeof ServedModel>, 'buckets' | 'bucketWeights'> {
  const tokens = tokensOf(parts)
  const byPrice = lists && BUCKETS.map((name) => weightOf(lists[name]))
  const isPriced = byPrice?.some((weight) => weight > 0n) ?? false
  const isOut = (name: Bucket) => name === 'outputTokens' || name === 'reasoningTokens'
  const weights = (isPriced && byPrice) || BUCKETS.map((name) => tokens[name] * (isOut(name) ? 5n : 2n))
  const hasTokens = weights.some((weight) => weight > 0n)
  const split = (cost: NanoUsd | null) => (cost === null || !hasTokens ? null : allocate(cost, weights))
  const [allocations, usages] = [split(allocation), split(usage)]
  const buckets = BUCKETS.map((bucket, at) => {
    const [own, used] = [allocations?.[at] ?? null, usages?.[at] ?? null]
    return {
      ...{ bucket, tokens: Number(tokens[bucket]), allocationCostNanoUsd: own, usageCostNanoUsd: used },
      ...{ allocationPerMillionNanoUsd: perMillion(own, tokens[bucket]) },
      ...{ usagePerMillionNanoUsd: perMillion(used, tokens[bucket]) },
      listPerMillionNanoUsd: lists && perMillion(toNanoUsd(lists[bucket]), tokens[bucket]),
    }
  })
  return { bucketWeights: isPriced ? 'list_price' : 'output_2_5', buckets: buckets.filter((one) => one.tokens > 0) }
}

function teamsOf(parts: readonly TeamPart[], names: ReadonlyMap<TeamId, string>): z.output<typeof UnitTeam>[] {
  const groups = Map.groupBy(parts, ({ isNobody, teamId }) => (isNobody ? 'nobody' : (teamId ?? 'none')))
  const rows = [...groups].map(([key, own]): z.output<typeof UnitTeam> => {
    const costed = own.filter(({ allocation }) => allocation !== null)
    const teamId = key === 'nobody' || key === 'none' ? null : key
    return {
      kind: key === 'nobody' || key === 'none' ? key : 'team',
      ...{ teamId, teamName: teamId && (names.get(teamId) ?? null), tokens: Number(total(tokensOf(own))) },
      allocationCostNanoUsd: costed.length === 0 ? null : costOn('allocation', costed),
      usageCostNanoUsd: costed.length === 0 ? null : costOn('usage', costed),
    }
  })
  return rows.sort((a, b) => b.tokens - a.tokens || ((a.teamId ?? '') < (b.teamId ?? '') ? -1 : 1))
}

function callSums(parts: readonly TeamPart[]) {
  const sum = (figure: (call: NonNullable<TeamPart['call']>) => bigint) =>
    parts.reduce((all, { call }) => all + (call ? figure(call) : 0n), 0n)
  return {
    requestCount: Number(sum(({ requests }) => requests)),
    failedRequestCount: Number(sum(({ failed }) => failed)),
    savedNanoUsd: nanoUsd(sum(({ saved }) => saved)),
  }
}

function boughtModel(model: string, read: ModelRead, parts: readonly TeamPart[]): z.output<typeof BoughtModel> {
  const sum = (name: 'metered' | 'reported' | 'unpricedTokens') =>
    parts.reduce((all, { call }) => all + (call?.[name] ?? 0n), 0n)
  const tokens = total(tokensOf(parts))
  const [cost, unpriced] = [nanoUsd(sum('metered')), sum('unpricedTokens')]
  const lists = listCosts(parts, bookOf(read))
  const list = lists && tokens > 0n ? toNanoUsd(Object.values(lists).reduce(addExact, ZERO_EXACT)) : null
  const { requestCount, savedNanoUsd } = callSums(parts)
  return {
    ...{ model, tokens: Number(tokens), requestCount, savedNanoUsd, costNanoUsd: cost },
    ...{ reportedCostNanoUsd: nanoUsd(sum('reported')), unpricedTokens: Number(unpriced) },
    costPerMillionNanoUsd: perMillion(cost, tokens - unpriced),
    ...{ listCostNanoUsd: list, listPerMillionNanoUsd: perMillion(list, tokens) },
  }
}
