import * as crypto from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { hashPassword, verifyPassword } from './password.ts'

// The real scrypt, counted: the clock cannot tell on a busy machine whether the same work was done.
vi.mock('node:crypto', async (original) => {
  const real = await original<typeof crypto>()
  return { ...real, scrypt: vi.fn(real.scrypt) }
})
const work = () =>
  vi.mocked(crypto.scrypt).mock.calls.map(([, salt, length, cost]) => [(salt as Buffer).length, length, cost])

test('a stored password names its scheme and parameters, and never the password', async () => {
  const stored = await hashPassword('correct horse')
  expect(stored).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/) // 16 and 32 bytes in base64url
  expect(stored).not.toContain('correct')
  expect(await verifyPassword('correct horse', stored)).toBe(true)
  expect(await verifyPassword('correct horsf', stored)).toBe(false)
})

test('the same password is stored differently each time', async () => {
  expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'))
})

test('an unknown user takes the same work as a wrong password', async () => {
  const stored = await hashPassword('correct horse')
  vi.mocked(crypto.scrypt).mockClear()
  expect(await verifyPassword('wrong', stored)).toBe(false)
  expect(await verifyPassword('wrong', null)).toBe(false)
  const [known, unknown, ...more] = work()
  expect(unknown).toEqual(known)
  expect(known).toEqual([16, 32, { N: 32768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }])
  expect(more).toEqual([])
})

test('a password hashed with other parameters is checked with those', async () => {
  const salt = Buffer.alloc(16, 7)
  const hash = crypto.scryptSync('correct horse', salt, 32, { N: 1024, r: 8, p: 1 })
  const stored = `scrypt$1024$8$1$${salt.toString('base64url')}$${hash.toString('base64url')}`
  expect(await verifyPassword('correct horse', stored)).toBe(true)
  expect(await verifyPassword('wrong', stored)).toBe(false)
})

test('an accent is the same accent, however the keyboard wrote it', async () => {
  expect(await verifyPassword('caf\u00e9 au lait', await hashPassword('cafe\u0301 au lait'))).toBe(true)
})

test('a damaged hash is an error, not a wrong password', async () => {
  await expect(verifyPassword('correct horse', 'md5$abc')).rejects.toThrow('unknown scheme')
})
