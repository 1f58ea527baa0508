import type { JobStatus } from '../../../db/schema/jobs.ts'
import type { CostGrade, TokenStatus } from '../../../db/schema/tokens.ts'
import type { ExactUsd, NanoUsd } from '../../../db/units/money.ts'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import { HelioxError } from '../../errors.ts'
import type { ChargeHours } from './charge-hours.ts'

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
  /** The provider's service, such as "Amazon Elastic Compute Cloud". */
  service: string
  sku: string
  /** What the SKU is called on the bill. */
  item: string
  instanceType: string
  chargeCategory: string
  pricingCategory: string
  /** ISO 4217, as billed. */
  currency: string
  /** JSON object with sorted keys, see `tagsText`; '' without tags. */
  tags: string
  billed: ExactUsd
  effective: ExactUsd
  /** At list price; null: the row does not say. */
  list: ExactUsd | null
  /** Billed amount in `currency`; null where that is USD. */
  billedInCurrency: ExactUsd | null
  /** Time of the billed units (instances, or GPUs) in seconds; null: the row does not count hours. */
  usageSeconds: number | null
  /** GPU time the row bought; null: the row does not say. */
  capacityGpuSeconds: number | null
  /** Hours of its day that it is of; null or absent: the row does not say. */
  hours?: ChargeHours | null
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
  /** GPUs held, in thousandths. */
  gpuMilli: number
  /** Who ran it and what they called it; '' where the source does not say. */
  userName: string
  jobName: string
  startedAtMs: EpochMs | null
  endedAtMs: EpochMs | null
  status: JobStatus
}

/** Measured GPU time of a pool on a day. `measuredGpuSeconds`: for how much of it there was a measurement; null: not known. */
export type UsageDraft = {
  kind: 'usage'
  line: number
  entryDate: Day
  provider: string
  gpuType: string
  gpuSeconds: number
  measuredGpuSeconds: number | null
}

/** Metered inference: one call, or a bucket of calls. Token buckets are disjoint; null: the source does not say. */
export type TokenDraft = {
  kind: 'tokens'
  line: number
  recordId: string
  startedAtMs: EpochMs
  endedAtMs: EpochMs | null
  provider: string
  model: string
  /** Looked up among the teams; one that Heliox does not know stays in `project`. */
  project: string
  userName: string
  keyName: string
  status: TokenStatus
  requestCount: number
  inputTokens: number | null
  cachedInputTokens: number | null
  cacheWriteTokens: number | null
  outputTokens: number | null
  reasoningTokens: number | null
  /** Null: unpriced. */
  cost: ExactUsd | null
  costGrade: CostGrade
  latencyMs: number | null
  timeToFirstTokenMs: number | null
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
  /** The row as the file has it, if it is kept for another try: with the file's frame around it, it is a file. */
  record?: string
}

/** A line that is no record of its own, such as a step of a Slurm job. */
export type Skipped = { kind: 'skipped'; line: number }

export type Row = CostDraft | JobDraft | UsageDraft | TokenDraft | TeamDraft | Refused | Skipped

/** What a bill line says about the thing it charges for; '' where it does not say. */
export type BilledThing = {
  /** Lower-cased. */
  provider: string
  service: string
  /** FOCUS ServiceCategory. */
  serviceCategory: string
  sku: string
  /** What the SKU is called on the bill. */
  item: string
  instanceType: string
  resourceType: string
  skuMeter: string
  /** FOCUS SkuPriceDetails: JSON with InstanceType, GpuCount, … */
  skuPriceDetails: string
}

/** The GPU behind a bill line: its type, and how many of them one billed unit has; null: not known. */
export type BilledGpu = { gpuType: string; gpuCount: number | null }

/** What the sender says beside the file, and what Heliox knows about what files leave open. */
export type ReadOptions = {
  /** The provider whose bill pays for a scheduler's jobs; '' lets the importer choose. */
  provider: string
  /** The currency of a bill that has no currency column; '' leaves it unknown. */
  currency: string
  /** IANA zone of times that have none; '' is UTC. */
  timeZone: string
  /** Null: a line that is not GPU time. */
  recogniseGpu(thing: BilledThing): BilledGpu | null
  /** What one unit of a currency was worth in US dollars that day; null: nobody has said. */
  usdPerUnit(currency: string, day: Day): ExactUsd | null
}

/** The text around and between single records of a file that makes them a file of the same format again. */
export type FileFrame = { before: string; between: string; after: string }

/**
 * Reads one file as its text arrives, cut anywhere. Memory does not grow with the file. Text that is not this
 * format at all throws HelioxError invalid `ingest.wrong_format`; a bad row comes back as Refused.
 */
export type Reader = {
  push(text: string): Row[]
  /** The text has ended: what was still waiting. */
  end(): Row[]
  /** What the file turned out to be, in a few words: "FOCUS 1.2". Asked after the end. */
  about?(): string
  /** How to make a file of single records of it. Asked after the first rows; absent: they cannot be read alone. */
  frame?(): FileFrame
}

/** A file that can be read from any place, for formats whose index stands at the end. */
export type RangedFile = {
  byteLength: number
  /** `end` is exclusive. */
  slice(start: number, end?: number): Promise<ArrayBuffer>
}

type ImporterFacts = {
  id: string
  label: string
  /** What its rows are; a bill of workloads may bring jobs as well, see `alsoJobs`. */
  kind: 'costs' | 'jobs' | 'usage' | 'tokens'
  alsoJobs?: true
  /** Suffixes for the file picker. */
  accept: string
  /** Whose rows they are when the sender names no source. */
  defaultSource: string
  /** A bill: rows with the same key add up, and a period in it replaces the same period of an older file. */
  isBill: boolean
  /**
   * Which part of its source's bill a file is, told by its name, where a bill comes in several files that complete each
   * other; '' for the first or only one. Asked when the sender names no part.
   */
  partOf?(fileName: string): string
}

/** A source whose files are text. */
export type TextImporter = ImporterFacts & {
  /** From the first text of a file (up to 64 KiB): how it can be told that it is ours, as an end of "because …"; null: it is not. */
  recognises(head: string): string | null
  open(options: ReadOptions): Reader
}

/** The rows of a file that is read by ranges; the rest as a `Reader` has it, with records of the format `retriedAs`. */
export type RangedRows = AsyncIterable<Row[]> & Pick<Reader, 'about' | 'frame'>

/** A source whose files are read by ranges. */
export type RangedImporter = ImporterFacts & {
  /** The text format of single records, for another try. */
  retriedAs: string
  /** From the whole file: the same. */
  recognisesFile(file: RangedFile): Promise<string | null>
  openFile(file: RangedFile, options: ReadOptions): RangedRows
}

/** One source. Pure: no clock, no network, no database. Adding one: its file, a line in `index.ts`, a sample. */
export type Importer = TextImporter | RangedImporter

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
