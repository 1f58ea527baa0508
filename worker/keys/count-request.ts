import { sql } from 'drizzle-orm'
import type { KeyId } from '../../db/units/ids.ts'
import type { Asking } from '../asking.ts'
import { rateLimited, sayRateLimit } from '../limits/rate-limit-answer.ts'

const MINUTE_MS = 60_000

/**
 * Counts a request against its key's limit per minute and puts what is left into the answer's headers. Exact: one
 * statement counts and compares, so that requests at the same time cannot pass together. The minute begins with the
 * first request. A refused one is not counted and writes nothing.
 *
 * @throws HelioxError limit_reached `keys.rate_limited`
 */
export async function countRequest(
  asking: Pick<Asking, 'db' | 'now' | 'request' | 'answerHeaders'>,
  { keyId, limit }: { keyId: KeyId; limit: number },
): Promise<void> {
  const now = BigInt(asking.now())
  const calls = BigInt(callsIn(asking.request))
  const most = BigInt(limit)
  const hasPassed = sql`abs(${now} - started_at_ms) >= ${BigInt(MINUTE_MS)}`
  const [counted] = await asking.db.all<Counted>(sql`
    insert into request_counts (subject, started_at_ms, count)
    select ${keyId}, ${now}, ${calls} where ${calls} <= ${most}
    on conflict (subject) do update set
      started_at_ms = case when ${hasPassed} then ${now} else started_at_ms end,
      count = case when ${hasPassed} then 0 else count end + ${calls}
      where ${hasPassed} or count + ${calls} <= ${most}
    returning started_at_ms as startedAtMs, count`)
  if (counted) {
    const remaining = limit - Number(counted.count)
    return sayRateLimit(asking.answerHeaders, { limit, remaining, resetSeconds: secondsLeft(counted, now) })
  }
  const [current] = await asking.db.all<Counted>(
    sql`select started_at_ms as startedAtMs, count from request_counts where subject = ${keyId}`,
  )
  const resetSeconds = secondsLeft(current ?? { startedAtMs: now }, now)
  throw rateLimited(asking.answerHeaders, { limit, resetSeconds }, 'keys.rate_limited')
}

type Counted = { startedAtMs: bigint; count: bigint }

/** Until the minute is over. */
function secondsLeft({ startedAtMs }: Pick<Counted, 'startedAtMs'>, now: bigint): number {
  return Number(startedAtMs - now + BigInt(MINUTE_MS)) / 1000
}

/** A tRPC batch is as many requests as it has calls: nothing is cheaper for being asked together. */
function callsIn({ url }: Request): number {
  const [, called] = /^\/trpc\/(.+)$/.exec(new URL(url).pathname) ?? []
  return called ? called.split(/,|%2C/i).length : 1
}
