import type { Statement } from './classify-sql.ts'
import type { Stmt } from './requests.ts'

/** What is assumed of a statement that has never run, and for each thousand characters that are bound to it. */
const UNKNOWN_MS = 10
const UNKNOWN_MS_PER_THOUSAND = 0.2
/** How much of the latest time goes into the average. */
const LATEST_SHARE = 0.3

/**
 * How long statements took lately: by their text, and by the size of what was bound to them, in steps of four times, since
 * a chunk of a file and a row by hand may be the same SQL.
 */
export class Durations {
  readonly #known = new WeakMap<Statement, number[]>() // texts that are no longer remembered take theirs along

  /** Milliseconds that the statement will probably take. */
  expectedMs(statement: Statement, stmt: Stmt): number {
    const size = sizeOf(stmt)
    return this.#known.get(statement)?.[stepOf(size)] ?? UNKNOWN_MS + (UNKNOWN_MS_PER_THOUSAND * size) / 1000
  }

  note(statement: Statement, stmt: Stmt, tookMs: number): void {
    const averages = this.#known.get(statement) ?? []
    const step = stepOf(sizeOf(stmt))
    const before = averages[step]
    averages[step] = before === undefined ? tookMs : before + (tookMs - before) * LATEST_SHARE
    this.#known.set(statement, averages)
  }
}

function sizeOf({ args, namedArgs }: Stmt): number {
  let size = 1
  for (const values of [args, namedArgs.values()])
    for (const value of values) size += typeof value === 'string' || value instanceof Uint8Array ? value.length : 1
  return size
}

function stepOf(size: number): number {
  return Math.floor(Math.log2(size) / 2)
}
