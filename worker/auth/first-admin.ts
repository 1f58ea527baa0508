import { eq } from 'drizzle-orm'
import { users } from '../../db/schema/users.ts'
import type { Settings } from '../env.ts'
import type { Scope } from '../scope.ts'
import { Email } from './email-input.ts'
import { hashPassword, verifyPassword } from './password.ts'
import type { Stranger } from './stranger.ts'

/** Settings live as long as an isolate. A set and no promise: one request may not wait for another's database. */
const ensured = new WeakSet<Settings>()

/**
 * Makes the first administrator if no user has that e-mail; an existing one keeps password, role and state. Idempotent,
 * also when two isolates do it at once. Hashes only when it has to create.
 *
 * @throws ZodError if the e-mail is none
 */
export async function ensureFirstAdmin(
  { db, now, log }: Pick<Scope, 'db' | 'now' | 'log'>,
  admin: { email: string; password: string },
): Promise<void> {
  const email = Email.parse(admin.email)
  const [known] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (known) return
  const passwordHash = await hashPassword(admin.password)
  const [created] = await db
    .insert(users)
    .values({ email, name: 'Administrator', role: 'admin', passwordHash, createdAtMs: now() })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id })
  if (created) log.info('auth.first_admin_created', { userId: created.id })
}

/** Whether that password signs the administrator in: an existing one keeps the password it has. */
export async function isAdminPassword(
  { db }: Pick<Scope, 'db'>,
  admin: { email: string; password: string },
): Promise<boolean> {
  const [known] = await db
    .select({ hash: users.passwordHash })
    .from(users)
    .where(eq(users.email, Email.parse(admin.email)))
  return known !== undefined && verifyPassword(admin.password, known.hash)
}

/** `ensureFirstAdmin` from the settings, once per isolate: before anybody signs in or registers, who could take the e-mail. */
export async function ensureSettingsAdmin(stranger: Stranger): Promise<void> {
  const { settings } = stranger
  if (!settings.admin || ensured.has(settings)) return
  await ensureFirstAdmin(stranger, settings.admin)
  ensured.add(settings)
}
