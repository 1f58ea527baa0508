import { completionTokens, promptTokens } from '../tokens/counts.ts'
import { Breakers } from './breakers.ts'
import { BudgetBook, type KeptBudget, periodEndMs, type Spent } from './budget-book.ts'
import { Journal, type Waiting } from './journal.ts'
import type { Admission, Admitted, Attempt, MeterStanding, RateStanding, Settlement } from './messages.ts'
import { RateWindows } from './rate-windows.ts'
import { routeOrder } from './routing.ts'
import type { MeterStore } from './store.ts'

/** What the meter knows of the world: the database, where calls end up and budgets come from. */
export type MeterWorld = {
  store: MeterStore
  now: () => number
  random: () => number
  /**
   * Writes calls, JSON of a CallRecord each, into the database: each once however often it comes, all or none.
   * @throws where it could not; `isRefusal` tells what will never go in
   */
  write: (calls: readonly string[]) => Promise<void>
  isRefusal: (error: unknown) => boolean
  /** The version of the gateway's settings, the budgets, and what the database says was spent of them. */
  read: (nowMs: number) => Promise<{ version: number; budgets: KeptBudget[]; spent: Map<string, Spent> }>
  /** Asks to be woken for `flush`. */
  wake: () => void
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
    const mostTokens = asked.most.inputTokens + asked.most.outputTokens
    const tokens = asked.tpm === null ? null : this.rates.tokens(subject, asked.tpm, mostTokens, this.world.now())
    const refuse = (answer: Admitted): Admitted => {
      if (requests) this.rates.release(subject)
      return answer
    }
    if (tokens?.isOver) return refuse({ is: 'limited', by: 'tokens', standing: tokens.standing })
    const held = await this.hold(asked)
    if (held.is !== 'held') return refuse(held)
    const order = routeOrder(asked, this.breakers, this.world.now(), this.world.random)
    const [first] = order
    if (first === undefined) {
      this.budgets.release(draft.id)
      return refuse({ is: 'unserved', isFull: asked.candidates.some((one) => this.breakers.isFull(one)) })
    }
    const standing = (one: { standing: RateStanding } | null) => one?.standing ?? null
    const admitted = {
      ...({ is: 'admitted', order, requests: standing(requests), tokens: standing(tokens) } as const),
      outputCap: held.outputCap,
    }
    this.breakers.start(first, draft.id, this.world.now())
    this.first.set(draft.id, admitted)
    this.journal.open(draft, asked.expiresAtMs)
    return admitted
  }

  /** The end of a call; of one that is unknown here as well. */
  settle({ record, attempts }: Settlement): void {
    for (const attempt of attempts) this.saw(attempt)
    const admitted = this.first.get(record.id)
    this.first.delete(record.id)
    if (admitted?.order[0] !== undefined) this.breakers.end(admitted.order[0], record.id)
    const tokens = promptTokens(record) + completionTokens(record)
    this.rates.used(record.keyId ?? record.userId ?? ANONYMOUS, tokens, this.world.now())
    this.journal.end(record)
    this.budgets.ended(record)
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
      this.lastFlushAtMs = this.world.now()
      this.lastError = ''
    })
  }

  /** All of them at once; where one will never go in, each by itself, so that it does not hold up the others. */
  private async write(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.world.write(waiting.map(({ text }) => text))
      this.journal.stored(waiting)
      this.budgets.stored(waiting.map(({ id }) => id))
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
    await this.inTurn(async () => {
      const { version, budgets, spent } = await this.world.read(this.world.now())
      this.budgets.derive(budgets, spent)
      this.version = version
    })
  }

  private async hold(
    asked: Admission,
  ): Promise<{ is: 'held'; outputCap: number | null } | Extract<Admitted, { is: 'over budget' }>> {
    const until = this.world.now() + LONGEST_WAIT_MS
    for (;;) {
      const nowMs = this.world.now()
      const verdict = this.budgets.hold(asked.draft, asked.most, nowMs)
      if (verdict.is === 'held') return verdict
      if (verdict.is === 'over')
        return { is: 'over budget', budget: verdict.budget.id, resetAtMs: periodEndMs(verdict.budget, nowMs) }
      if (nowMs >= until) {
        const [budget] = this.budgets.applying(asked.draft, asked.draft.modelAsked)
        return { is: 'over budget', budget: budget?.id ?? '', resetAtMs: nowMs + 1_000 }
      }
      await this.next(until - nowMs)
    }
  }

  /** Until a call has been settled, or so long. */
  private next(mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, mostMs)
      this.waiters.push(() => {
        clearTimeout(timer)
        resolve()
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
