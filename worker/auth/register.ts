import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { users } from '../../db/schema/users.ts'
import { originOf } from '../asking.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { machine } from '../scope.ts'
import { NewAccount } from './account-input.ts'
import { ensureSettingsAdmin } from './first-admin.ts'
import { profileOf } from './me.ts'
import { NewPassword, requireUnlikeEmail } from './new-password.ts'
import { hashPassword } from './password.ts'
import type { Stranger } from './stranger.ts'

/** What a newcomer writes; lengths in UTF-16 units. */
export const Registration = NewAccount.extend({ password: NewPassword })

/**
 * Creates a viewer without a team, who is not signed in yet. The insert decides who gets an e-mail, so of two at
 * once one is refused.
 *
 * @throws HelioxError forbidden `auth.registration_closed` · invalid `auth.password_like_email` · conflict
 * `auth.email_taken`
 */
export async function register(stranger: Stranger, input: z.output<typeof Registration>) {
  const { db, now, log, settings } = stranger
  if (!settings.allowRegistration)
    throw new HelioxError('forbidden', 'auth.registration_closed', 'Registration is closed: ask an administrator')
  await ensureSettingsAdmin(stranger)
  const { email, name } = input
  requireUnlikeEmail(input.password, email)
  const passwordHash = await hashPassword(input.password)
  const { id } = await writeTransaction(db, async (tx) => {
    const [created] = await tx
      .insert(users)
      .values({ email, name, role: 'viewer', passwordHash, isSelfRegistered: true, createdAtMs: now() })
      .onConflictDoNothing({ target: users.email })
      .returning({ id: users.id })
    if (!created) throw new HelioxError('conflict', 'auth.email_taken', 'An account with this e-mail already exists')
    const actor = { ...machine(email), userId: created.id, role: 'viewer' as const }
    const noted = {
      action: 'users.register',
      targetId: created.id,
      target: email,
      after: { email, name, role: 'viewer' },
    }
    await note(tx, { actor, origin: originOf(stranger), now }, noted)
    return created
  })
  log.info('auth.registered', { userId: id })
  return profileOf(db, id)
}
