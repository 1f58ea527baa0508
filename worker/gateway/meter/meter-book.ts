import { completionTokens, promptTokens } from '../tokens/counts.ts'
import { Breakers } from './breakers.ts'
import { BudgetBook, type Crossing, type KeptBudget, periodEndMs, type Seen, type Spent } from './budget-book.ts'
import { Journal, type Waiting } from './journal.ts'
import type {
  Admission,
  Admitted,
  Attempt,
  CallRecord,
  MeterStanding,
  OpenDraft,
  RateStanding,
  Settlement,
} from './messages.ts'
import { RateWindows } from './rate-windows.ts'
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
  /** By call: the backend that was asked first. */
  private readonly first = new Map<string, Admitted & { is: 'admitted' }>()
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

  async admit(asked: Admission): Promise<Admitted> {
    if (this.version === 0) await this.flush() // what an earlier life left behind may be in the database already
    if (asked.version > this.version) await this.reload()
    if (asked.version < this.version) return { is: 'stale', version: this.version }
    const { draft } = asked
    const subject = draft.keyId ?? draft.userId ?? ANONYMOUS
    const requests = asked.rpm === null ? null : this.rates.request(subject, asked.rpm, this.world.now())
    if (requests?.isOver) return { is: 'limited', by: 'requests', standing: requests.standing }
    const { most } = asked
    const manyTokens = most.inputTokens + (most.isAsked ? most.outputTokens : 0)
    const window = { subject, call: draft.id, limit: asked.tpm ?? 0 }
    const tokens = asked.tpm === null ? null : this.rates.tokens(window, manyTokens, this.world.now())
    const refuse = (answer: Admitted): Admitted => {
      if (requests) this.rates.release(subject, draft.id)
      return answer
    }
    if (tokens?.isOver) return refuse({ is: 'limited', by: 'tokens', standing: tokens.standing })
    const standing = (one: { standing: RateStanding } | null) => one?.standing ?? null
    const limits = { is: 'admitted', requests: standing(requests), tokens: standing(tokens) } as const
    if (asked.isStored) {
      this.journal.open(draft, asked.expiresAtMs)
      return { ...limits, order: [], outputCap: null, warnings: [] }
    }
    const held = await this.hold(asked)
    if (held.is !== 'held') return refuse(held)
    const order = routeOrder(asked, this.breakers, this.world.now(), this.world.random)
    const [first] = order
    if (first === undefined) {
      this.budgets.release(draft.id)
      this.letOthersTry()
      return refuse({ is: 'unserved', isFull: asked.candidates.some((one) => this.breakers.isFull(one)) })
    }
    const warnings = this.budgets.passed(draft).map(({ words }) => words)
    const admitted = { ...limits, order, outputCap: held.outputCap, warnings }
    this.breakers.start(first, draft.id, this.world.now())
    this.first.set(draft.id, admitted)
    this.journal.open(this.withPlace(draft), asked.expiresAtMs)
    return admitted
  }

  /** As it is written down: with the place that it holds, which a meter that starts anew holds for it again. */
  private withPlace(draft: CallRecord): OpenDraft {
    const held = this.budgets.placeOf(draft.id)
    return held ? { ...draft, held } : draft
  }

  /** The end of a call; of one that is unknown here as well. */
  settle({ record, attempts }: Settlement): void {
    for (const attempt of attempts) this.saw(attempt)
    const admitted = this.first.get(record.id)
    this.first.delete(record.id)
    if (admitted?.order[0] !== undefined) this.breakers.end(admitted.order[0], record.id)
    const tokens = promptTokens(record) + completionTokens(record)
    this.rates.used(record.keyId ?? record.userId ?? ANONYMOUS, record.id, tokens, this.world.now())
    if (this.journal.end(record)) this.budgets.ended(record)
    else this.isDoubtful = true
    this.letOthersTry()
    this.world.wake()
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
      for (const draft of this.journal.expired(this.world.now())) this.settle({ record: draft, attempts: [] })
      for (;;) {
        const waiting = this.journal.waiting(CALLS_A_WRITE)
        if (waiting.length === 0) break
        await this.write(waiting)
      }
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
    const { draft, most } = asked
    const until = this.world.now() + LONGEST_WAIT_MS
    let hasWaited = false
    for (;;) {
      const verdict = this.budgets.hold(draft, most, hasWaited)
      if (verdict.is === 'held') return verdict
      const is = 'over budget'
      if (verdict.is === 'over') {
        const resetAtMs = periodEndMs(verdict.budget, draft.startedAtMs)
        return { is, budget: verdict.budget.words, isHeld: false, resetAtMs }
      }
      const nowMs = this.world.now()
      if (hasWaited)
        return { is, budget: this.budgets.tightest(draft)?.words ?? '', isHeld: true, resetAtMs: nowMs + 1_000 }
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
