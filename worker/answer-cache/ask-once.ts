import { type Asking, userScope } from '../asking.ts'
import { countsOf } from '../metrics/isolate-counts.ts'
import { type AskedResult, answerMemoryOf, LARGEST_BYTES } from './answer-memory.ts'
import { answerTag, type Question, questionTag } from './answer-tag.ts'
import { edgeAnswersOf } from './edge-answers.ts'
import { ledgerVersion, withVersion } from './ledger-version.ts'

/** A question about the ledger, of which nothing has been read yet. */
export type Asked = {
  /** Of the answer as it would be now: who holds it under this tag holds what they would be answered. */
  tag(): Promise<string>
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
  /** Null: it is of this moment (its verb read the clock), and is not kept. */
  tag: string | null
}

/**
 * Asks one question about the ledger so that the same question of the same ledger is answered once in an isolate, whoever
 * asks among those who may see the same. What is kept was answered to somebody with that very role, teams and key scopes,
 * so a refusal is never passed over; and refusals are not kept.
 *
 * An answer is never older than the version in its tag. Where one may be kept the version is read first: an import in
 * between makes a newer answer than the tag says, and who asks next reads the new version and finds nothing under it.
 * Otherwise both are read together.
 *
 * @throws HelioxError unauthenticated for a stranger
 */
export async function askOnce(asking: Asking, question: Question): Promise<Asked> {
  const { actor } = await userScope(asking)
  const asked = questionTag(asking.settings, question, actor)
  const tagOf = (version: bigint) => answerTag(asking.settings, asked, version)
  const memory = answerMemoryOf(asking)
  const edge = edgeAnswersOf(asking)
  const noted = (result: AskedResult) => {
    memory.asked[result] += 1
    countsOf(asking).count('heliox_analytics_cache_requests_total', [result])
  }
  let isTagged = false
  const kept = async () => {
    const version = await ledgerVersion(asking)
    const own = memory.find(version, asked)
    const json = own ?? (await edge?.find(tagOf(version))) ?? null
    if (json && !own) memory.keep(version, asked, json)
    return { json, version }
  }
  return {
    tag: async () => {
      isTagged = true
      return tagOf(await ledgerVersion(asking))
    },
    noteHeld: () => {
      noted('not_modified')
    },
    answer: async (make) => {
      const { json: found, version: seen } = isTagged || edge || memory.has(asked) ? await kept() : NOTHING_KEPT
      if (found) {
        noted('hit')
        return { json: found, value: () => fromJson(found), tag: tagOf(seen) }
      }
      const { asking: unnamed, readsClock } = withoutName(asking)
      const beside = seen === null ? withVersion(asking.db) : { db: asking.db, version: async () => seen }
      const value = await make({ ...unnamed, db: beside.db })
      noted('miss')
      const json = new TextEncoder().encode(JSON.stringify(value)) as Uint8Array<ArrayBuffer>
      if (readsClock()) return { json, value: () => value, tag: null }
      const version = await beside.version()
      memory.keep(version, asked, json)
      if (json.byteLength <= LARGEST_BYTES) edge?.keep(tagOf(version), json)
      return { json, value: () => value, tag: tagOf(version) }
    },
    file: async (make) => {
      const file = await make(withoutName(asking).asking)
      noted('miss')
      return file
    },
  }
}

const NOTHING_KEPT = { json: null, version: null }

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
