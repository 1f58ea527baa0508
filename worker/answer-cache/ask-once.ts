import { type Asking, userScope } from '../asking.ts'
import { answerMemoryOf, LARGEST_BYTES } from './answer-memory.ts'
import { answerTag, type Question } from './answer-tag.ts'
import { edgeAnswersOf } from './edge-answers.ts'
import { ledgerVersion } from './ledger-version.ts'

/** A question about the ledger, of which nothing but the version has been read yet. */
export type Asked = {
  /** Of the answer: who holds it under this tag holds what they would be answered. */
  readonly tag: string
  /** Counts that the asker holds it. */
  noteHeld(): void
  /** The kept answer, or the one that `make` makes: kept from now on. `make` is asked for somebody without a name. */
  answer<A>(make: (asking: Asking) => Promise<A>): Promise<Answered<A>>
  /** An answer that leaves in pieces and is kept nowhere; its verb does not read the clock. */
  file(make: (asking: Asking) => Promise<Response>): Promise<Response>
}

export type Answered<A> = {
  /** The answer, as JSON brings it back. */
  value(): A
  json: Uint8Array<ArrayBuffer>
  /** False: it is of this moment (its verb read the clock), so it has no tag and is not kept. */
  isLasting: boolean
}

/**
 * Asks one question about the ledger so that the same question of the same ledger is answered once in an isolate, whoever
 * asks among those who may see the same. What is kept was answered to somebody with that very role, teams and key scopes,
 * so a refusal is never passed over; and refusals are not kept.
 *
 * The version is read before the answer is made. An import in between makes the answer newer than its tag says: the next
 * who asks reads the new version, and finds nothing under it.
 *
 * @throws HelioxError unauthenticated for a stranger
 */
export async function askOnce(asking: Asking, question: Question): Promise<Asked> {
  const { actor } = await userScope(asking)
  const version = await ledgerVersion(asking)
  const tag = answerTag(asking.settings, version, question, actor)
  const memory = answerMemoryOf(asking)
  const edge = edgeAnswersOf(asking)
  return {
    tag,
    noteHeld: () => {
      memory.asked.not_modified += 1
    },
    answer: async (make) => {
      const own = memory.find(version, tag)
      const kept = own ?? (await edge?.find(tag))
      if (kept) {
        memory.asked.hit += 1
        if (!own) memory.keep(version, tag, kept)
        return { json: kept, value: () => fromJson(kept), isLasting: true }
      }
      const { asking: unnamed, readsClock } = withoutName(asking)
      const value = await make(unnamed)
      memory.asked.miss += 1
      const json = new TextEncoder().encode(JSON.stringify(value)) as Uint8Array<ArrayBuffer>
      if (!readsClock()) {
        memory.keep(version, tag, json)
        if (json.byteLength <= LARGEST_BYTES) edge?.keep(tag, json)
      }
      return { json, value: () => value, isLasting: !readsClock() }
    },
    file: async (make) => {
      const file = await make(withoutName(asking).asking)
      memory.asked.miss += 1
      return file
    },
  }
}

function fromJson<A>(json: Uint8Array): A {
  return JSON.parse(new TextDecoder().decode(json)) as A
}

/** The same asking by nobody in particular: the answer is for others as well. Notes whether the clock is read. */
function withoutName(asking: Asking): { asking: Asking; readsClock: () => boolean } {
  let isRead = false
  const now = () => {
    isRead = true
    return asking.now()
  }
  const actor = async () => {
    const who = await asking.actor()
    return who && { ...who, userId: null, keyId: null, label: '', sessionFamily: null }
  }
  return { asking: { ...asking, now, actor }, readsClock: () => isRead }
}
