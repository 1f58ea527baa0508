import { z } from 'zod'
import { expected, rootCause } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ownImports, type Reading, readMoves } from './read-moves.ts'

const LOOK_EVERY_MS = 2_000
/** A stream may do with what another has read since its own last look. */
const FRESH_MS = 1_500
/** A connection that says nothing for longer is cut by proxies. */
const SILENT_LOOKS = 7
/** A database that is busy for so many looks is down: who watches comes back later. */
const MOST_FAILED_LOOKS = 5
/** Who still watches then asks again, and is checked again. */
const LONGEST_SECONDS = 240

export const LiveAsked = z.object({
  seconds: z.coerce
    .number()
    .int()
    .min(0)
    .max(LONGEST_SECONDS)
    .default(LONGEST_SECONDS)
    .describe('For how long; 0: how it stands, and no more'),
})

/** How it stands: texts that are another one after each change, and say nothing else. */
export type Marks = { ledger: string; imports: string; calls: string }
/** `state` comes first, `ledger`, `import` and `calls` say what has moved, and `end` that the time is over. */
export type Change = { name: 'state' | 'ledger' | 'import' | 'calls' | 'end'; data: Marks }

type Pause = () => Promise<void>

/**
 * That something has changed, as it happens: the ledger (whoever's part of it), one of the latest imports that the
 * actor may see, when it starts or ends, or calls of the gateway that came in. Never what; null where nothing has happened for a while. Looks every two
 * seconds, and ends without an `end` where the database does not answer.
 *
 * @throws HelioxError forbidden `auth.key_scope`
 */
export function watchChanges(
  scope: Scope,
  { seconds }: z.output<typeof LiveAsked>,
  pause: Pause = () => new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS)),
): AsyncGenerator<Change | null> {
  allow(scope, 'ledger:read')
  allow(scope, 'imports:read')
  return changes(scope, Math.ceil((seconds * 1000) / LOOK_EVERY_MS), pause)
}

async function* changes(scope: Scope, looks: number, pause: Pause): AsyncGenerator<Change | null> {
  let seen: Seen | null = null
  let failed = 0
  let silent = 0
  for (let look = 0; look <= looks; look += 1) {
    if (look > 0) await pause()
    const now: Seen | null = await lookAgain(scope, seen)
    failed = now ? 0 : failed + 1
    if (failed > MOST_FAILED_LOOKS) return
    const news: Change[] = now ? newsOf(seen, now) : []
    seen = now ?? seen
    silent = news.length > 0 ? 0 : silent + 1
    yield* news
    if (silent > 0 && silent % SILENT_LOOKS === 0) yield null
  }
  if (seen) yield { name: 'end', data: seen.marks }
}

type Seen = { reading: Reading; marks: Marks }

/** Null where the database cannot answer just now. */
async function lookAgain(scope: Scope, seen: Seen | null): Promise<Seen | null> {
  try {
    const reading = await readMoves(scope, FRESH_MS)
    const { ledger, calls } = reading
    const isMoved = reading.imports !== seen?.reading.imports
    const imports = isMoved || !seen ? await ownImports(scope) : seen.marks.imports
    return { reading, marks: { ledger, imports, calls } }
  } catch (error) {
    const level = expected(error) ? 'warn' : 'error'
    scope.log[level]('live.look_failed', { error: String(rootCause(error)) })
    return null
  }
}

function newsOf(before: Seen | null, { marks }: Seen): Change[] {
  if (!before) return [{ name: 'state', data: marks }]
  const moved: Change[] = []
  if (marks.imports !== before.marks.imports) moved.push({ name: 'import', data: marks })
  if (marks.ledger !== before.marks.ledger) moved.push({ name: 'ledger', data: marks })
  if (marks.calls !== before.marks.calls) moved.push({ name: 'calls', data: marks })
  return moved
}
