import type { Admission, Admitted, Held, Settlement, Trip } from './messages.ts'

/** How long the end of a call may wait for a trip to the meter that is made anyway. */
const ENDS_WAIT_MS = 10
/** How long calls at the dock wait for the trip under way to come back: so the meter may be far away as well. */
const DOCK_MS = 5
/** Nobody boards what should have left so long ago: who was to make the trip is gone. */
const LEFT_BEHIND_MS = 100
/** A trip that has not come back so long is not waited for: whoever is aboard asks by itself. */
const LOST_MS = 2_000
/** A trip that took an end along and has not been answered so long, longer than the meter lets a call wait, is not trusted. */
const OVERDUE_MS = 10_000
const LONGEST_LOOK_MS = 1_000
/** Calls that ask together, and ends that are taken along. */
const MOST_ABOARD = 100

/** Goes to the meter and comes back with its answers. */
export type Sail = (trip: Trip) => Promise<(Admitted | Held)[]>
/** Lets work go on when the request that does it is over. */
export type Outlive = (work: Promise<unknown>) => void

/** Calls that go together. */
type Boat = {
  aboard: Admission[]
  madeAtMs: number
  /** Their answers; null: it never got there, or nobody knows. Never fails. */
  landed: Promise<(Admitted | Held)[] | null>
}

/** The end of a call that the meter may not have yet. `takenAtMs`: when a trip took it along; null: it waits. */
type Item = { settlement: Settlement; takenAtMs: number | null; isTold: boolean }

/**
 * What goes from this isolate to the meter, of all its requests. While a trip is under way, calls that come wait at the dock (a
 * few milliseconds at most) and go together with the next one, which takes the ends of other calls along: so a busy gateway
 * makes fewer trips than it answers calls, and a single caller waits for nobody. The first at the dock makes the trip for all;
 * it outlives its own request. Where it dies all the same, or fails, every other asks by itself: to ask for the same call
 * twice, or to be told its end twice, changes nothing in the meter.
 */
export class Ferry {
  private readonly items = new Set<Item>()
  private readonly endsWaitMs: number
  /** What waits at the dock. */
  private next: Boat | null = null
  /** Ends when the trip that is under way does. */
  private underWay: Promise<unknown> | null = null

  constructor(endsWaitMs = ENDS_WAIT_MS) {
    this.endsWaitMs = endsWaitMs
  }

  /** Asks the meter to let a call through. @throws what `sail` throws */
  async admit(asked: Admission, sail: Sail, outlive: Outlive): Promise<Admitted> {
    const answer = await this.askedTogether(asked, sail, outlive)
    if (answer && answer.is !== 'held') return answer
    const [alone] = await this.along((ended) => sail({ admissions: [asked], ended }))
    return alone as Admitted // who asks alone is never held
  }

  private async askedTogether(asked: Admission, sail: Sail, outlive: Outlive): Promise<Admitted | Held | null> {
    const boat = this.next
    if (boat && boat.aboard.length < MOST_ABOARD && Date.now() - boat.madeAtMs < LEFT_BEHIND_MS) {
      const at = boat.aboard.push(asked) - 1
      return (await within(LOST_MS, boat.landed))?.[at] ?? null
    }
    const voyage = this.lead([asked], sail)
    outlive(voyage.catch(() => undefined))
    return (await voyage)[0] ?? null
  }

  /** Makes a trip for all who come aboard until it leaves. */
  private async lead(aboard: Admission[], sail: Sail): Promise<(Admitted | Held)[]> {
    const { promise: landed, resolve: land } = Promise.withResolvers<(Admitted | Held)[] | null>()
    const boat = { aboard, landed, madeAtMs: Date.now() }
    try {
      if (this.underWay) {
        this.next = boat
        await within(DOCK_MS, this.underWay)
        if (this.next === boat) this.next = null
      }
      this.underWay = landed
      const answers = await this.along((ended) => sail({ admissions: aboard, ended }))
      land(answers)
      return answers
    } finally {
      land(null) // where it has not landed
      if (this.underWay === landed) this.underWay = null
    }
  }

  /** Has the end of a call taken along, or sends it (and what else waits) itself. Ends when the meter has it. @throws what `sail` throws */
  async put(settlement: Settlement, sail: Sail): Promise<void> {
    const item: Item = { settlement, takenAtMs: null, isTold: false }
    this.items.add(item)
    try {
      for (let waitMs = this.endsWaitMs; ; waitMs = Math.min(LONGEST_LOOK_MS, waitMs * 4)) {
        if (waitMs > 0) await new Promise((resume) => setTimeout(resume, waitMs))
        if (item.isTold) return
        if (item.takenAtMs !== null && Date.now() - item.takenAtMs < OVERDUE_MS) continue
        await this.along((ended) => sail({ admissions: [], ended }), item)
        return
      }
    } finally {
      this.items.delete(item)
    }
  }

  /** Tells the meter all ends that it may not have, those as well that are on their way. @throws what `sail` throws */
  async tellAll(sail: Sail): Promise<void> {
    const ended = [...this.items].map(({ settlement }) => settlement)
    if (ended.length > 0) await sail({ admissions: [], ended })
  }

  /** Makes a trip with ends that wait, `own` before all. Where it fails, they wait again. */
  private async along<T>(trip: (waiting: Settlement[]) => Promise<T>, own?: Item): Promise<T> {
    const waiting = [...this.items].filter((item) => item.takenAtMs === null && item !== own)
    const taken = [...(own ? [own] : []), ...waiting].slice(0, MOST_ABOARD)
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

/** What comes of it, or null after so long. The timer is of the request that waits: it is no hung one, and another's end does not end it. */
function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms)
    const done = () => clearTimeout(timer)
    work.then(resolve, reject).finally(done)
  })
}
