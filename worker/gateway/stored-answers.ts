import { and, eq, gt } from 'drizzle-orm'
import { storedAnswers } from '../../db/schema/gateway.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Asking } from '../asking.ts'
import { sha256Hex } from '../auth/digest.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import type { ServedModel } from './snapshot.ts'
import { SSE_DONE, sseEvent } from './sse.ts'

type Json = Record<string, unknown>

/** A question that may be answered from the team's store, and what it holds of it. */
export type Question = {
  hash: string
  teamId: TeamId
  ttlSeconds: number
  answer: { text: string; costNanoUsd: NanoUsd | null } | null
}

/** What a client says about itself and about how it wants its answer, not about the answer. */
const BESIDES = new Set([
  'user',
  'metadata',
  'stream',
  'stream_options',
  'store',
  'safety_identifier',
  'prompt_cache_key',
])
/** Members by which a question leans on what the provider remembers. */
const REMEMBERED = ['previous_response_id', 'conversation', 'background']
/** Streams can be made of answers of these. */
const STREAMED = new Set(['chat.completions', 'completions'])
const LONGEST_ANSWER = 1_000_000

/** The question of a call as its team's store knows it; null: the store is not asked, by the team's or the client's wish. */
export async function questionOf(
  asking: Pick<Asking, 'db' | 'now' | 'request'>,
  asked: {
    teamId: TeamId | null
    ttlSeconds: number | null
    endpoint: Endpoint
    served: ServedModel
    body: Readonly<Json>
  },
): Promise<Question | null> {
  const { teamId, ttlSeconds, endpoint, served, body } = asked
  const wish = asking.request.headers.get('cache-control') ?? ''
  if (teamId === null || ttlSeconds === null || /\bno-store\b/i.test(wish)) return null
  if (REMEMBERED.some((name) => body[name] !== undefined && body[name] !== null)) return null
  if (body.stream === true && !STREAMED.has(endpoint.name)) return null
  // Where a name leads elsewhere by now, it is another question.
  const by = served.by.map(({ backend, upstreamModel }) => `${backend.id} ${upstreamModel}`).sort()
  const question = Object.fromEntries(Object.entries(body).filter(([name]) => !BESIDES.has(name)))
  const hash = sha256Hex(canonical([teamId, endpoint.name, by, question]))
  const isFresh = /\bno-cache\b/i.test(wish)
  return { hash, teamId, ttlSeconds, answer: isFresh ? null : await lookUp(asking, hash, teamId, ttlSeconds) }
}

async function lookUp({ db, now }: Pick<Asking, 'db' | 'now'>, hash: string, teamId: TeamId, ttlSeconds: number) {
  const [row] = await db
    .select({ text: storedAnswers.answer, costNanoUsd: storedAnswers.costNanoUsd })
    .from(storedAnswers)
    .where(
      and(
        ...[eq(storedAnswers.hash, hash), eq(storedAnswers.teamId, teamId), gt(storedAnswers.expiresAtMs, now())],
        gt(storedAnswers.createdAtMs, (now() - ttlSeconds * 1000) as EpochMs), // the team may want them younger by now
      ),
    )
  return row ?? null
}

/** Keeps the answer for the next same question. */
export async function keepAnswer(
  { db, now }: Pick<Asking, 'db' | 'now'>,
  { hash, teamId, ttlSeconds }: Question,
  text: string,
  costNanoUsd: NanoUsd | null,
): Promise<void> {
  if (text.length > LONGEST_ANSWER) return
  const expiresAtMs = (now() + ttlSeconds * 1000) as EpochMs
  const fields = { answer: text, costNanoUsd, createdAtMs: now(), expiresAtMs }
  await db
    .insert(storedAnswers)
    .values({ hash, teamId, ...fields })
    .onConflictDoUpdate({ target: storedAnswers.hash, set: fields })
}

/** The same JSON for the same meaning: members in the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

/** A stream that says a whole answer of chat.completions or completions. */
export function streamOf(text: string, wantsUsage: boolean): string {
  const {
    choices = [],
    usage,
    object,
    ...head
  } = JSON.parse(text) as { choices?: Json[]; usage?: unknown; object: string }
  const kind = object === 'chat.completion' ? 'chat.completion.chunk' : object
  const chunk = (choice: Json[], more: Json = {}) => sseEvent({ ...head, object: kind, choices: choice, ...more })
  const said = choices.map((choice) => {
    const { index, message, text: words, logprobs = null, finish_reason: finish } = choice
    if (!message) return chunk([{ index, text: words, logprobs, finish_reason: finish }])
    const { tool_calls: tools, ...delta } = message as Json
    const calls = Array.isArray(tools)
      ? { tool_calls: (tools as Json[]).map((tool, at) => ({ index: at, ...tool })) }
      : {}
    return (
      chunk([{ index, delta: { ...delta, ...calls }, logprobs, finish_reason: null }]) +
      chunk([{ index, delta: {}, logprobs: null, finish_reason: finish }])
    )
  })
  return said.join('') + (wantsUsage ? chunk([], { usage }) : '') + SSE_DONE
}
