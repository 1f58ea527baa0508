import type { z } from 'zod'
import type { SourceKind as KindId } from '../../../db/schema/sources.ts'
import type { Day, EpochMs } from '../../../db/units/time.ts'
import type { RangedFile } from '../../ingest/importers/importer.ts'
import type { OutsideRequest } from '../fetch-outside.ts'

/** One pull of one source, as its kind sees it. */
export type Pull<Config, Secrets, State> = {
  config: Config
  secrets: Secrets
  /** What `PulledFile.remember` last said; empty at first, and where the source's address has changed. */
  state: Partial<State>
  /** The last whole UTC day. */
  yesterday: Day
  now: EpochMs
  /** Whose rows they are, where the file does not say it. */
  provider: string
  fetch: (request: OutsideRequest) => Promise<Response>
}

/** A file that a source has for us. It is asked for when it is opened. */
export type PulledFile = {
  fileName: string
  /** Which part of an export in several files; '' for a whole one. */
  part: string
  /** Read as this, where it is not what the kind brings as a rule; and whose rows they are then. */
  format?: string
  source?: string
  /** As announced; null: not known. */
  byteLength: number | null
  open: () => Promise<FileBody>
  /** Asked once it has been imported: what to remember from then on; null: nothing new yet. */
  remember: (() => object) | null
}

/** Bytes as they come (perhaps gzip), text, or a file that is read by ranges. */
export type FileBody =
  | { bytes: ReadableStream<Uint8Array> }
  | { pieces: readonly (() => Promise<ReadableStream<Uint8Array>>)[] }
  | { text: string }
  | { ranged: RangedFile }

/**
 * One kind of source. Adding one: its file, a line in `index.ts`, its id in `SOURCE_KINDS`. Fields of `config` and
 * `secrets` carry `title`, `description` and `examples` in their meta: the page makes its form of them.
 */
export type SourceKind<Config = never, Secrets = never, State = never> = {
  id: KindId
  label: string
  /** The importer that reads what it brings; null: as the source says. */
  format: string | null
  config: z.ZodType<Config> & { shape: Record<string, z.ZodType> }
  /** Every field is text, and optional where the kind works without. */
  secrets: z.ZodType<Secrets> & { shape: Record<string, z.ZodType> }
  /** Where it pulls from, in a few words for a list. */
  place: (config: Config) => string
  /** Which fields, when they change, make what it remembers worthless. */
  addressFields: readonly string[]
  /** Whether a file may only be imported once those before it have been: it remembers how far it has come. */
  isInOrder: boolean
  /** Every file that is new since what it remembers, in the order in which they are to be imported. */
  pull: (pull: Pull<Config, Secrets, State>) => AsyncGenerator<PulledFile>
}

export function sourceKind<Config, Secrets, State>(kind: SourceKind<Config, Secrets, State>): SourceKind {
  return kind as unknown as SourceKind
}
