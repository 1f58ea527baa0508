import * as crypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { sessions, signInFailures } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import { register } from './register.ts'
import { signIn } from './sign-in.ts'
import { PASSWORD, startAuth } from './testing.ts'

// The real scrypt, counted: see password.test.ts.
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  return { ...real, scrypt: vi.fn(real.scrypt) }
})

test('an unknown e-mail, a wrong password, a try too many and the right one each cost one scrypt', async () => {
  const { ask, db } = startAuth(await freshDb())
  await register(ask(), { email: 'ada@example.com', password: PASSWORD, name: '' })
  const costOf = async (email: string, password: string) => {
    vi.mocked(crypto.scrypt).mockClear()
    await signIn(ask(), { email, password }, 'token').catch(() => null)
    return vi.mocked(crypto.scrypt).mock.calls.map(([, , length, cost]) => ({ length, ...cost }))
  }
  const once = [{ length: 32, N: 32768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }]
  expect(await costOf('bob@example.com', 'wrong password')).toEqual(once)
  expect(await costOf('ada@example.com', 'wrong password')).toEqual(once)
  expect(await db.select().from(sessions)).toEqual([])
  await db.update(signInFailures).set({ count: 10 })
  expect(await costOf('ada@example.com', PASSWORD)).toEqual(once) // refused: too many tries
  expect(await costOf('bob@example.com', PASSWORD)).toEqual(once)
  expect(await db.select().from(sessions)).toEqual([])
  await db.delete(signInFailures)
  expect(await costOf('ada@example.com', PASSWORD)).toEqual(once)
  expect((await db.select().from(sessions)).length).toBe(1)
})
