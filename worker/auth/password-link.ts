import { randomBytes } from 'node:crypto'
import { and, eq, gt } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { passwordLinks, users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { DAY_MS, type EpochMs } from '../../db/units/time.ts'
import { Instant } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { sha256Hex } from './digest.ts'

const PURPOSES = ['invite', 'reset'] as const
export type LinkPurpose = (typeof PURPOSES)[number]

/** How long a link lasts: an invitation 7 days, a reset 24 hours. */
const LASTS_MS = { invite: 7 * DAY_MS, reset: DAY_MS } as const satisfies Record<LinkPurpose, number>

/** A new link, for the eyes of who made it. The secret stands behind the #, which browsers send to no server and no log. */
export const NewLink = z.object({
  path: z.string().meta({ examples: ['/join#Zk3vQ8xW1nB5mC7rT9yU2iO4pA6sD0fG'] }),
  expiresAtMs: Instant,
})
export type NewLink = z.output<typeof NewLink>

/** Makes a one-time link that sets a person's password, and ends the ones before. A door: whoever manages people calls it. */
export async function makeLink(
  tx: Tx,
  { now }: Pick<Scope, 'now'>,
  { userId, purpose }: { userId: UserId; purpose: LinkPurpose },
): Promise<NewLink> {
  const secret = randomBytes(24).toString('base64url')
  const expiresAtMs = (now() + LASTS_MS[purpose]) as EpochMs
  await endLinks(tx, userId)
  const link = { secretHash: sha256Hex(secret), userId, purpose, createdAtMs: now(), expiresAtMs }
  await tx.insert(passwordLinks).values(link)
  return { path: `/join#${secret}`, expiresAtMs }
}

/** Ends a person's links. A door: see `makeLink`. */
export async function endLinks(tx: Tx, userId: UserId): Promise<void> {
  await tx.delete(passwordLinks).where(eq(passwordLinks.userId, userId))
}

/** What stands behind the # of a link. */
export const LinkSecret = z.string().min(1, 'is missing').max(200, 'must have at most 200 characters')
export const LinkAsked = z.object({ secret: LinkSecret })

/** Whose password a link sets. */
export const OpenLink = z.object({
  email: z.string(),
  name: z.string(),
  purpose: z.enum(PURPOSES),
  expiresAtMs: Instant,
})
export type OpenLink = z.output<typeof OpenLink>

/**
 * Who a link is for. The asker holds the secret, and need be nobody else.
 *
 * @throws HelioxError not_found `auth.link_dead`
 */
export async function openLink(store: Pick<Scope, 'db' | 'now'>, { secret }: z.output<typeof LinkAsked>) {
  const { userId: _, ...link } = await linkBehind(store.db, store.now(), secret)
  return link satisfies OpenLink
}

/**
 * A link that works, and whose it is.
 *
 * @throws HelioxError not_found `auth.link_dead`: unknown, used, replaced or expired, or the account is disabled
 */
export async function linkBehind(
  db: Pick<Tx, 'select'>,
  nowMs: EpochMs,
  secret: string,
): Promise<OpenLink & { userId: UserId }> {
  const { userId, purpose, expiresAtMs } = passwordLinks
  const [link] = await db
    .select({ email: users.email, name: users.name, purpose, expiresAtMs, userId })
    .from(passwordLinks)
    .innerJoin(users, and(eq(users.id, userId), eq(users.isDisabled, false)))
    .where(and(eq(passwordLinks.secretHash, sha256Hex(secret)), gt(expiresAtMs, nowMs)))
  if (link) return link
  const message = 'This link has been used or has expired: ask an administrator for a new one'
  throw new HelioxError('not_found', 'auth.link_dead', message)
}
