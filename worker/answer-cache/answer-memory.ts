import { LRUCache } from 'lru-cache'
import type { Settings } from '../env.ts'

const MOST_BYTES = 16 * 1024 * 1024
/** A larger answer is rare, and would push out a hundred others. */
export const LARGEST_BYTES = 1024 * 1024
/** What an entry costs beside its answer: the tag and the list's own fields. */
const ENTRY_BYTES = 256

export type AskedResult = 'hit' | 'miss' | 'not_modified'

/** The answers that one isolate keeps, as the JSON they were sent as, by question; and how often it was asked for one. */
export type AnswerMemory = {
  readonly asked: Record<AskedResult, number>
  bytes(): number
  /** Whether there is an answer, of the version that was seen last. */
  has(question: string): boolean
  find(version: bigint, question: string): Uint8Array<ArrayBuffer> | null
  keep(version: bigint, question: string, json: Uint8Array<ArrayBuffer>): void
}

const memories = new WeakMap<Settings, AnswerMemory>()

/** The isolate's memory: settings are read once in an isolate, so it lives as long as they do. */
export function answerMemoryOf({ settings }: { settings: Settings }): AnswerMemory {
  const known = memories.get(settings) ?? openMemory()
  memories.set(settings, known)
  return known
}

/**
 * Bounded in bytes; the answers that were not asked for the longest go first. All are of one version: with another one they
 * have had their day, and give the room back at once.
 */
function openMemory(): AnswerMemory {
  const answers = new LRUCache<string, Uint8Array<ArrayBuffer>>({
    ...{ maxSize: MOST_BYTES, maxEntrySize: LARGEST_BYTES },
    sizeCalculation: (json) => json.byteLength + ENTRY_BYTES,
  })
  let heldVersion: bigint | null = null
  const turnTo = (version: bigint) => {
    if (version !== heldVersion) answers.clear()
    heldVersion = version
  }
  return {
    asked: { hit: 0, miss: 0, not_modified: 0 },
    bytes: () => answers.calculatedSize,
    has: (question) => answers.has(question),
    find: (version, question) => {
      turnTo(version)
      return answers.get(question) ?? null
    },
    keep: (version, question, json) => {
      turnTo(version)
      answers.set(question, json)
    },
  }
}
