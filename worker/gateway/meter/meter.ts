import { openDb } from '../../../db/client.ts'
import { settingsOf } from '../../env.ts'
import { createLog } from '../../log.ts'
import type { Attempt, Trip } from './messages.ts'
import { MeterBook } from './meter-book.ts'
import { readBudgets } from './read-budgets.ts'
import { type Refusals, writeRefusals } from './refusals.ts'
import type { MeterStore, StoreRow } from './store.ts'
import { isRefusedForGood, writeCalls } from './write-calls.ts'

/** What waits this long is written in one go. */
const FLUSH_AFTER_MS = 250
/** When the database does not answer. */
const RETRY_AFTER_MS = 5_000

type SqlValue = string | number | null
/** As much of a Durable Object's state as the meter needs. */
type State = {
  storage: {
    sql: { exec(query: string, ...values: SqlValue[]): { toArray(): StoreRow[] } }
    setAlarm(atMs: number): Promise<void>
    /** Until all that was written is on disk. */
    sync(): Promise<void>
  }
}

/** The Durable Object around the meter's book: one for the whole company. It speaks JSON over fetch, see `meterOf`. */
export class Meter {
  private readonly book: MeterBook
  private readonly state: State
  private readonly log
  private isWoken = false
  private storing: Promise<void> | null = null

  constructor(state: State, env: object) {
    const settings = settingsOf(env)
    const open = () => openDb(settings.databaseUrl, settings.databaseAuthToken)
    this.log = createLog(settings.logLevel, { meter: true })
    this.state = state
    const store: MeterStore = { run: (query, ...values) => state.storage.sql.exec(query, ...values).toArray() }
    this.book = new MeterBook({
      ...{ store, now: () => Date.now(), random: Math.random, isRefusal: isRefusedForGood },
      write: (calls, crossed) => writeCalls(open(), calls, crossed, Date.now()),
      writeRefusals: (refusals) => writeRefusals(open(), refusals, Date.now()),
      read: (nowMs) => readBudgets(open(), nowMs),
      wake: () => this.wakeIn(FLUSH_AFTER_MS),
    })
  }

  async fetch(request: Request): Promise<Response> {
    const verb = new URL(request.url).pathname
    if (verb === '/trip') {
      const trip = await request.json<Trip>()
      return Response.json(await this.together(() => this.book.take(trip)))
    }
    if (verb === '/refused') this.book.refused(await request.json<Refusals[]>())
    else if (verb === '/saw') this.book.saw(await request.json<Attempt>())
    else if (verb === '/flush') await this.book.flush()
    else return Response.json(this.book.standing())
    return new Response(null, { status: 204 })
  }

  /** What comes while earlier writes go to disk waits for them and is then written in one go: one sync for all of it. */
  private async together<T>(work: () => T): Promise<T> {
    if (this.storing) await this.storing
    const done = work()
    this.storing ??= this.state.storage.sync().finally(() => {
      this.storing = null
    })
    return done
  }

  async alarm(): Promise<void> {
    this.isWoken = false
    try {
      await this.book.flush()
    } catch (error) {
      this.log.error('metered calls wait: the database did not take them', { error: String(error) })
      this.wakeIn(RETRY_AFTER_MS)
    }
  }

  private wakeIn(ms: number): void {
    if (this.isWoken) return
    this.isWoken = true
    void this.state.storage.setAlarm(Date.now() + ms)
  }
}
