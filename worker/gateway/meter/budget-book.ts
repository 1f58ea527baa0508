import type { budgets } from '../../../db/schema/budgets.ts'
import { rowOf } from '../../../db/units/ids.ts'
import { completionTokens, promptTokens } from '../tokens/counts.ts'
import type { BudgetStanding, Caller, CallRecord, HeldPlace, Most, OpenDraft } from './messages.ts'
import { NOTHING_OVER, type Over, overAfter } from './over-estimates.ts'

/** A budget as the meter keeps it; the limit a key brings itself is one as well. */
export type KeptBudget = Pick<typeof budgets.$inferSelect, 'scope' | 'scopeId' | 'period' | 'mode'> & {
  /** "bdgt_3", or the key's own id. */
  id: string
  limitNanoUsd: bigint | null
  limitTokens: number | null
  /** "the monthly budget of team vision, $10.00" */
  words: string
  /** The same for callers who may not read how much it is: "the monthly budget of the company" */
  name: string
}

/**
 * How large calls of a model have been of late: the dearest and the longest of them. `over`: by how much the estimates for them
 * were wrong; absent as long as only the database knows of such calls.
 */
export type Seen = { costNanoUsd: bigint; tokens: number; outputTokens: number; over?: Over }

/** That a budget has passed a part of itself. */
export type Crossing = { budgetId: string; periodStart: string; percent: number }

/** What was spent of a budget in a period, as the database has it. */
export type Spent = { costNanoUsd: bigint; tokens: number }

/** A place that a call holds until it is settled: nano-dollars and tokens, in each of these budgets and periods. */
type Hold = {
  keys: string[]
  costNanoUsd: bigint
  tokens: number
  model: string
  /** What it was held for; null: of an earlier life. */
  expected: Most | null
}

export type Verdict =
  | { is: 'held'; outputCap: number | null }
  /** Others hold what this call would need: it waits for one of them to be settled. */
  | { is: 'wait' }
  | { is: 'over'; budget: KeptBudget }

/** With less left than so many times what a call may cost, a budget is nearly spent and guesses are not trusted. */
const TIGHT = 50n
/** Output that is held for a call that says no limit, over the longest answer of its model of late. */
const GENEROUS = 2
/** The same of any call where a budget is nearly spent. */
const HEADROOM = 4
/** Below so much output an answer is no use to anybody. */
const LEAST_OUTPUT = 64
/** What is left of an older call's size when the next one is compared with it. */
const FADING = 0.98
/** Calls that began before a period was over may end, and be written, in the next one. */
const LATE_MS = 15 * 60_000
/** Parts of a budget whose passing is told, in percent. */
export const THRESHOLDS = [50, 80, 100] as const
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
  /** By model asked. */
  private readonly seen = new Map<string, Seen>()
  /** By model asked: calls that hold a place. */
  private readonly underWay = new Map<string, number>()
  /** Crossings that the database has. */
  private said = new Set<string>()

  /** Takes the budgets, what the database says was spent of them, by `periodKey`, and how large calls were. */
  derive(
    all: readonly KeptBudget[],
    base: ReadonlyMap<string, Spent>,
    seen: ReadonlyMap<string, Seen> = new Map(),
  ): void {
    this.all = all
    this.sums = new Map(base)
    this.said = new Set()
    for (const [model, size] of seen) if (!this.seen.has(model)) this.seen.set(model, size)
    for (const record of this.pending.values()) this.add(record, 1)
  }

  /** Budgets in which the call counts. */
  applying(caller: Caller, model: string): KeptBudget[] {
    const ids = { company: '', team: caller.teamId, user: caller.userId, key: caller.keyId, model } as const
    return this.all.filter(({ scope, scopeId }) => ids[scope] === scopeId)
  }

  /**
   * Holds a place for the call in every budget that applies, of the period in which it began; or says which one has none, or
   * to wait. `hasWaited`: as long as anybody does.
   */
  hold(
    { id, modelAsked: model, startedAtMs, ...caller }: Caller & Pick<CallRecord, 'id' | 'modelAsked' | 'startedAtMs'>,
    most: Most,
    hasWaited = false,
  ): Verdict {
    const applying = this.applying(caller, model)
    const keys = applying.map((one) => periodKey(one, startedAtMs))
    const hard = applying.filter(({ mode }) => mode === 'hard')
    const seen = this.seen.get(model)
    const choices = most.choices ?? 1
    const wanted = most.isAsked
      ? most.outputTokens
      : Math.max(most.outputTokens, GENEROUS * (seen?.outputTokens ?? 0), choices)
    // What is held for its output is what it is allowed: the cap goes to the backend unless the client itself says as much.
    const take = (need: Need, output: number): Verdict => {
      const isSaid = hard.length === 0 || (most.isAsked && !most.mustSay && output >= most.outputTokens)
      return this.take(id, { model, expected: { ...most, outputTokens: output } }, keys, need, isSaid ? null : output)
    }
    const full = needOf(most, wanted, seen)
    if (hard.length === 0) return take(full, most.outputTokens)
    const room = this.roomIn(hard, startedAtMs)
    const wary = { cost: full.cost * TIGHT, tokens: full.tokens * Number(TIGHT) }
    if (seen) {
      if (fits(full, room)) return take(full, wanted)
      const output = shared(Math.min(wanted, Math.max(HEADROOM * seen.outputTokens, LEAST_OUTPUT * choices)), choices)
      const trimmed = needOf(most, output, seen)
      if (fits(trimmed, room)) return take(trimmed, output)
    } else if (fits(wary, room)) {
      // Nobody knows yet whether its estimates are any good: one call finds out while the others wait.
      if (hasWaited || (full.cost === 0n && room.tokens === null)) return take(full, wanted)
      return this.underWay.has(model) ? { is: 'wait' } : take(wary, wanted)
    }
    const least = needOf(most, Math.min(wanted, LEAST_OUTPUT * choices), seen)
    const over = hard.find((one) => !fits(least, this.left(one, startedAtMs)))
    if (over) return { is: 'over', budget: over }
    if (room.isHeldByOthers) return { is: 'wait' }
    // Alone: it may have all that is left, and is asked for no more than that pays.
    const output = shared(Math.min(wanted, affordable(most, room, seen)), choices)
    return take({ cost: room.cost ?? full.cost, tokens: Math.min(full.tokens, room.tokens ?? full.tokens) }, output)
  }

  /** The hard budget that a call is nearest to passing; undefined: none applies. */
  tightest({ modelAsked, startedAtMs, ...caller }: Caller & Pick<CallRecord, 'modelAsked' | 'startedAtMs'>) {
    const share = (one: KeptBudget) => {
      const { cost, tokens } = this.left(one, startedAtMs)
      return cost === null ? (tokens ?? 0) / (one.limitTokens || 1) : Number(cost) / Number(one.limitNanoUsd || 1n)
    }
    return this.applying(caller, modelAsked)
      .filter(({ mode }) => mode === 'hard')
      .sort((a, b) => share(a) - share(b))[0]
  }

  /** Soft budgets of the call that are used up. */
  passed({
    modelAsked,
    startedAtMs,
    ...caller
  }: Caller & Pick<CallRecord, 'modelAsked' | 'startedAtMs'>): KeptBudget[] {
    return this.applying(caller, modelAsked).filter((one) => {
      const { cost, tokens } = this.left(one, startedAtMs)
      return one.mode === 'soft' && ((cost !== null && cost <= 0n) || (tokens !== null && tokens <= 0))
    })
  }

  /** A call of an earlier life that nobody has ended: it holds what it held then. */
  holdOpen(draft: OpenDraft): void {
    if (this.holds.has(draft.id)) return
    const keys = this.applying(draft, draft.modelAsked).map((one) => periodKey(one, draft.startedAtMs))
    const need = draft.held
      ? { cost: BigInt(draft.held.costNanoUsd), tokens: draft.held.tokens }
      : { cost: BigInt(draft.costNanoUsd ?? '0'), tokens: promptTokens(draft) + completionTokens(draft) }
    this.take(draft.id, { model: '', expected: null }, keys, need, null)
  }

  /** The place that the call holds; undefined: none. */
  placeOf(id: string): HeldPlace | undefined {
    const hold = this.holds.get(id)
    return hold && { costNanoUsd: String(hold.costNanoUsd), tokens: hold.tokens }
  }

  /** The call needs its place no longer. */
  release(id: string): void {
    const hold = this.holds.get(id)
    if (!hold) return
    this.holds.delete(id)
    const others = (this.underWay.get(hold.model) ?? 1) - 1
    if (others > 0) this.underWay.set(hold.model, others)
    else this.underWay.delete(hold.model)
    for (const key of hold.keys) addTo(this.held, key, -hold.costNanoUsd, -hold.tokens)
  }

  /** The call has ended: what it cost counts from now on. Again for the same call: the last word on it counts. */
  ended(record: CallRecord): void {
    const expected = this.holds.get(record.id)?.expected ?? null
    this.release(record.id)
    const before = this.pending.get(record.id)
    if (before) this.add(before, -1)
    this.pending.set(record.id, record)
    this.add(record, 1)
    if (record.status === 'completed' && record.cache !== 'hit') this.learn(record, expected)
  }

  private learn(record: CallRecord, expected: Most | null): void {
    const known: Seen = this.seen.get(record.modelAsked) ?? { costNanoUsd: 0n, tokens: 0, outputTokens: 0 }
    const output = completionTokens(record)
    const faded = (size: number) => Math.floor(size * FADING)
    const [cost, fadedCost] = [BigInt(record.costNanoUsd ?? '0'), BigInt(faded(Number(known.costNanoUsd)))]
    this.seen.set(record.modelAsked, {
      costNanoUsd: cost > fadedCost ? cost : fadedCost,
      tokens: Math.max(promptTokens(record) + output, faded(known.tokens)),
      outputTokens: Math.max(output, faded(known.outputTokens)),
      ...(expected ? { over: overAfter(known.over ?? NOTHING_OVER, expected, record, FADING) } : {}),
      ...(!expected && known.over ? { over: known.over } : {}),
    })
  }

  /** The database has these calls, so `derive` will find them there. */
  stored(ids: readonly string[]): void {
    for (const id of ids) this.pending.delete(id)
  }

  /** Parts of budgets that have been passed and are not known to the database yet, see `told`. */
  crossed(nowMs: number): Crossing[] {
    const found: Crossing[] = []
    for (const budget of this.all) {
      if (rowOf('bdgt', budget.id) === null) continue // a key's own limit has no row that could be told of
      for (const start of periodsNear(budget, nowMs)) {
        const spent = this.sums.get(`${budget.id} ${start}`)
        if (!spent) continue
        for (const percent of THRESHOLDS)
          if (isPast(budget, spent, percent) && !this.said.has(`${budget.id} ${start} ${percent}`))
            found.push({ budgetId: budget.id, periodStart: start, percent })
      }
    }
    return found
  }

  /** The database has these crossings. */
  told(crossings: readonly Crossing[]): void {
    for (const { budgetId, periodStart: start, percent } of crossings) this.said.add(`${budgetId} ${start} ${percent}`)
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
        ...{ spentTokens: spent.tokens, heldTokens: held.tokens },
      }
    })
  }

  private take(
    id: string,
    { model, expected }: Pick<Hold, 'model' | 'expected'>,
    keys: string[],
    need: Need,
    outputCap: number | null,
  ): Verdict {
    this.release(id)
    this.holds.set(id, { keys, costNanoUsd: need.cost, tokens: need.tokens, model, expected })
    this.underWay.set(model, (this.underWay.get(model) ?? 0) + 1)
    for (const key of keys) addTo(this.held, key, need.cost, need.tokens)
    return { is: 'held', outputCap }
  }

  private add(record: CallRecord, times: 1 | -1): void {
    const cost = BigInt(record.costNanoUsd ?? '0') * BigInt(times)
    const tokens = (promptTokens(record) + completionTokens(record)) * times
    for (const budget of this.applying(record, record.modelAsked))
      addTo(this.sums, periodKey(budget, record.startedAtMs), cost, tokens)
  }

  private heldIn(key: string): Spent {
    return this.held.get(key) ?? NOTHING
  }

  /** What is left of a budget in the period of an instant, held or not; nano-dollars as text. */
  leftOf(budget: KeptBudget, atMs: number): { nanoUsd: string | null; tokens: number | null } {
    const { cost, tokens } = this.left(budget, atMs)
    return { nanoUsd: cost === null ? null : String(cost), tokens }
  }

  /** What is left of a budget, held or not. */
  private left(budget: KeptBudget, nowMs: number): Left {
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
}

type Need = { cost: bigint; tokens: number }
type Left = { cost: bigint | null; tokens: number | null }
type Room = Left & { isHeldByOthers: boolean }

/**
 * What a call with so much output needs, by how wrong such estimates were of late; where nobody knows that yet, at least what the
 * largest of its kind has used. A model without a price needs no dollars.
 */
function needOf(most: Most, outputTokens: number, seen: Seen | undefined): Need {
  const { over } = seen ?? {}
  const input = expectedInput(most, over)
  const output = outputTokens + (over?.output ?? 0)
  const tokens = over ? input + output : Math.max(input + output, seen?.tokens ?? 0)
  if (most.outputNanoUsdPerMillion === null) return { cost: 0n, tokens }
  const inputNanoUsd = BigInt(Math.ceil(inputCost(most, input)))
  const sum = inputNanoUsd + (BigInt(Math.ceil(most.outputNanoUsdPerMillion)) * BigInt(output) + MILLION - 1n) / MILLION
  if (over && most.inputTokens > 0)
    return { cost: over.price === 1 ? sum : BigInt(Math.ceil(Number(sum) * over.price - ROUNDING)), tokens }
  return { cost: seen && seen.costNanoUsd > sum ? seen.costNanoUsd : sum, tokens }
}

/** What arithmetic with floats may be beside the truth, in nano-dollars. */
const ROUNDING = 0.01

function expectedInput({ inputTokens }: Most, over: Over | undefined): number {
  return over ? Math.ceil(inputTokens * over.inputRatio + over.input - ROUNDING) : inputTokens
}

function inputCost({ inputNanoUsd, inputTokens }: Most, tokens: number): number {
  return tokens === inputTokens || inputTokens === 0 ? inputNanoUsd : (inputNanoUsd / inputTokens) * tokens - ROUNDING
}

/** As much of it as can be said as one limit for each of its answers. */
function shared(output: number, choices: number): number {
  return Math.max(1, Math.floor(output / choices)) * choices
}

function fits(need: Need, room: Left): boolean {
  return (room.cost === null || need.cost <= room.cost) && (room.tokens === null || need.tokens <= room.tokens)
}

/** How much output all that is left pays for. */
function affordable(most: Most, room: Room, seen: Seen | undefined): number {
  const over = seen?.over ?? NOTHING_OVER
  const input = expectedInput(most, over)
  const byTokens = room.tokens === null ? Number.POSITIVE_INFINITY : room.tokens - input - over.output
  const { outputNanoUsdPerMillion: rate } = most
  if (room.cost === null || rate === null || rate === 0) return byTokens
  return Math.min(byTokens, (Number(room.cost) / over.price - inputCost(most, input)) / (rate / 1e6) - over.output)
}

/** Whether so many percent of it are spent; of a budget of nothing, as soon as anything is. */
function isPast({ limitNanoUsd, limitTokens }: KeptBudget, spent: Spent, percent: number): boolean {
  if (limitNanoUsd !== null) return spent.costNanoUsd > 0n && spent.costNanoUsd * 100n >= limitNanoUsd * BigInt(percent)
  return spent.tokens > 0 && spent.tokens * 100 >= (limitTokens ?? 0) * percent
}

function addTo(sums: Map<string, Spent>, key: string, costNanoUsd: bigint, tokens: number): void {
  const known = sums.get(key) ?? NOTHING
  sums.set(key, { costNanoUsd: known.costNanoUsd + costNanoUsd, tokens: known.tokens + tokens })
}

/**
 * What a budget is called to a caller. Its amount is for who may read it (`visibleBudgets`): those of the company and of a model
 * are nobody's own, so a call for a team is told their name alone.
 */
export function wordsTo({ teamId }: Pick<Caller, 'teamId'>, { scope, words, name }: KeptBudget): string {
  return teamId !== null && (scope === 'company' || scope === 'model') ? name : words
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

/** The period of an instant, and the one before it while calls that began there may still end. */
export function periodsNear(budget: Pick<KeptBudget, 'period'>, nowMs: number): string[] {
  return [...new Set([periodStart(budget, nowMs - LATE_MS), periodStart(budget, nowMs)])]
}

/** A budget in the period of an instant. */
export function periodKey(budget: Pick<KeptBudget, 'id' | 'period'>, atMs: number): string {
  return `${budget.id} ${periodStart(budget, atMs)}`
}
