import type { JobStatus } from '../../../db/schema/jobs.ts'
import type { ExactUsd, NanoUsd } from '../../../db/units/money.ts'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import { HelioxError } from '../../errors.ts'

/** A cost row as a source tells it: names and units already ours, nothing rounded or stored yet. */
export type CostDraft = {
  kind: 'cost'
  line: number
  entryDate: Day
  provider: string
  gpuType: string
  billingAccount: string
  account: string
  billingPeriod: string
  region: string
  sku: string
  chargeCategory: string
  pricingCategory: string
  billed: ExactUsd
  effective: ExactUsd
  /** GPU time the row bought; null: the row does not say. */
  capacityGpuSeconds: number | null
}

/** A job row. `startedAtMs` null: not started; `endedAtMs` null: not ended. */
export type JobDraft = {
  kind: 'job'
  line: number
  jobId: string
  run: string
  teamName: string
  modelName: string
  provider: string
  gpuType: string
  gpuCount: number
  startedAtMs: EpochMs | null
  endedAtMs: EpochMs | null
  status: JobStatus
}

/** A team that a file introduces. Null budget: the file does not say. */
export type TeamDraft = { kind: 'team'; line: number; name: string; description: string; budgetNanoUsd: NanoUsd | null }

/** A row that cannot be stored, with its place and reason. Amounts are null when they are unreadable too. */
export type Refused = {
  kind: 'refused'
  line: number
  column: string | null
  code: string
  message: string
  billed: ExactUsd | null
  effective: ExactUsd | null
}

/** A line that is no record of its own, such as a step of a Slurm job. */
export type Skipped = { kind: 'skipped'; line: number }

export type Row = CostDraft | JobDraft | TeamDraft | Refused | Skipped

/** What the sender says beside the file. */
export type ReadOptions = {
  /** The provider whose bill pays for a scheduler's jobs; '' lets the importer choose. */
  provider: string
  /** The currency of a bill that has no currency column; '' leaves it unknown. */
  currency: string
}

/**
 * Reads one file as its text arrives, cut anywhere. Memory does not grow with the file. Text that is not this
 * format at all throws HelioxError invalid `ingest.wrong_format`; a bad row comes back as Refused.
 */
export type Reader = {
  push(text: string): Row[]
  /** The text has ended: what was still waiting. */
  end(): Row[]
}

/** One source. Pure: no clock, no network, no database. Adding one: its file, a line in `index.ts`, a sample. */
export type Importer = {
  id: string
  label: string
  kind: 'costs' | 'jobs'
  /** Suffixes for the file picker. */
  accept: string
  /** Whose rows they are when the sender names no source. */
  defaultSource: string
  /** A bill: rows with the same key add up, and a period in it replaces the same period of an older file. */
  isBill: boolean
  /** From the first text of a file (up to 64 KiB): is it ours? */
  recognises(head: string): boolean
  open(options: ReadOptions): Reader
}

/** The refusal of a whole file, saying what was expected. */
export function wrongFormat(expected: string): HelioxError {
  return new HelioxError('invalid', 'ingest.wrong_format', `Not the stated format: ${expected}`)
}

/** A refusal without an amount. */
export function refuse(line: number, column: string | null, code: string, message: string): Refused {
  return { kind: 'refused', line, column, code: `ingest.${code}`, message, billed: null, effective: null }
}

/** A value from a file as an error may quote it: short, one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  const line = text.replace(/[\r\n\t]+/g, ' ')
  return `"${line.length > 60 ? `${line.slice(0, 57)}…` : line}"`
}
