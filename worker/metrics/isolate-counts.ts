import type { Db } from '../../db/client.ts'
import type { Settings } from '../env.ts'
import { rootCause } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Cell, type CountedName, counterCell, observedCell } from './counted.ts'
import { type Report, writeReport } from './write-cells.ts'

/** What is counted waits so long and is then written in one go. */
export const WRITE_AFTER_MS = 2_000
/** A writer that has not come to its end by then has died with its request. */
const OVERDUE_MS = 30_000
/** More cells than that wait only where the database does not answer: then what is new is lost, not the isolate. */
const MOST_CELLS = 5_000

/**
 * What one isolate counts, until it is in the database: a kill loses what was counted since the last writing, two seconds of
 * it, and nothing counts twice. Only what the database has is served, so a counter never goes back, whichever isolate answers.
 */
export class IsolateCounts {
  readonly id = crypto.randomUUID()
  private pending = new Map<string, Cell>()
  /** On its way; stays until the database has it. */
  private report: Report | null = null
  private seq = 0
  private openCount = 0
  private hasNews = false
  private claimedUntilMs = 0
  private writingUntilMs = 0
  private turn = 0

  /** A happening. */
  count(name: CountedName, labels: readonly string[]): void {
    this.add(counterCell(name, labels))
  }

  observe(name: CountedName, labels: readonly string[], ms: number): void {
    this.add(observedCell(name, labels, ms))
  }

  /** A request has come; answers what to call when it has been answered. */
  open(): () => void {
    this.openCount += 1
    let isOpen = true
    return () => {
      if (isOpen) this.openCount -= 1
      isOpen = false
    }
  }

  /** Requests that this isolate is answering now. */
  get isAnswering(): number {
    return this.openCount
  }

  /** That what was counted is worth a writing of its own: probes and scrapes are not, and go with the next. */
  news(): void {
    this.hasNews = true
  }

  /** Whether the caller is to write after a while: there is news, and nobody else is about to. */
  claimsWriting(): boolean {
    if (!this.hasNews || Date.now() < this.claimedUntilMs) return false
    this.claimedUntilMs = Date.now() + OVERDUE_MS
    return true
  }

  /** Waits a little for others, then writes. */
  async writeSoon(open: () => Db, log: Log): Promise<void> {
    await new Promise((resume) => setTimeout(resume, WRITE_AFTER_MS))
    await this.write(open, log)
    this.claimedUntilMs = 0
  }

  /**
   * Writes what waits, if it is worth it and nobody does already: a request must not wait for what another one has begun. What
   * the database does not take stays for the next time, and is in the log.
   */
  async write(open: () => Db, log: Log): Promise<void> {
    if ((!this.hasNews && !this.report) || Date.now() < this.writingUntilMs) return
    this.writingUntilMs = Date.now() + OVERDUE_MS
    this.turn += 1
    const turn = this.turn
    this.hasNews = false
    try {
      const db = open()
      for (let wasLost = this.report !== null; ; wasLost = false) {
        this.report ??= this.nextReport() // first the one whose answer was lost
        await writeReport(db, this.report)
        if (this.turn !== turn) return // so late that another has taken over, and sent it again
        this.report = null
        if (!wasLost) return
      }
    } catch (error) {
      this.hasNews = true
      log.error('metrics.not_written', { error: String(rootCause(error)) })
    } finally {
      if (this.turn === turn) this.writingUntilMs = 0
    }
  }

  private nextReport(): Report {
    this.seq += 1
    const cells = [...this.pending.values()]
    this.pending = new Map()
    return { isolate: this.id, seq: this.seq, cells, openCount: this.openCount, atMs: Date.now() }
  }

  private add(cell: Cell): void {
    const key = `${cell.name} ${cell.bucket} ${cell.labels}`
    const known = this.pending.get(key)
    if (known) {
      known.count += cell.count
      known.sum += cell.sum
    } else if (this.pending.size < MOST_CELLS) this.pending.set(key, cell)
  }
}

const kept = new WeakMap<Settings, IsolateCounts>()

/** The isolate's counts: settings are read once in an isolate, so they live as long as it. A door: whoever has something to count. */
export function countsOf({ settings }: { settings: Settings }): IsolateCounts {
  const known = kept.get(settings) ?? new IsolateCounts()
  kept.set(settings, known)
  return known
}
