import { completionTokens, promptTokens } from '../tokens/counts.ts'
import { Breakers } from './breakers.ts'
import {
  BudgetBook,
  type Crossing,
  type KeptBudget,
  periodEndMs,
  type Seen,
  type Spent,
  wordsTo,
} from './budget-book.ts'
import { Journal, type Waiting } from './journal.ts'
import type {
  Admission,
  Admitted,
  Attempt,
  CallRecord,
  Held,
  MeterStanding,
  OpenDraft,
  RateStanding,
  Settlement,
  Trip,
} from './messages.ts'
import { RateWindows } from './rate-windows.ts'
import { RefusalBook, type Refusals } from './refusals.ts'
import { routeOrder } from './routing.ts'
import type { MeterStore } from './store.ts'

/** What the meter knows of the world: the database, where calls end up and budgets come from. */
export type MeterWorld = {
  store: MeterStore
  now: () => number
  random: () => number
  /**
   * Writes calls, JSON of a CallRecord each, into the database: each once however often it comes, all or none; and which parts
   * of budgets were passed with them.
   * @throws where it could not; `isRefusal` tells what will never go in
   */
  write: (calls: readonly string[], crossed: readonly Crossing[]) => Promise<void>
  isRefusal: (error: unknown) => boolean
  /** Adds counts of refused calls to those of the database. @throws where it could not */
  writeRefusals: (refusals: readonly Refusals[]) => Promise<void>
  /** The version of the gateway's settings, the budgets, what the database says was spent of them, and how large calls were. */
  read: (nowMs: number) => Promise<BudgetFacts>
  /** Asks to be woken for `flush`. */
  wake: () => void
}

export type BudgetFacts = {
  version: number
  budgets: KeptBudget[]
  spent: Map<string, Spent>
  seen: Map<string, Seen>
}

/** Longest that a call waits for others to give back what they hold of a budget. */
const LONGEST_WAIT_MS = 5_000
const CALLS_A_WRITE = 400
const ANONYMOUS = 'nobody'
/** Of a budget whose amounts the caller may not read. */
const HIDDEN = { nanoUsd: null, tokens: null }
const MOST_HEARD = 20_000
const NOTHING_HELD = { is: 'held', outputCap: null } as const

/** A call that is within the rates of its key. */
type Entered = { is: 'entered'; requests: RateStanding | null; tokens: RateStanding | null }

/**
 * The gateway's one place that sees every call: lets calls through within rate limits and budgets, says which backends to ask
 * in which order, writes each call down before it is made and again when it has ended, and hands ended ones to the database.
 * A call that was let through is never lost: who dies in between leaves it open, and open calls end as cut off.
 */
export class MeterBook {
  private readonly world: MeterWorld
  private readonly journal: Journal
  private readonly budgets = new BudgetBook()
  private readonly rates = new RateWindows()
  private readonly breakers = new Breakers()
  private readonly refusals = new RefusalBook()
  /** By call: what it was answered when it was let through, the backend that it asks first before all. */
  private readonly first = new Map<string, Admitted & { is: 'admitted' }>()
  /** The last calls whose end it was told. */
  private readonly heard = new Set<string>()
  private waiters: (() => void)[] = []
  private version = 0
  private turn: Promise<unknown> = Promise.resolve()
  private lastFlushAtMs: number | null = null
  private lastError = ''
  /** A call ended that was not open: what it counts, the database says. */
  private isDoubtful = false

  constructor(world: MeterWorld) {
    this.world = world
    this.journal = new Journal(world.store)
  }

  /** Hears the ends of calls, and answers those that ask to be let through, see `Trip`. An end that it has heard already is none. */
  async take({ admissions, ended }: Trip): Promise<(Admitted | Held)[]> {
    this.settleNews(ended)
    const [first] = admissions
    if (!first) return [] // ends are heard whether or not the database can be asked
    return admissions.length === 1 ? [await this.admit(first)] : this.admitTogether(admissions)
  }

  /** Lets a call through, or refuses it. It waits where others hold what it would need of a budget. */
  async admit(asked: Admission): Promise<Admitted> {
    await this.ready(asked.version)
    const entered = this.enter(asked)
    if (entered.is !== 'entered') return entered
    const held = await this.hold(asked)
    const answer = held.is === 'held' ? this.route(asked, entered, held.outputCap) : this.leave(asked, held)
    return answer
  }

  /** The same of several at once: nobody waits for what others hold. */
  private async admitTogether(all: readonly Admission[]): Promise<(Admitted | Held)[]> {
    await this.ready(Math.max(0, ...all.map(({ version }) => version)))
    return all.map((asked): Admitted | Held => {
      const entered = this.enter(asked)
      if (entered.is !== 'entered') return entered
      const verdict = asked.isStored ? NOTHING_HELD : this.budgets.hold(asked.draft, asked.most)
      if (verdict.is === 'held') return this.route(asked, entered, verdict.outputCap)
      return this.leave(asked, verdict.is === 'over' ? this.overBudget(asked, verdict.budget) : { is: 'held' })
    })
  }

  /** With settings that are at least of that version. */
  private async ready(version: number): Promise<void> {
    if (this.version === 0) await this.flush() // what an earlier life left behind may be in the database already
    if (version > this.version) await this.reload()
  }

  /** What can be said of a call before budgets are asked: it is known already, or its key has no more a minute. */
  private enter(asked: Admission): Admitted | Entered {
    const { draft, most, version } = asked
    const known = this.first.get(draft.id)
    if (known) return known // its first answer was lost on the way, or comes late
    if (this.heard.has(draft.id)) return { is: 'unserved', isFull: false } // and it has ended since: nobody hears this
    if (version < this.version) return { is: 'stale', version: this.version }
    const subject = subjectOf(asked)
    const requests = asked.rpm === null ? null : this.rates.request(subject, asked.rpm, this.world.now())
    if (requests?.isOver) return { is: 'limited', by: 'requests', standing: requests.standing }
    const manyTokens = most.inputTokens + (most.isAsked ? most.outputTokens : 0)
    const window = { subject, call: draft.id, limit: asked.tpm ?? 0 }
    const tokens = asked.tpm === null ? null : this.rates.tokens(window, manyTokens, this.world.now())
    if (tokens?.isOver) return this.leave(asked, { is: 'limited', by: 'tokens', standing: tokens.standing })
    return { is: 'entered', requests: requests?.standing ?? null, tokens: tokens?.standing ?? null }
  }

  /** A call that had entered is refused, or has to come again: its key's minute does not count it. */
  private leave<T extends Admitted | Held>(asked: Admission, answer: T): T {
    if (asked.rpm !== null) this.rates.release(subjectOf(asked), asked.draft.id)
    return answer
  }

  /** Which backends it may ask, now that its place in the budgets is held. */
  private route(asked: Admission, { requests, tokens }: Entered, outputCap: number | null): Admitted {
    const { draft } = asked
    const limits = { is: 'admitted', requests, tokens } as const
    if (asked.isStored) return this.letThrough(asked, { ...limits, order: [], outputCap: null, warnings: [] })
    const order = routeOrder(asked, this.breakers, this.world.now(), this.world.random)
    const [first] = order
    if (first === undefined) {
      this.budgets.release(draft.id)
      this.letOthersTry()
      return this.leave(asked, { is: 'unserved', isFull: asked.candidates.some((one) => this.breakers.isFull(one)) })
    }
    this.breakers.start(first, draft.id, this.world.now())
    const warnings = this.budgets.passed(draft).map((budget) => wordsTo(draft, budget))
    return this.letThrough(asked, { ...limits, order, outputCap, warnings })
  }

  /** Writes it down as open. */
  private letThrough({ draft, expiresAtMs }: Admission, admitted: Admitted & { is: 'admitted' }): Admitted {
    this.first.set(draft.id, admitted)
    this.journal.open(this.withPlace(draft), expiresAtMs)
    return admitted
  }

  /** As it is written down: with the place that it holds, which a meter that starts anew holds for it again. */
  private withPlace(draft: CallRecord): OpenDraft {
    const held = this.budgets.placeOf(draft.id)
    return held ? { ...draft, held } : draft
  }

  /** The end of a call; of one that is unknown here as well. */
  settle(settlement: Settlement): void {
    this.settleAll([settlement])
  }

  private settleAll(all: readonly Settlement[]): void {
    if (all.length === 0) return
    const wereOpen = this.journal.end(all.map(({ record }) => record))
    for (const { record, attempts } of all) {
      for (const attempt of attempts) this.saw(attempt)
      const admitted = this.first.get(record.id)
      this.first.delete(record.id)
      if (admitted?.order[0] !== undefined) this.breakers.end(admitted.order[0], record.id)
      const tokens = promptTokens(record) + completionTokens(record)
      this.rates.used(record.keyId ?? record.userId ?? ANONYMOUS, record.id, tokens, this.world.now())
      if (wereOpen.has(record.id)) this.budgets.ended(record)
      else this.isDoubtful = true
    }
    this.letOthersTry()
    this.world.wake()
  }

  /** Ends that were not told before: whoever is not sure to have been heard says it again. */
  private settleNews(all: readonly Settlement[]): void {
    const news = new Map(all.map((one) => [one.record.id, one]))
    for (const id of news.keys()) if (this.heard.has(id)) news.delete(id)
    this.settleAll([...news.values()])
    for (const id of news.keys()) this.heard.add(id)
    for (const id of this.heard) {
      if (this.heard.size <= MOST_HEARD) break
      this.heard.delete(id)
    }
  }

  /** Calls that were refused. They wait for the next flush, in memory. */
  refused(all: readonly Refusals[]): void {
    for (const one of all) this.refusals.add(one)
    this.world.wake()
  }

  private overBudget({ draft }: Admission, budget: KeptBudget): Admitted & { is: 'over budget' } {
    const words = wordsTo(draft, budget)
    const left = words === budget.words ? this.budgets.leftOf(budget, draft.startedAtMs) : HIDDEN
    const resetAtMs = periodEndMs(budget, draft.startedAtMs)
    return { is: 'over budget', budget: words, budgetId: budget.id, left, isHeld: false, resetAtMs }
  }

  /** What a probe or a call saw of a backend. */
  saw(attempt: Attempt): void {
    this.breakers.saw(attempt, this.world.now())
  }

  /**
   * Ends what nobody has ended in time, and writes all that waits into the database.
   * @throws what `write` throws; all is kept for the next time
   */
  async flush(): Promise<void> {
    return this.inTurn(async () => {
      this.settleAll(this.journal.expired(this.world.now()).map((record) => ({ record, attempts: [] })))
      for (;;) {
        const waiting = this.journal.waiting(CALLS_A_WRITE)
        if (waiting.length === 0) break
        await this.write(waiting)
      }
      await this.flushRefusals()
      if (this.isDoubtful && this.version > 0) {
        this.isDoubtful = false
        await this.derive()
      }
      this.lastFlushAtMs = this.world.now()
      this.lastError = ''
    })
  }

  /** All of them at once; where one will never go in, each by itself, so that it does not hold up the others. */
  private async write(waiting: readonly Waiting[]): Promise<void> {
    try {
      const crossed = this.budgets.crossed(this.world.now())
      await this.world.write(
        waiting.map(({ text }) => text),
        crossed,
      )
      this.journal.stored(waiting)
      this.budgets.stored(waiting.map(({ id }) => id))
      this.budgets.told(crossed)
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error)
      const [first] = waiting
      if (!this.world.isRefusal(error) || !first) throw error
      if (waiting.length > 1) for (const one of waiting) await this.write([one])
      else this.journal.refused(first, this.lastError)
    }
  }

  private async flushRefusals(): Promise<void> {
    const all = this.refusals.take()
    try {
      if (all.length > 0) await this.world.writeRefusals(all)
    } catch (error) {
      this.lastError = error instanceof Error ? error.message : String(error)
      if (this.world.isRefusal(error)) return // counts that will never go in hold up nobody
      for (const one of all) this.refusals.add(one)
      throw error
    }
  }

  standing(): MeterStanding {
    const nowMs = this.world.now()
    const { received = 0, stored = 0, rejected = 0 } = this.journal.counters()
    return {
      ...{ version: this.version, open: this.journal.openCount(), waiting: this.journal.waitingCount() },
      ...{ received, stored, rejected, lastFlushAtMs: this.lastFlushAtMs, lastError: this.lastError },
      backends: this.breakers.standings(nowMs),
      budgets: this.budgets.standings(nowMs),
    }
  }

  /** Takes budgets and what was spent of them from the database, when nothing is on its way there. */
  private async reload(): Promise<void> {
    await this.inTurn(() => this.derive())
  }

  private async derive(): Promise<void> {
    const { version, budgets, spent, seen } = await this.world.read(this.world.now())
    this.budgets.derive(budgets, spent, seen)
    if (this.version === 0) for (const draft of this.journal.opened()) this.budgets.holdOpen(draft)
    this.version = version
  }

  private async hold(
    asked: Admission,
  ): Promise<{ is: 'held'; outputCap: number | null } | Extract<Admitted, { is: 'over budget' }>> {
    if (asked.isStored) return NOTHING_HELD
    const { draft, most } = asked
    const until = this.world.now() + LONGEST_WAIT_MS
    let hasWaited = false
    for (;;) {
      const verdict = this.budgets.hold(draft, most, hasWaited)
      if (verdict.is === 'held') return verdict
      if (verdict.is === 'over') return this.overBudget(asked, verdict.budget)
      const nowMs = this.world.now()
      if (hasWaited) {
        const tightest = this.budgets.tightest(draft)
        const named = { budget: tightest ? wordsTo(draft, tightest) : '', budgetId: tightest?.id ?? '' }
        return { is: 'over budget', ...named, left: HIDDEN, isHeld: true, resetAtMs: nowMs + 1_000 }
      }
      const isOver = await this.next(until - nowMs)
      hasWaited = isOver || this.world.now() >= until
    }
  }

  /** Until a call has been settled, or so long: then true. */
  private next(mostMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), mostMs)
      this.waiters.push(() => {
        clearTimeout(timer)
        resolve(false)
      })
    })
  }

  /** Those that wait try again, the first one first. */
  private letOthersTry(): void {
    const waiters = this.waiters
    this.waiters = []
    for (const resume of waiters) resume()
  }

  /** One at a time: what is being written is not read meanwhile. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turn.then(work, work)
    this.turn = turn.catch(() => undefined)
    return turn
  }
}

/** Whose minute a call counts in. */
function subjectOf({ draft }: Admission): string {
  return draft.keyId ?? draft.userId ?? ANONYMOUS
}
