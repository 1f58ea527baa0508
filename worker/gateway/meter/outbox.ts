import type { Settlement } from './messages.ts'

/** How long the end of a call may wait for a trip to the meter that is made anyway. */
const WAIT_MS = 3
/** A trip that took it along and has not been answered so long, longer than the meter lets a call wait, is not trusted. */
const OVERDUE_MS = 10_000

const LONGEST_LOOK_MS = 1_000

/** `takenAtMs`: when a trip took it along; null: it waits. */
type Item = { settlement: Settlement; takenAtMs: number | null; isTold: boolean }

/**
 * Ends of calls on their way to the meter, of all requests in this isolate: the next call that asks the meter takes them along, so
 * a busy gateway makes one trip a call and not two. Each request watches over its own until the meter has it; to be told twice
 * changes nothing.
 */
export class Outbox {
  private readonly items = new Set<Item>()
  private readonly waitMs: number

  constructor(waitMs = WAIT_MS) {
    this.waitMs = waitMs
  }

  /** Has it taken along, or sends it (and what else waits) itself. Ends when the meter has it. @throws what `send` throws */
  async put(settlement: Settlement, send: (all: Settlement[]) => Promise<unknown>): Promise<void> {
    const item: Item = { settlement, takenAtMs: null, isTold: false }
    this.items.add(item)
    try {
      for (let waitMs = this.waitMs; ; waitMs = Math.min(LONGEST_LOOK_MS, waitMs * 4)) {
        if (waitMs > 0) await new Promise((resume) => setTimeout(resume, waitMs))
        if (item.isTold) return
        if (item.takenAtMs !== null && Date.now() - item.takenAtMs < OVERDUE_MS) continue
        item.takenAtMs = null
        return void (await this.along(send))
      }
    } finally {
      this.items.delete(item)
    }
  }

  /** Makes a trip with all that waits. Where it fails, they wait again. */
  async along<T>(trip: (waiting: Settlement[]) => Promise<T>): Promise<T> {
    const taken = [...this.items].filter(({ takenAtMs }) => takenAtMs === null)
    for (const item of taken) item.takenAtMs = Date.now()
    try {
      const answer = await trip(taken.map(({ settlement }) => settlement))
      for (const item of taken) {
        item.isTold = true
        this.items.delete(item)
      }
      return answer
    } catch (error) {
      for (const item of taken) item.takenAtMs = null
      throw error
    }
  }
}
