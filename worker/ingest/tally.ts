import { type SQL, sql } from 'drizzle-orm'
import type { imports } from '../../db/schema/ingest.ts'
import {
  addExact,
  type ExactUsd,
  exactOfText,
  exactText,
  nanoUsd,
  toNanoUsd,
  ZERO_EXACT,
} from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { HelioxError, rootCause } from '../errors.ts'
import type { CostDraft, JobDraft, Refused, TokenDraft, UsageDraft } from './importers/importer.ts'

/** The ledger's sums are 64-bit nano-dollars, ±9.2 billion USD. */
export const MOST_NANO_USD = 9_000_000_000n * 1_000_000_000n

/** A column's limit; GPU time beyond it is nobody's, and must not keep an import from being closed. */
const MOST_INT64 = 2n ** 63n - 1n

const BUCKET_WORDS = {
  ...{ inputTokens: 'input', cachedInputTokens: 'cached input', cacheWriteTokens: 'cache write' },
  ...{ outputTokens: 'output', reasoningTokens: 'reasoning' },
}
const BUCKETS = Object.keys(BUCKET_WORDS) as (keyof typeof BUCKET_WORDS)[]

type Amounts = { billed: ExactUsd | null; effective: ExactUsd | null }

/** Exact sums of both cost kinds, as a file wrote them. */
class ExactSums {
  billed = ZERO_EXACT
  effective = ZERO_EXACT

  add({ billed, effective }: Amounts): void {
    if (billed) this.billed = addExact(this.billed, billed)
    if (effective) this.effective = addExact(this.effective, effective)
  }
}

/** What one file has brought so far: rows by fate, GPU time, and its dollars, exact to the last digit it wrote. */
export class Tally {
  rowsRead = 0
  skipped = 0
  failed = 0
  /** Σ of what the ledger would hold at most on either side of zero, for the check that 64 bits suffice. */
  largestNanoUsd = 0n
  private readonly tokenSums = new Map<(typeof BUCKETS)[number], bigint>()
  private gpuMs = 0n
  private file = new ExactSums()
  private quarantined = new ExactSums()
  private readonly notDollars = new ExactSums()
  private storedNanoUsd = 0n
  private storedEffectiveNanoUsd = 0n

  /** @throws HelioxError invalid `ingest.too_much_money` */
  cost(draft: CostDraft): void {
    const billed = toNanoUsd(draft.billed)
    const effective = draft.effective === draft.billed ? billed : toNanoUsd(draft.effective)
    this.rowsRead += 1
    this.file.add(draft)
    this.storedNanoUsd += billed
    this.storedEffectiveNanoUsd += effective
    this.largestNanoUsd += max(abs(billed), abs(effective))
    this.gpuMs += BigInt(draft.capacityGpuSeconds ?? 0) * 1000n
    if (this.largestNanoUsd > MOST_NANO_USD) throw tooMuchMoney()
  }

  /**
   * What a call cost counts as billed and as effective: nobody amortises it.
   *
   * @throws HelioxError invalid `ingest.too_much_money`
   */
  tokens({ cost, ...draft }: TokenDraft): void {
    this.rowsRead += 1
    for (const name of BUCKETS) {
      const count = draft[name]
      if (count !== null) this.tokenSums.set(name, (this.tokenSums.get(name) ?? 0n) + BigInt(count))
    }
    if (cost === null) return
    const costNanoUsd = toNanoUsd(cost)
    this.file.add({ billed: cost, effective: cost })
    this.storedNanoUsd += costNanoUsd
    this.storedEffectiveNanoUsd += costNanoUsd
    this.largestNanoUsd += costNanoUsd
    if (this.largestNanoUsd > MOST_NANO_USD) throw tooMuchMoney()
  }

  /** Calls that were counted as stored and are not, and what they cost. */
  tokensRefused(rows: number, costs: readonly ExactUsd[]): void {
    this.failed += rows
    for (const cost of costs) {
      this.storedNanoUsd -= toNanoUsd(cost)
      this.storedEffectiveNanoUsd -= toNanoUsd(cost)
      this.quarantined.add({ billed: cost, effective: cost })
    }
  }

  /** What of the totals is in no dollars, in words: rows of a currency without a rate; '' where there are none. */
  otherMoneyWords(): string {
    const { billed } = this.notDollars
    if (billed.digits === 0n) return ''
    return `Of the quarantined amounts ${exactText(billed)} are in another currency, as the file writes them, and not dollars`
  }

  /** The tokens that the file has brought, quarantined ones included, in words; '' where it counts none. */
  tokenWords(): string {
    const words = BUCKETS.flatMap((name) => {
      const sum = this.tokenSums.get(name)
      return sum === undefined ? [] : [`${sum} ${BUCKET_WORDS[name]}`]
    })
    return words.length === 0 ? '' : `Tokens in the file: ${words.join(', ')}`
  }

  /** A running job counts up to now. `isBilled`: its GPU time is in the file a second time, as what its cost bought. */
  job({ startedAtMs, endedAtMs, status, gpuMilli }: JobDraft, now: EpochMs, isBilled = false): void {
    this.rowsRead += 1
    if (isBilled) return
    const end = endedAtMs ?? (status === 'running' ? now : startedAtMs)
    if (startedAtMs !== null && end !== null && end > startedAtMs)
      this.gpuMs += BigInt(gpuMilli) * BigInt(Math.floor(end / 1000) - Math.floor(startedAtMs / 1000))
  }

  usage({ gpuSeconds }: UsageDraft): void {
    this.rowsRead += 1
    this.gpuMs += BigInt(gpuSeconds) * 1000n
  }

  refused(row: Refused): void {
    this.rowsRead += 1
    this.failed += 1
    if (row.code === 'ingest.no_rate' || row.code === 'ingest.no_currency') this.notDollars.add(row)
    this.file.add(row)
    this.quarantined.add(row)
  }

  /** A row that was counted as stored and is not: the file has had its key before. */
  repeated(draft: CostDraft | JobDraft): void {
    this.failed += 1
    if (draft.kind === 'job') return
    this.storedNanoUsd -= toNanoUsd(draft.billed)
    this.storedEffectiveNanoUsd -= toNanoUsd(draft.effective)
    this.quarantined.add(draft)
  }

  /** The same, of an earlier reading of the same import. `costUsd`: its dollars; null: a job. */
  repeatedBefore(costUsd: string | null): void {
    this.failed += 1
    if (costUsd === null) return
    const amount = exactOfText(costUsd)
    this.storedNanoUsd -= toNanoUsd(amount)
    this.storedEffectiveNanoUsd -= toNanoUsd(amount)
    this.quarantined.add({ billed: amount, effective: amount })
  }

  /** The tally of an import that was read whole, as its row has it. */
  static of(row: typeof imports.$inferSelect): Tally {
    const tally = new Tally()
    tally.rowsRead = row.rowsRead
    tally.skipped = row.skipped
    tally.failed = row.failed
    tally.gpuMs = BigInt(row.gpuMs)
    tally.storedNanoUsd = row.storedCostNanoUsd
    tally.storedEffectiveNanoUsd = row.storedEffectiveCostNanoUsd
    tally.largestNanoUsd = max(abs(row.storedCostNanoUsd), abs(row.storedEffectiveCostNanoUsd))
    tally.file.add({ billed: exactOfText(row.fileCostUsd), effective: exactOfText(row.fileEffectiveCostUsd) })
    tally.quarantined.add({
      billed: exactOfText(row.quarantinedCostUsd),
      effective: exactOfText(row.quarantinedEffectiveCostUsd),
    })
    return tally
  }

  /** Rows that were counted as stored and are not the sender's to store, and the GPU time they were counted with. */
  othersRefused(rows: number, gpuMs: bigint): void {
    this.failed += rows
    this.gpuMs -= gpuMs
  }

  /** Nothing of the file counts as stored, so nothing of it is shown as a difference: only what was quarantined. */
  nothingStored(): void {
    this.storedNanoUsd = 0n
    this.storedEffectiveNanoUsd = 0n
    this.file = this.quarantined
  }

  /** The tally as assignments to the columns of `imports`. */
  columns(): SQL {
    return sql`rows_read = ${BigInt(this.rowsRead)}, skipped = ${BigInt(this.skipped)}, failed = ${BigInt(this.failed)},
      gpu_ms = ${this.gpuMs < MOST_INT64 ? this.gpuMs : MOST_INT64},
      file_cost_usd = ${exactText(this.file.billed)}, quarantined_cost_usd = ${exactText(this.quarantined.billed)},
      stored_cost_nano_usd = ${nanoUsd(this.storedNanoUsd)}, file_effective_cost_usd = ${exactText(this.file.effective)},
      quarantined_effective_cost_usd = ${exactText(this.quarantined.effective)},
      stored_effective_cost_nano_usd = ${nanoUsd(this.storedEffectiveNanoUsd)}`
  }
}

/** Whether it is the CHECK on the ledger's size, or its column where the sum has left 64 bits altogether. */
export function isTooMuch(error: unknown): boolean {
  return /ledger_size/.test(String(rootCause(error)))
}

/** @param what would pass the limit: a file, an entry */
export function tooMuchMoney(what = 'this file'): HelioxError {
  return new HelioxError(
    'invalid',
    'ingest.too_much_money',
    `Heliox counts up to 9 billion dollars in all; ${what} would pass that`,
  )
}

function abs(amount: bigint): bigint {
  return amount < 0n ? -amount : amount
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
