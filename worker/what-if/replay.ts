import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays } from '../../db/units/time.ts'
import { isByBill } from '../analytics/bill-conditions.ts'
import { isByOwner } from '../analytics/conditions.ts'
import { type Cell, cellsTogether, KINDS } from '../analytics/ledger.ts'
import { measuredDays } from '../analytics/measured-days.ts'
import { type Visible, visibleQuestion } from '../analytics/visible-question.ts'
import { AnsweredDay, AnsweredId, Usd } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readEconomics } from '../unit-economics/read-economics.ts'
import { unitEconomics } from '../unit-economics/unit-economics.ts'
import type { ReplayAsked } from './changes.ts'
import { type Hours, type Replayed, type ReplayedPool, replayPool } from './replay-pools.ts'
import { replayTokens } from './replay-tokens.ts'

const Both = {
  beforeNanoUsd: Usd,
  afterNanoUsd: Usd,
  differenceNanoUsd: Usd.describe('After − before; below 0: cheaper'),
}

export const Replay = z.object({
  start: AnsweredDay,
  end: AnsweredDay,
  gpu: z.object(Both).describe('The ledger of the window and filters; before is its actual cost'),
  tokens: z.object(Both).describe('Bought tokens, as they were metered: beside the ledger, not in it'),
  serving: z.object(Both).describe('Models that are bought instead of served: what their deployments cost is in gpu'),
  differenceNanoUsd: Usd.describe('Of the three'),
  teams: z.array(z.object({ name: z.string(), kind: z.enum(KINDS), teamId: AnsweredId('team').nullable(), ...Both })),
  pools: z.array(
    z.object({
      ...{ provider: z.string(), gpuType: z.string(), ...Both },
      gpuHourNanoUsd: Usd.nullable().describe('Actual cost ÷ billed GPU-hours (for teams: held); null: not known'),
      utilization: z.number().nullable().describe('Actual held ÷ billed GPU-hours, 0–1; null: not known'),
    }),
  ),
  models: z.array(
    z.object({
      ...{ model: z.string(), teamId: AnsweredId('team').nullable(), teamName: z.string().nullable(), ...Both },
      source: z.string().nullable().describe('Whose price it was replayed at; null: it stayed as it was'),
    }),
  ),
  bought: z.array(z.object({ model: z.string(), ...Both })),
  notReplayed: z.array(z.object({ thing: z.string(), missing: z.string() })),
  isPartial: z.boolean().describe('True: of the asker’s teams only'),
  how: z.string(),
})
export type Replay = z.output<typeof Replay>

const HOW =
  'Each pool’s days as they were, times what would be otherwise: other capacity for the same work (actual ÷ asked utilisation), another price of a GPU-hour (asked ÷ actual), and a commitment, which is paid all day at its discount while what is above it costs what a GPU-hour does. Each pool-day is rounded once, and its owners’ parts sum to it. Without a change the answer is the actual cost, to the nano-dollar. Bought tokens are scaled by new ÷ old price of the same tokens.'

/**
 * The window's ledger once more with other prices, providers, commitments or utilisation, and its bought tokens with other
 * prices or models. Who does not see the whole company gets their teams' part, where a GPU-hour is one that was held.
 *
 * @throws HelioxError invalid `what_if.not_additive`, `what_if.whole_pools`, `what_if.one_at_a_time`; what `visibleQuestion` throws
 */
export async function replay(scope: Scope, asked: ReplayAsked): Promise<Replay> {
  if (asked.basis === 'exposure')
    throw new HelioxError('invalid', 'what_if.not_additive', 'Exposure does not add up: replay allocation or usage')
  const question = visibleQuestion(scope, asked, ['provider', 'gpu_type', 'team'])
  requireReplayable(scope, question, asked)
  const by = { time: 'day', names: ['provider', 'gpu_type', 'team'] } as const
  const [cells = []] = await cellsTogether(scope, [{ question, by }])
  const hours = await hoursOf(scope, question, cells)
  const pools = [...Map.groupBy(cells, ({ names }) => poolKey(names))].map(([key, of]) => {
    const [provider = '', gpuType = ''] = of[0]?.names ?? []
    const days = Map.groupBy([...of].sort(inOrder), ({ period }) => period ?? '')
    return replayPool({ provider, gpuType }, days, hours.get(key) ?? new Map(), asked.window, asked)
  })
  const { models, teams } = await readEconomics(scope, asked.window, undefined)
  const isAsked = (teamId: TeamId | null) =>
    question.filters.teamId === null || (teamId !== null && question.filters.teamId.includes(teamId))
  const tokens = replayTokens(models, isAsked, asked)
  const bought = await boughtModels(scope, asked)
  const [gpuBoth, tokenBoth, servingBoth] = [
    both(pools.flatMap(amountsOf)),
    both(tokens.rows),
    both(bought.rows.map(({ beforeNanoUsd: before, afterNanoUsd: after }) => ({ before, after }))),
  ]
  return {
    ...{ start: asked.window.from, end: addDays(asked.window.before, -1) },
    ...{ gpu: gpuBoth, tokens: tokenBoth, serving: servingBoth },
    differenceNanoUsd: nanoUsd(gpuBoth.differenceNanoUsd + tokenBoth.differenceNanoUsd + servingBoth.differenceNanoUsd),
    teams: teamRows(pools),
    pools: pools.map(poolRow).sort(dearest),
    models: tokens.rows
      .map(({ model, teamId, source, ...amounts }) => ({
        ...{ model, teamId, teamName: teamId && (teams.get(teamId) ?? teamId), ...both([amounts]), source },
      }))
      .sort(dearest),
    bought: bought.rows,
    notReplayed: [
      ...pools.flatMap(({ provider, gpuType, notReplayed }) =>
        notReplayed.map((missing) => ({ thing: `${provider} ${gpuType}`.trim(), missing })),
      ),
      ...[...tokens.notReplayed, ...bought.notReplayed],
    ],
    ...{ isPartial: question.isPartial, how: HOW },
  }
}

function requireReplayable(scope: Scope, question: Visible, asked: ReplayAsked): void {
  const isOfPools = asked.utilization.length > 0 || asked.commit.length > 0
  if (isOfPools) requireWholeCompany(scope, 'Another utilisation or commitment')
  if (isOfPools && (isByOwner(question) || isByBill(question))) {
    const message = 'Utilisation and commitments are of whole pools: take the filters on owners and bill lines away'
    throw new HelioxError('invalid', 'what_if.whole_pools', message)
  }
  if (asked.buyModel.length === 0) return
  requireWholeCompany(scope, 'Buying instead of serving')
  const { gpuPrice, gpuPercent, moveTo, utilization, commit } = asked
  if ([gpuPrice, gpuPercent, moveTo, utilization, commit].every((list) => list.length === 0)) return
  const message =
    'What is bought instead is compared with what its deployments cost: ask it apart from changes of pools'
  throw new HelioxError('invalid', 'what_if.one_at_a_time', message)
}

function poolKey([provider, gpuType]: readonly string[]): string {
  return JSON.stringify([provider, gpuType])
}

/** Owners in the order of their teams, what is left over behind them: it decides who carries a stray nano-dollar. */
function inOrder(a: Cell, b: Cell): number {
  const key = ({ kind, teamId, names }: Cell) => `${KINDS.indexOf(kind)} ${teamId ?? ''} ${names[2] ?? ''}`
  return key(a) < key(b) ? -1 : 1
}

/** GPU time by pool and day: billed and held, or for a part of the owners what they held. None where only the bill tells what is asked. */
async function hoursOf(
  scope: Scope,
  question: Visible,
  cells: readonly Cell[],
): Promise<Map<string, Map<string, Hours>>> {
  const all = new Map<string, Map<string, Hours>>()
  const of = (key: string) => {
    const known = all.get(key) ?? new Map<string, Hours>()
    all.set(key, known)
    return known
  }
  if (isByBill(question)) return all
  if (isByOwner(question)) {
    for (const { names, period, gpuSeconds } of cells) {
      const days = of(poolKey(names))
      const held = BigInt(Math.round((gpuSeconds ?? 0) * 1000)) + (days.get(period ?? '')?.heldMs ?? 0n)
      days.set(period ?? '', { capacityMs: null, heldMs: held })
    }
    return all
  }
  const rows = await scope.db.all<{
    day: string
    provider: string
    gpuType: string
    capacityMs: bigint | null
    heldMs: bigint
  }>(measuredDays(question))
  for (const { day, provider, gpuType, capacityMs, heldMs } of rows)
    if (capacityMs !== null) of(poolKey([provider, gpuType])).set(day, { capacityMs, heldMs })
  return all
}

async function boughtModels(scope: Scope, asked: ReplayAsked) {
  if (asked.buyModel.length === 0) return { rows: [], notReplayed: [] }
  const { served } = await unitEconomics(scope, { start: asked.window.from, end: addDays(asked.window.before, -1) })
  const found = [...new Set(asked.buyModel)].map((model) => ({ model, one: served.find((row) => row.model === model) }))
  return {
    rows: found.flatMap(({ model, one }) => {
      const [before, after] = [one?.allocationCostNanoUsd ?? null, one?.listCostNanoUsd ?? null]
      return before === null || after === null ? [] : [{ model, ...both([{ before, after }]) }]
    }),
    notReplayed: found
      .filter(({ one }) => !one || one.allocationCostNanoUsd === null || one.listCostNanoUsd === null)
      .map(({ model, one }) => ({
        thing: model,
        missing: one
          ? 'Its deployments have no bill, or its tokens no price, on these days'
          : 'No deployment served it on these days',
      })),
  }
}

type Amounts = { before: bigint; after: bigint }

function amountsOf({ rows, addedNanoUsd }: ReplayedPool): Amounts[] {
  return addedNanoUsd === 0n ? rows : [...rows, { before: 0n, after: addedNanoUsd }]
}

function both(amounts: readonly Amounts[]) {
  const before = nanoUsd(amounts.reduce((sum, one) => sum + one.before, 0n))
  const after = nanoUsd(amounts.reduce((sum, one) => sum + one.after, 0n))
  return { beforeNanoUsd: before, afterNanoUsd: after, differenceNanoUsd: nanoUsd(after - before) }
}

function poolRow(pool: ReplayedPool): Replay['pools'][number] {
  const { provider, gpuType, gpuHourNanoUsd, utilization } = pool
  return {
    ...{ provider, gpuType, ...both(amountsOf(pool)) },
    gpuHourNanoUsd: gpuHourNanoUsd === null ? null : nanoUsd(gpuHourNanoUsd),
    utilization: utilization === null ? null : Number(utilization) / 1e6,
  }
}

/** Dearest team first, what nobody was charged behind. A commitment on days without a bill is nobody's. */
function teamRows(pools: readonly ReplayedPool[]): Replay['teams'] {
  const rows = pools.flatMap(({ rows: of }) => of)
  const added = pools.reduce((sum, { addedNanoUsd }) => sum + addedNanoUsd, 0n)
  const groups = Map.groupBy(rows, ({ cell: { kind, teamId, names } }) => JSON.stringify([kind, teamId, names[2]]))
  const teams = [...groups.values()].map((of) => {
    const { kind, teamId, names } = (of[0] as Replayed).cell
    return { name: names[2] ?? '', kind, teamId, ...both(of) }
  })
  const nobody = { name: '__unallocated__', kind: 'unallocated' as const, teamId: null }
  const all = added === 0n ? teams : [...teams, { ...nobody, ...both([{ before: 0n, after: added }]) }]
  const merged = [...Map.groupBy(all, ({ kind, teamId, name }) => JSON.stringify([kind, teamId, name])).values()].map(
    (same) => ({
      ...(same[0] as Replay['teams'][number]),
      ...both(same.map(({ beforeNanoUsd: before, afterNanoUsd: after }) => ({ before, after }))),
    }),
  )
  return merged.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || dearest(a, b))
}

function dearest(a: { beforeNanoUsd: bigint }, b: { beforeNanoUsd: bigint }): number {
  return a.beforeNanoUsd === b.beforeNanoUsd ? 0 : a.beforeNanoUsd > b.beforeNanoUsd ? -1 : 1
}
