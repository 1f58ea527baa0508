import { and, eq, inArray } from 'drizzle-orm'
import { channels, deliveries } from '../../db/schema/channels.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { ChannelRow, ChannelScope } from '../channels/channel.ts'
import { rootCause } from '../errors.ts'
import { type Claimed, claimDue, LEASE_MS } from './claim.ts'
import { forgetDeliveries } from './forget-deliveries.ts'
import { nextAttempt } from './patience.ts'
import { type Outcome, sendTo } from './send.ts'

/** At a time: a Worker has six connections that wait for an answer (developers.cloudflare.com/workers/platform/limits). */
const AT_ONCE = 5
/** In one round: what is left is the next one's. */
const MOST_IN_A_ROUND = 200
const LONGEST_ROUND_MS = 45_000

export type Delivered = { sent: number; waiting: number; dead: number }

/**
 * Sends what is due: retried with growing waits, given up with words (see `nextAttempt`), in its order within an incident.
 * A door: the clock calls it, and whoever has just written messages down may, beside its answer and never in its way.
 *
 * Any number of processes may do so at once: each message is claimed by one (`claimDue`), which has given up sending long
 * before the claim runs out, and nobody marks what is not theirs any more. So every message arrives at least once, and
 * exactly once unless a process dies, or loses the database, between the receiver's answer and the mark: then it is sent
 * again under the same delivery id, by which the receiver can tell.
 */
export async function deliver(scope: ChannelScope, random: () => number = Math.random): Promise<Delivered> {
  const done: Delivered = { sent: 0, waiting: 0, dead: 0 }
  const endMs = Date.now() + LONGEST_ROUND_MS
  for (let count = 0; count < MOST_IN_A_ROUND && Date.now() < endMs; ) {
    const claimedAtMs = scope.now()
    const claimed = await claimDue(scope, AT_ONCE)
    if (claimed.length === 0) break
    count += claimed.length
    const rows = await channelRows(scope, claimed)
    const ends = await Promise.all(
      claimed.map((one) =>
        settle(scope, one, { channel: rows.get(one.channelId), claimedAtMs, random }).catch((error) =>
          lost(scope, one, error),
        ),
      ),
    )
    for (const end of ends) if (end !== null) done[end] += 1
  }
  await forgetDeliveries(scope)
  if (done.sent + done.waiting + done.dead > 0) scope.log.info('deliveries', done)
  return done
}

/** The claim runs out by itself, and the message is tried again. */
function lost({ log }: ChannelScope, { id }: Claimed, error: unknown): null {
  log.error('delivery.not_marked', { id, error: String(rootCause(error)) })
  return null
}

async function channelRows({ db }: ChannelScope, claimed: readonly Claimed[]): Promise<Map<string, ChannelRow>> {
  const ids = [...new Set(claimed.map(({ channelId }) => channelId))]
  const rows = await db.select().from(channels).where(inArray(channels.id, ids))
  return new Map(rows.map((row) => [row.id, row]))
}

/** Sends one and marks what came of it; null: it is somebody else's by now, or its channel is gone with it. */
async function settle(
  scope: ChannelScope,
  one: Claimed,
  { channel, claimedAtMs, random }: { channel: ChannelRow | undefined; claimedAtMs: EpochMs; random: () => number },
): Promise<keyof Delivered | null> {
  // A process that stood still since its claim leaves the message to who comes after it.
  if (!channel || scope.now() > claimedAtMs + LEASE_MS / 2) return null
  const outcome = await attempt(scope, one, channel)
  const nowMs = scope.now()
  const { is, words, notBeforeMs } = outcome
  const again = is === 'again' && one.message ? nextAttempt(one.message, { ...one, nowMs, notBeforeMs }, random) : null
  const mark =
    is === 'accepted'
      ? { status: 'sent' as const, sentAtMs: nowMs, nextAttemptAtMs: nowMs, lastError: '' }
      : again === null
        ? { status: 'dead' as const, nextAttemptAtMs: nowMs, lastError: lastWords(outcome, one.attempts) }
        : { status: 'queued' as const, nextAttemptAtMs: again, lastError: words }
  const own = and(eq(deliveries.id, one.id), eq(deliveries.status, 'sending'), eq(deliveries.attempts, one.attempts))
  const marked = await scope.db.update(deliveries).set(mark).where(own).returning({ id: deliveries.id })
  if (marked.length === 0) return null
  return mark.status === 'sent' ? 'sent' : mark.status === 'dead' ? 'dead' : 'waiting'
}

async function attempt(scope: ChannelScope, one: Claimed, channel: ChannelRow): Promise<Outcome> {
  const hopeless = (words: string): Outcome => ({ is: 'hopeless', words, notBeforeMs: null, durationMs: 0 })
  if (!one.message) return hopeless('What is stored of the message cannot be read')
  if (!channel.isEnabled) return hopeless('The channel is switched off')
  return sendTo(scope, channel, one.message, one)
}

function lastWords({ is, words }: Outcome, attempts: number): string {
  return is === 'hopeless' ? words : `${words}. Given up after ${attempts} attempts`
}
