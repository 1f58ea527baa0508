import { scryptSync } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { users } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import { hashPassword } from './password.ts'
import { signIn } from './sign-in.ts'
import { PASSWORD, startAuth } from './testing.ts'
import { upgradeHash } from './upgrade-hash.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }

/** As an earlier Heliox stored it: N=2^14, r=8, p=5. */
function earlierHash(password: string): string {
  const salt = Buffer.alloc(16, 7)
  const hash = scryptSync(password, salt, 32, { N: 2 ** 14, r: 8, p: 5 })
  return `scrypt$16384$8$5$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

async function withEarlierHash() {
  const heliox = startAuth(await freshDb())
  const passwordHash = earlierHash(PASSWORD)
  const person = { email: ADA.email, role: 'viewer', passwordHash, createdAtMs: heliox.now() } as const
  const [user] = await heliox.db.insert(users).values(person).returning()
  const storedHash = async () => (await heliox.db.select().from(users))[0]?.passwordHash ?? ''
  return { ...heliox, user: user!, storedHash }
}

test('a right password whose hash has other parameters is hashed anew, once, and still signs in', async () => {
  const { ask, storedHash } = await withEarlierHash()
  await signIn(ask(), ADA, 'token')
  const upgraded = await storedHash()
  expect(upgraded).toMatch(/^scrypt\$32768\$8\$3\$/)
  await signIn(ask(), ADA, 'token')
  expect(await storedHash()).toBe(upgraded)
})

test('a wrong password and a disabled account leave the stored hash as it is', async () => {
  const { ask, db, user, storedHash } = await withEarlierHash()
  await expect(signIn(ask(), { ...ADA, password: 'wrong password' }, 'token')).rejects.toThrow()
  await db.update(users).set({ isDisabled: true })
  await expect(signIn(ask(), ADA, 'token')).rejects.toMatchObject({ code: 'auth.disabled' })
  expect(await storedHash()).toBe(user.passwordHash)
})

test('a password that was changed while it was hashed anew stays changed', async () => {
  const { ask, db, user, storedHash } = await withEarlierHash()
  const passwordHash = await hashPassword('another password')
  await db.update(users).set({ passwordHash }).where(eq(users.id, user.id))
  await upgradeHash(ask(), user, PASSWORD)
  expect(await storedHash()).toBe(passwordHash)
})

test('somebody without a password cannot sign in with any, not even an empty one', async () => {
  const { ask, db } = await withEarlierHash()
  await db.update(users).set({ passwordHash: '' })
  for (const password of ['', PASSWORD])
    await expect(signIn(ask(), { ...ADA, password }, 'token')).rejects.toMatchObject({ code: 'auth.wrong_credentials' })
})
