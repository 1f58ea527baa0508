import { eq, lte, sql } from 'drizzle-orm'
import { writeBatch } from '../../db/client.ts'
import { signInFailures } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { addressBlock } from '../limits/address-block.ts'
import { rateLimited } from '../limits/rate-limit-answer.ts'
import { deviceOf } from './device-cookie.ts'
import { keyedHash } from './digest.ts'
import type { SessionStore } from './lucia.ts'
import type { Stranger } from './stranger.ts'

const MINUTE_MS = 60_000
const FREE_TRIES = 10
/** The tries that count together. */
const WINDOW_MS = 15 * MINUTE_MS
/** Tries that are refused, but for the first, make the wait longer by a minute each, up to an hour. */
const WAIT_MS = 15 * MINUTE_MS
const LONGEST_WAIT_MS = 60 * MINUTE_MS

/** One try of a password, counted. `subjectHash`: whose, by whom. */
export type Guess = { subjectHash: string; count: number; waitSeconds: number }

/**
 * Counts a try of a password before it is looked at, so that tries at once get no more than tries in turn: one statement
 * counts and answers. Ten within 15 minutes are looked at, and those after it are not, for 15 minutes and more.
 *
 * What is counted is an e-mail, known or not, from one address (an IPv6 one by its /64) or from one browser that has
 * signed in as it before: so nobody can shut out anybody elsewhere. Where the address is unknown, all share one count
 * per e-mail.
 */
export async function countGuess(stranger: Stranger, email: string): Promise<Guess> {
  const { db, now, settings, address } = stranger
  const nowMs = BigInt(now())
  const device = deviceOf(stranger, email)
  const from = device === null ? ['address', addressBlock(address)] : ['device', device]
  const subjectHash = keyedHash(settings.secretKey, 'guess', email, ...from)
  const isOver = sql`case when count < ${BigInt(FREE_TRIES)} then first_at_ms + ${BigInt(WINDOW_MS)} <= ${nowMs}
    else last_at_ms + ${waitOf(sql`count`)} <= ${nowMs} end`
  const [counted] = await writeBatch(db, [
    sql`insert into sign_in_failures (subject_hash, count, first_at_ms, last_at_ms)
      values (${subjectHash}, 1, ${nowMs}, ${nowMs})
      on conflict (subject_hash) do update set
        count = case when ${isOver} then 1 else count + 1 end,
        first_at_ms = case when ${isOver} then ${nowMs} else first_at_ms end,
        last_at_ms = case when count < ${BigInt(FREE_TRIES)} or ${isOver} then ${nowMs} else last_at_ms end
      returning count, last_at_ms + ${waitOf(sql`count`)} - ${nowMs} as wait_ms`,
  ])
  const [row] = counted?.rows ?? []
  if (!row) throw new Error('a try of a password was not counted')
  return { subjectHash, count: Number(row.count), waitSeconds: Number(row.wait_ms) / 1000 }
}

/** How long after the tenth try nothing is looked at, in milliseconds, for a count above it. */
function waitOf(count: ReturnType<typeof sql>) {
  const more = sql`max(0, ${count} - ${BigInt(FREE_TRIES + 1)}) * ${BigInt(MINUTE_MS)}`
  return sql`min(${BigInt(WAIT_MS)} + ${more}, ${BigInt(LONGEST_WAIT_MS)})`
}

/**
 * For after the password was looked at, right or wrong: whoever tries too often waits as long for the answer as others, and
 * learns nothing by it. Many right passwords at once pass, since the first of them forgets the count.
 *
 * @throws HelioxError limit_reached `auth.too_many_attempts`
 */
export async function requireFewGuesses({ db, answerHeaders, log }: Stranger, guess: Guess): Promise<void> {
  if (guess.count <= FREE_TRIES) return
  const [row] = await db
    .select({ count: signInFailures.count })
    .from(signInFailures)
    .where(eq(signInFailures.subjectHash, guess.subjectHash))
  if (!row || row.count < guess.count) return
  log.warn('auth.too_many_attempts', { count: row.count })
  const left = { limit: FREE_TRIES, resetSeconds: guess.waitSeconds }
  throw rateLimited(answerHeaders, left, 'auth.too_many_attempts', 'Too many attempts to sign in')
}

/** For after a right password. */
export async function forgetGuesses({ db }: Stranger, { subjectHash }: Guess): Promise<void> {
  await db.delete(signInFailures).where(eq(signInFailures.subjectHash, subjectHash))
}

/** Removes counts that hold nobody up any more. Idempotent. A door: the clock calls it. */
export async function forgetOldGuesses({ db, now }: SessionStore): Promise<void> {
  await db.delete(signInFailures).where(lte(signInFailures.lastAtMs, (now() - LONGEST_WAIT_MS) as EpochMs))
}
