import { readdirSync, readFileSync } from 'node:fs'

/**
 * The most memory that a started Heliox has used, in MiB by process: `worker` is the runtime of the Worker, `database` the
 * Node process with the embedded database. Linux only (/proc); empty elsewhere.
 */
export class Resident {
  readonly peak = { worker: 0, database: 0 }
  private readonly timer: NodeJS.Timeout
  private readonly pid: number

  constructor(pid: number, everyMs = 100) {
    this.pid = pid
    this.timer = setInterval(() => this.look(), everyMs)
    this.timer.unref()
    this.look()
  }

  stop(): void {
    clearInterval(this.timer)
  }

  /** Forgets the peak so far and answers what is used now. */
  restart(): { worker: number; database: number } {
    this.peak.worker = 0
    this.peak.database = 0
    this.look()
    return { ...this.peak }
  }

  private look(): void {
    try {
      const statusOf = (pid: string | number) => readFileSync(`/proc/${pid}/status`, 'utf8')
      const memoryIn = (status: string) => Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
      this.peak.database = Math.max(this.peak.database, memoryIn(statusOf(this.pid)))
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const status = readSafely(() => statusOf(pid))
        if (/Name:\s+workerd/.test(status) && Number(/PPid:\s+(\d+)/.exec(status)?.[1]) === this.pid)
          this.peak.worker = Math.max(this.peak.worker, memoryIn(status))
      }
    } catch {
      // no /proc here
    }
  }
}

function readSafely(read: () => string): string {
  try {
    return read()
  } catch {
    return '' // it has ended since
  }
}
