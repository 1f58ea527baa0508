import { and, eq } from 'drizzle-orm'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { identities, passwordLinks, sessions, users } from '../../db/schema/users.ts'
import type { UserId } from '../../db/units/ids.ts'
import { type Asking, originOf } from '../asking.ts'
import { note } from '../audit/note.ts'
import { disabled } from '../auth/actor.ts'
import { Email } from '../auth/email-input.ts'
import { HelioxError } from '../errors.ts'
import { LineText } from '../input-fields.ts'
import { type Actor, machine, type Role } from '../scope.ts'
import { otherAdmins } from '../users/last-admin.ts'
import type { Vouched } from './providers/provider.ts'

type User = typeof users.$inferSelect
/** What all steps of one admission share. */
type Admission = { tx: Tx; asking: Asking; providerId: string; person: Vouched }

/**
 * The user for whom a provider vouches, in one transaction: who was linked to this identity before; else whose e-mail
 * it has verified, who is linked from now on; else, in an open domain, a new viewer. Then the role follows the claim.
 *
 * @throws HelioxError unauthenticated `auth.disabled` · forbidden `sso.no_email`, `sso.unverified_email`,
 *   `sso.foreign_domain`, `sso.registration_closed`
 */
export async function admit(asking: Asking, providerId: string, person: Vouched): Promise<UserId> {
  return writeTransaction(asking.db, async (tx) => {
    const admission = { tx, asking, providerId, person }
    const user = (await linkedUser(admission)) ?? (await userByEmail(admission, provenEmail(person)))
    if (user.isDisabled) throw disabled()
    await followClaim(admission, user)
    const name = user.name || nameOf(person)
    await tx.update(users).set({ name, signedInAtMs: asking.now() }).where(eq(users.id, user.id))
    return user.id
  })
}

async function linkedUser({ tx, person }: Admission): Promise<User | null> {
  const [found] = await tx
    .select({ user: users })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.issuer, person.issuer), eq(identities.subject, person.subject)))
  return found?.user ?? null
}

/** As users' addresses are stored. An address that the provider has not verified may be anybody's. */
function provenEmail({ email, isEmailVerified }: Vouched): string {
  const read = Email.safeParse(email)
  if (!read.success) throw new HelioxError('forbidden', 'sso.no_email', 'The provider told no e-mail address')
  if (!isEmailVerified)
    throw new HelioxError('forbidden', 'sso.unverified_email', 'The provider has not verified the e-mail address')
  return read.data
}

async function userByEmail(admission: Admission, email: string): Promise<User> {
  const { tx, asking, providerId, person } = admission
  const [known] = await tx.select().from(users).where(eq(users.email, email))
  if (known?.isDisabled) throw disabled()
  const user = known ?? (await newUser(admission, email))
  const { issuer, subject } = person
  await tx.insert(identities).values({ issuer, subject, userId: user.id, createdAtMs: asking.now() })
  const startsAnew = known?.isSelfRegistered === true // somebody else may have registered this address
  if (startsAnew) await startAnew(tx, user.id)
  // Whoever was invited has now joined: the link would let its finder set a password.
  if (user.passwordHash === '' || startsAnew) await tx.delete(passwordLinks).where(eq(passwordLinks.userId, user.id))
  await note(tx, scopeOf(asking, user), {
    ...{ action: 'identities.link', targetId: user.id, target: user.email, before: null },
    after: { provider: providerId, issuer, subject, ...(startsAnew ? { passwordRemoved: true } : {}) },
  })
  return user
}

/** The address is the person's from now on: neither a password nor a session from before opens the account. */
async function startAnew(tx: Tx, userId: UserId): Promise<void> {
  await tx.update(users).set({ passwordHash: '', isSelfRegistered: false }).where(eq(users.id, userId))
  await tx.delete(sessions).where(eq(sessions.userId, userId))
}

async function newUser({ tx, asking, providerId, person }: Admission, email: string): Promise<User> {
  const { domains } = asking.settings.sso
  if (domains.length === 0)
    throw new HelioxError('forbidden', 'sso.registration_closed', 'Nobody here has this e-mail address')
  if (!domains.includes(email.slice(email.lastIndexOf('@') + 1)))
    throw new HelioxError('forbidden', 'sso.foreign_domain', 'The e-mail address is outside the open domains')
  const values = { email, name: nameOf(person), role: person.role ?? 'viewer', createdAtMs: asking.now() } as const
  const [user] = await tx
    .insert(users)
    .values({ ...values, passwordHash: '' })
    .returning()
  if (!user) throw new Error('the new user is not there')
  const { name, role } = user
  await note(tx, scopeOf(asking, user), {
    ...{ action: 'users.create', targetId: user.id, target: email, before: null },
    after: { email, name, role, provider: providerId },
  })
  return user
}

/** Changes the role to what the claim gives, but never leaves the company without an administrator. */
async function followClaim({ tx, asking, providerId, person }: Admission, user: User): Promise<void> {
  const { role } = person
  if (role === null || role === user.role) return
  if (user.role === 'admin' && (await otherAdmins(tx, user.id)) === 0) {
    asking.log.warn('sso.last_admin_kept', { userId: user.id, claimed: role })
    return
  }
  await tx.update(users).set({ role }).where(eq(users.id, user.id))
  await tx.update(sessions).set({ isOutdated: true }).where(eq(sessions.userId, user.id))
  await note(tx, scopeOf(asking, user), {
    ...{ action: 'users.update', targetId: user.id, target: user.email },
    ...{ before: { role: user.role }, after: { role, provider: providerId } },
  })
}

/** At most 200 characters, as everywhere. */
function nameOf({ name }: Vouched): string {
  return LineText(200).safeParse(name).data ?? ''
}

/** The person acts, on the provider's word. */
function scopeOf(asking: Asking, { id, email, role }: { id: UserId; email: string; role: Role }) {
  const actor: Actor = { ...machine(email), userId: id, role, teamIds: [] }
  return { actor, origin: originOf(asking), now: asking.now }
}
