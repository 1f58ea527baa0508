import type { budgets } from '../../../db/schema/budgets.ts'
import { completionTokens, promptTokens } from '../tokens/counts.ts'
import type { BudgetStanding, Caller, CallRecord, Most } from './messages.ts'

/** A budget as the meter keeps it; the limit a key brings itself is one as well. */
export type KeptBudget = Pick<typeof budgets.$inferSelect, 'scope' | 'scopeId' | 'period' | 'mode'> & {
  /** "bdgt_3", or the key's own id. */
  id: string
  limitNanoUsd: bigint | null
  limitTokens: number | null
}

/** What was spent of a budget in a period, as the database has it. */
export type Spent = { costNanoUsd: bigint; tokens: number }

/** A place that a call holds until it is settled: nano-dollars and tokens, in each of these budgets and periods. */
type Hold = { keys: string[]; costNanoUsd: bigint; tokens: number }

export type Verdict =
  | { is: 'held'; outputCap: number | null }
  /** Others hold what this call would need: it waits for one of them to be settled. */
  | { is: 'wait' }
  | { is: 'over'; budget: KeptBudget }

/** Below so many times what a call may cost a budget is nearly spent, and guesses are not trusted. */
const TIGHT = 50n
/** Output that is held for a call of a model that has answered before, over the longest such answer. */
const HEADROOM = 4
const LEAST_OUTPUT = 64
/** What is left of an older call's cost when the next one is compared with it. */
const FADING = 0.98
const MILLION = 1_000_000n
const NOTHING: Spent = { costNanoUsd: 0n, tokens: 0 }

/**
 * Budgets in memory: what is spent, by the database and by calls that it does not have yet, and what calls that are under way
 * may still spend. A call is let through only if all that applies holds both: so budgets are never passed by calls at the same
 * time. Amounts derive from the ledger: `derive` sets them, and setting them again changes nothing.
 */
export class BudgetBook {
  private all: readonly KeptBudget[] = []
  /** By budget and period: what the database has, and the calls in `pending`. */
  private sums = new Map<string, Spent>()
  /** Ended calls that the database does not have yet, by id. */
  private readonly pending = new Map<string, CallRecord>()
  private readonly holds = new Map<string, Hold>()
  /** By budget and period: all holds together. */
  private readonly held = new Map<string, Spent>()
  /** By model asked: the dearest of the last calls, and its longest output. */
  private readonly seen = new Map<string, { costNanoUsd: bigint; outputTokens: number }>()

  /** Takes the budgets and what the database says was spent of them, by `periodKey`. */
  derive(all: readonly KeptBudget[], base: ReadonlyMap<string, Spent>): void {
    this.all = all
    this.sums = new Map(base)
    for (const record of this.pending.values()) this.add(record)
  }

  /** Budgets in which the call counts. */
  applying(caller: Caller, model: string): KeptBudget[] {
    const ids = { company: '', team: caller.teamId, user: caller.userId, key: caller.keyId, model } as const
    return this.all.filter(({ scope, scopeId }) => ids[scope] === scopeId)
  }

  /** Holds a place for the call in every budget that applies; or says which one has none, or to wait. */
  hold(
    { id, modelAsked: model, ...caller }: Caller & Pick<CallRecord, 'id' | 'modelAsked'>,
    most: Most,
    nowMs: number,
  ): Verdict {
    const applying = this.applying(caller, model)
    const keys = applying.map((one) => periodKey(one, nowMs))
    const hard = applying.filter(({ mode }) => mode === 'hard')
    const seen = this.seen.get(model)
    const full = needOf(most, most.outputTokens, seen?.costNanoUsd ?? 0n)
    if (hard.length === 0) return this.take(id, keys, full, null)
    const room = this.roomIn(hard, nowMs)
    const isTight =
      (room.cost !== null && room.cost < full.cost * TIGHT) ||
      (room.tokens !== null && room.tokens < full.tokens * Number(TIGHT))
    if (fits(full, room) && (seen || !isTight)) return this.take(id, keys, full, null)
    if (seen && !most.isAsked) {
      const output = Math.min(most.outputTokens, Math.max(HEADROOM * seen.outputTokens, LEAST_OUTPUT))
      const trimmed = needOf(most, output, seen.costNanoUsd)
      if (fits(trimmed, room)) return this.take(id, keys, trimmed, output)
    }
    const over = hard.find((one) => !this.hasAnything(one, most, seen?.costNanoUsd ?? 0n, nowMs))
    if (over) return { is: 'over', budget: over }
    if (room.isHeldByOthers) return { is: 'wait' }
    if (most.isAsked && !fits(full, room)) return { is: 'over', budget: tightest(hard, (one) => this.left(one, nowMs)) }
    // Alone: it may have all that is left, and is asked for no more than that pays.
    const output = Math.min(most.outputTokens, affordable(most, room))
    if (output < 1) return { is: 'over', budget: tightest(hard, (one) => this.left(one, nowMs)) }
    const all = { cost: room.cost ?? full.cost, tokens: Math.min(full.tokens, room.tokens ?? full.tokens) }
    return this.take(id, keys, all, most.isAsked ? null : output)
  }

  /** The call needs its place no longer. */
  release(id: string): void {
    const hold = this.holds.get(id)
    if (!hold) return
    this.holds.delete(id)
    for (const key of hold.keys) addTo(this.held, key, -hold.costNanoUsd, -hold.tokens)
  }

  /** The call has ended: what it cost counts from now on. Again for the same call: once. */
  ended(record: CallRecord): void {
    this.release(record.id)
    if (this.pending.has(record.id)) return
    this.pending.set(record.id, record)
    this.add(record)
    if (record.status !== 'completed' || record.cache === 'hit') return
    const known = this.seen.get(record.modelAsked)
    const outputTokens = Math.max(completionTokens(record), Math.floor((known?.outputTokens ?? 0) * FADING))
    const before = BigInt(Math.floor(Number(known?.costNanoUsd ?? 0n) * FADING))
    const cost = BigInt(record.costNanoUsd ?? '0')
    this.seen.set(record.modelAsked, { outputTokens, costNanoUsd: cost > before ? cost : before })
  }

  /** The database has these calls, so `derive` will find them there. */
  stored(ids: readonly string[]): void {
    for (const id of ids) this.pending.delete(id)
  }

  /** What was spent of a budget in the period of that instant. */
  spent(budget: KeptBudget, nowMs: number): Spent {
    return this.sums.get(periodKey(budget, nowMs)) ?? NOTHING
  }

  standings(nowMs: number): BudgetStanding[] {
    return this.all.map((budget) => {
      const spent = this.spent(budget, nowMs)
      const held = this.heldIn(periodKey(budget, nowMs))
      return {
        ...{ budget: budget.id, periodStart: periodStart(budget, nowMs) },
        ...{ spentNanoUsd: String(spent.costNanoUsd), heldNanoUsd: String(held.costNanoUsd) },
        spentTokens: spent.tokens,
      }
    })
  }

  private take(id: string, keys: string[], need: Need, outputCap: number | null): Verdict {
    this.release(id)
    this.holds.set(id, { keys, costNanoUsd: need.cost, tokens: need.tokens })
    for (const key of keys) addTo(this.held, key, need.cost, need.tokens)
    return { is: 'held', outputCap }
  }

  private add(record: CallRecord): void {
    for (const budget of this.applying(record, record.modelAsked))
      addTo(
        this.sums,
        periodKey(budget, record.startedAtMs),
        BigInt(record.costNanoUsd ?? '0'),
        promptTokens(record) + completionTokens(record),
      )
  }

  private heldIn(key: string): Spent {
    return this.held.get(key) ?? NOTHING
  }

  /** What is left of a budget, held or not. */
  private left(budget: KeptBudget, nowMs: number): { cost: bigint | null; tokens: number | null } {
    const spent = this.spent(budget, nowMs)
    return {
      cost: budget.limitNanoUsd === null ? null : budget.limitNanoUsd - spent.costNanoUsd,
      tokens: budget.limitTokens === null ? null : budget.limitTokens - spent.tokens,
    }
  }

  /** The least that is free in all of them. */
  private roomIn(hard: readonly KeptBudget[], nowMs: number): Room {
    const room: Room = { cost: null, tokens: null, isHeldByOthers: false }
    for (const budget of hard) {
      const left = this.left(budget, nowMs)
      const held = this.heldIn(periodKey(budget, nowMs))
      if (held.tokens > 0 || held.costNanoUsd > 0n) room.isHeldByOthers = true
      const cost = left.cost === null ? null : left.cost - held.costNanoUsd
      const tokens = left.tokens === null ? null : left.tokens - held.tokens
      if (cost !== null && (room.cost === null || cost < room.cost)) room.cost = cost
      if (tokens !== null && (room.tokens === null || tokens < room.tokens)) room.tokens = tokens
    }
    return room
  }

  /** Whether the least that such a call costs would still fit if nobody else held anything. */
  private hasAnything(budget: KeptBudget, most: Most, seenCost: bigint, nowMs: number): boolean {
    const left = this.left(budget, nowMs)
    const least = most.isAsked ? needOf(most, most.outputTokens, seenCost) : needOf(most, 1, seenCost)
    return (left.cost === null || left.cost >= least.cost) && (left.tokens === null || left.tokens >= least.tokens)
  }
}

type Need = { cost: bigint; tokens: number }
type Room = { cost: bigint | null; tokens: number | null; isHeldByOthers: boolean }

/** What a call with so much output needs; at least what the dearest of its kind has cost. A model without a price needs no dollars. */
function needOf(most: Most, outputTokens: number, seenCost: bigint): Need {
  const tokens = most.inputTokens + outputTokens
  if (most.outputNanoUsdPerMillion === null) return { cost: 0n, tokens }
  const output = (BigInt(Math.ceil(most.outputNanoUsdPerMillion)) * BigInt(outputTokens)) / MILLION
  const cost = BigInt(Math.ceil(most.inputNanoUsd)) + output
  return { cost: cost > seenCost ? cost : seenCost, tokens }
}

function fits(need: Need, room: Room): boolean {
  return (room.cost === null || need.cost <= room.cost) && (room.tokens === null || need.tokens <= room.tokens)
}

/** How much output all that is left pays for. */
function affordable(most: Most, room: Room): number {
  const byTokens = room.tokens === null ? Number.POSITIVE_INFINITY : room.tokens - most.inputTokens
  const { outputNanoUsdPerMillion: rate } = most
  if (room.cost === null || rate === null || rate === 0) return byTokens
  return Math.min(byTokens, (Number(room.cost) - most.inputNanoUsd) / (rate / 1e6))
}

function tightest(
  hard: readonly KeptBudget[],
  left: (one: KeptBudget) => { cost: bigint | null; tokens: number | null },
): KeptBudget {
  const share = (one: KeptBudget) => {
    const { cost, tokens } = left(one)
    return cost === null ? (tokens ?? 0) / (one.limitTokens || 1) : Number(cost) / Number(one.limitNanoUsd || 1n)
  }
  return [...hard].sort((a, b) => share(a) - share(b))[0] as KeptBudget
}

/** The limit that stands with the key itself. */
export function ownBudgetOf(keyId: string, limitNanoUsd: bigint): KeptBudget {
  return { id: keyId, scope: 'key', scopeId: keyId, period: 'month', mode: 'hard', limitNanoUsd, limitTokens: null }
}

function addTo(sums: Map<string, Spent>, key: string, costNanoUsd: bigint, tokens: number): void {
  const known = sums.get(key) ?? NOTHING
  sums.set(key, { costNanoUsd: known.costNanoUsd + costNanoUsd, tokens: known.tokens + tokens })
}

/** First UTC day of the period of an instant. */
export function periodStart({ period }: Pick<KeptBudget, 'period'>, atMs: number): string {
  const day = new Date(atMs).toISOString().slice(0, 10)
  return period === 'day' ? day : `${day.slice(0, 7)}-01`
}

/** When the period of an instant is over. */
export function periodEndMs({ period }: Pick<KeptBudget, 'period'>, atMs: number): number {
  const at = new Date(atMs)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  return period === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1)
}

/** A budget in the period of an instant. */
export function periodKey(budget: Pick<KeptBudget, 'id' | 'period'>, atMs: number): string {
  return `${budget.id} ${periodStart(budget, atMs)}`
}
