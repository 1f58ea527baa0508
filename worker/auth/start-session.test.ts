import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditLog } from '../../db/schema/audit.ts'
import { sessions, users } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import { hashPassword } from './password.ts'
import { register } from './register.ts'
import { startSession } from './sign-in.ts'
import { PASSWORD, startAuth } from './testing.ts'

/** Ada, and the hash that a sign-in of hers is about to be checked against. */
async function ada() {
  const { db, ask } = startAuth(await freshDb())
  const { id } = await register(ask(), { email: 'ada@example.com', password: PASSWORD, name: '' })
  const [user] = await db.select().from(users)
  return { db, ask, id, checkedHash: user?.passwordHash ?? '' }
}

test('a password that was changed while it was looked at signs nobody in, and is no sign-in in the log', async () => {
  const { db, ask, id, checkedHash } = await ada()
  await db.update(users).set({ passwordHash: await hashPassword('an old pier and a gull') })
  await expect(startSession(ask(), id, 'token', checkedHash)).rejects.toMatchObject({ code: 'auth.wrong_credentials' })
  expect(await db.select().from(sessions)).toEqual([])
  expect(await db.select().from(auditLog).where(eq(auditLog.action, 'auth.sign_in'))).toEqual([])
})

test('whoever was disabled meanwhile does not get in, with a password or by a provider’s word', async () => {
  const { db, ask, id, checkedHash } = await ada()
  await db.update(users).set({ isDisabled: true })
  for (const hash of [checkedHash, undefined])
    await expect(startSession(ask(), id, 'browser', hash)).rejects.toMatchObject({ code: 'auth.disabled' })
  expect(await db.select().from(sessions)).toEqual([])
})

test('registering is in the audit log, without the password', async () => {
  const { db, id } = await ada()
  const [line] = await db.select().from(auditLog)
  expect(line).toMatchObject({ action: 'users.register', targetId: id, actor: 'ada@example.com' })
  expect(JSON.stringify(line)).not.toContain(PASSWORD)
})
