import { expect, test } from 'vitest'
import { users } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import { createLog } from '../log.ts'
import { ensureFirstAdmin, isAdminPassword } from './first-admin.ts'
import { register } from './register.ts'
import { signIn } from './sign-in.ts'
import { startAuth } from './testing.ts'

const ADMIN = { email: ' Root@Example.com', password: 'first password' }

test('the first administrator exists before the first sign-in', async () => {
  const heliox = startAuth(await freshDb(), { admin: ADMIN })
  const credentials = { email: 'root@example.com', password: ADMIN.password }
  expect(await signIn(heliox.ask(), credentials, 'browser')).toMatchObject({ userId: 'user_1' })
  expect(await heliox.db.select().from(users)).toMatchObject([{ email: 'root@example.com', role: 'admin' }])
})

test('nobody can register under the administrator’s e-mail first', async () => {
  const heliox = startAuth(await freshDb(), { admin: ADMIN })
  const thief = { email: 'root@example.com', password: 'my own password', name: '' }
  await expect(register(heliox.ask(), thief)).rejects.toMatchObject({ code: 'auth.email_taken' })
})

test('two isolates at once make one administrator', async () => {
  const { ask, db } = startAuth(await freshDb())
  await Promise.all([ensureFirstAdmin(ask(), ADMIN), ensureFirstAdmin(ask(), ADMIN)])
  expect((await db.select().from(users)).length).toBe(1)
})

test('an administrator who changed the password keeps it', async () => {
  const { ask, db } = startAuth(await freshDb())
  await ensureFirstAdmin(ask(), ADMIN)
  const before = await db.select().from(users)
  await ensureFirstAdmin(ask(), { ...ADMIN, password: 'another password' })
  expect(await db.select().from(users)).toEqual(before)
})

test('a start can tell whether the password that it would print is the one the administrator has', async () => {
  const { db, now } = startAuth(await freshDb())
  const admin = { email: 'Root@Example.com', password: 'correct horse' }
  expect(await isAdminPassword({ db }, admin)).toBe(false) // nobody is there yet
  await ensureFirstAdmin({ db, now, log: createLog('error') }, admin)
  expect(await isAdminPassword({ db }, admin)).toBe(true)
  expect(await isAdminPassword({ db }, { ...admin, password: 'another horse' })).toBe(false)
})
