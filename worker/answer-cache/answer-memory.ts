import { LRUCache } from 'lru-cache'
import type { Settings } from '../env.ts'

const MOST_BYTES = 16 * 1024 * 1024
/** A larger answer is rare, and would push out a hundred others. */
export const LARGEST_BYTES = 1024 * 1024
/** What an entry costs beside its answer: the tag and the list's own fields. */
const ENTRY_BYTES = 256

export type AskedResult = 'hit' | 'miss' | 'not_modified'

/** The answers that one isolate keeps, as the JSON they were sent as, by tag; and how often it was asked for one. */
export type AnswerMemory = {
  readonly asked: Record<AskedResult, number>
  bytes(): number
  find(version: bigint, tag: string): Uint8Array<ArrayBuffer> | null
  keep(version: bigint, tag: string, json: Uint8Array<ArrayBuffer>): void
}

const memories = new WeakMap<Settings, AnswerMemory>()

/** The isolate's memory: settings are read once in an isolate, so it lives as long as they do. */
export function answerMemoryOf({ settings }: { settings: Settings }): AnswerMemory {
  const known = memories.get(settings) ?? openMemory()
  memories.set(settings, known)
  return known
}

/**
 * Bounded in bytes; the answers that were not asked for the longest go first. The version is in the tag already: another
 * one only says that all that is kept has had its day, and gives the room back at once.
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
    find: (version, tag) => {
      turnTo(version)
      return answers.get(tag) ?? null
    },
    keep: (version, tag, json) => {
      turnTo(version)
      answers.set(tag, json)
    },
  }
}
