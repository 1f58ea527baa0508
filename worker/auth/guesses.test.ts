import { expect, test } from 'vitest'
import { signInFailures } from '../../db/schema/users.ts'
import { tick } from '../monitoring/tick.ts'
import { startHeliox } from '../testing.ts'
import { openBrowser, PASSWORD } from './testing.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }
const HERE = '192.0.2.1'

/** The real app with one account. */
async function start() {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/auth/register', ADA)
  const login = async (password = 'wrong password', address = HERE, email = ADA.email) => {
    const headers = { 'content-type': 'application/json', 'cf-connecting-ip': address }
    const body = JSON.stringify({ email, password })
    const response = await heliox.stranger('/api/v1/auth/login', { method: 'POST', headers, body })
    const said = (await response.json()) as { detail: string; error?: { code: string } }
    const wait = Number(response.headers.get('retry-after'))
    return { status: response.status, code: said.error?.code, detail: said.detail, wait, headers: response.headers }
  }
  /** Tries in turn; answers how the last one went. */
  const guess = async (times: number, address = HERE, email = ADA.email) => {
    for (let tries = 1; tries < times; tries += 1) await login('wrong password', address, email)
    return login('wrong password', address, email)
  }
  /** The fifteen minutes after ten wrong passwords, without their work. */
  const lock = async () => {
    await login()
    await heliox.db.update(signInFailures).set({ count: 10 })
  }
  return { ...heliox, login, guess, lock }
}

const TOO_MANY = { status: 429, code: 'auth.too_many_attempts' }

test('after ten wrong passwords the right one is refused too, in the words that an unknown e-mail gets', async () => {
  const { guess, login } = await start()
  expect(await guess(10)).toMatchObject({ status: 401, code: 'auth.wrong_credentials', wait: 0 })
  const known = await login(PASSWORD)
  expect(known).toMatchObject({ ...TOO_MANY, wait: 900 })
  expect(known.detail).toBe('Too many attempts to sign in: try again in 15 minutes')
  expect(known.headers.get('x-ratelimit-remaining')).toBe('0')
  await guess(10, HERE, 'nobody@example.com')
  const unknown = await login(PASSWORD, HERE, 'nobody@example.com')
  const shown = ({ headers, ...said }: typeof known) => ({ ...said, names: [...headers.keys()] })
  expect(shown(unknown)).toEqual(shown(known))
})

test('nobody is shut out elsewhere, and one’s own success forgets one’s own tries alone', async () => {
  const { lock, login, db } = await start()
  await lock()
  await login('wrong password', '198.51.100.1')
  expect((await db.select().from(signInFailures)).length).toBe(2)
  expect((await login(PASSWORD, '198.51.100.1')).status).toBe(200)
  expect(await db.select().from(signInFailures)).toMatchObject([{ count: 10 }])
  expect(await login(PASSWORD)).toMatchObject(TOO_MANY)
})

test('an IPv6 neighbourhood guesses as one, whoever types the e-mail in whatever case', async () => {
  const { login, db } = await start()
  await login('wrong password', '2001:db8::1')
  await login('wrong password', '2001:db8::2', ' ADA@example.com ')
  await login('wrong password', '2001:db8:0:1::1')
  expect((await db.select().from(signInFailures)).map(({ count }) => count).sort()).toEqual([1, 2])
})

test('of many tries at once ten are looked at', async () => {
  const { login } = await start()
  const answers = await Promise.all(Array.from({ length: 25 }, () => login()))
  const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length
  expect([count(401), count(429)]).toEqual([10, 15])
})

test('many right passwords at once are no guesses', async () => {
  const { login, db } = await start()
  const answers = await Promise.all(Array.from({ length: 14 }, () => login(PASSWORD)))
  expect(answers.map(({ status }) => status)).toEqual(Array(14).fill(200))
  expect(await db.select().from(signInFailures)).toEqual([])
})

test('tries that lie further apart than fifteen minutes do not add up', async () => {
  const { login, guess, moveTo, db } = await start()
  await guess(9)
  moveTo('2026-03-01T12:15:00Z')
  await login()
  expect(await db.select().from(signInFailures)).toMatchObject([{ count: 1 }])
})

test('the wait ends after fifteen minutes; trying on makes it a minute longer each time, up to an hour', async () => {
  const { login, lock, moveTo, db } = await start()
  await lock()
  expect((await login()).wait).toBe(15 * 60)
  moveTo('2026-03-01T12:10:00Z')
  expect((await login()).wait).toBe(6 * 60) // 15 + 1 - 10
  expect((await login()).wait).toBe(7 * 60)
  moveTo('2026-03-01T12:17:00Z')
  expect((await login()).status).toBe(401) // and ten new tries
  expect(await db.select().from(signInFailures)).toMatchObject([{ count: 1 }])
  await db.update(signInFailures).set({ count: 500 })
  expect((await login()).wait).toBe(60 * 60)
})

test('a browser that has signed in before is not shut out by others at its address', async () => {
  const { lock, login, stranger } = await start()
  const browser = openBrowser(stranger)
  const at = { 'cf-connecting-ip': HERE }
  await browser.tell('auth.signIn', ADA, at)
  await browser.tell('auth.signOut')
  await lock()
  expect(await login(PASSWORD)).toMatchObject(TOO_MANY)
  expect((await browser.tell('auth.signIn', ADA, at)).status).toBe(200)
})

test('such a browser gets ten tries of its own, and its cookie is good for its own e-mail only', async () => {
  const { login, write, stranger, db } = await start()
  const bob = { email: 'bob@example.com', password: PASSWORD }
  await write('POST', '/api/v1/auth/register', bob)
  const browser = openBrowser(stranger)
  await browser.tell('auth.signIn', ADA)
  const device = browser.jar.get('heliox_device') ?? ''
  const tryAs = (email: string) =>
    browser.tell('auth.signIn', { email, password: 'wrong password' }, { 'cf-connecting-ip': HERE })
  await tryAs(ADA.email)
  await db.update(signInFailures).set({ count: 10 })
  expect((await tryAs(ADA.email)).error.data).toMatchObject({ httpStatus: 429, errorCode: 'auth.too_many_attempts' })
  expect((await login(PASSWORD)).status).toBe(200) // by its address the same person gets in
  await tryAs(bob.email)
  for (const forged of [device.replace(/^./, '_'), `${device}0`, device.split('.')[0] ?? '', '.', '']) {
    browser.jar.set('heliox_device', forged)
    await tryAs(bob.email)
    await tryAs(ADA.email)
  }
  // Ada by her browser: 11; both by the address: 6 tries as Bob, 5 as Ada.
  expect((await db.select().from(signInFailures)).map(({ count }) => count).sort((a, b) => a - b)).toEqual([5, 6, 11])
})

test('what is kept of a try names neither person nor place, and is gone an hour later', async () => {
  const { login, scope, db, moveTo, now } = await start()
  await login()
  const [row] = await db.select().from(signInFailures)
  expect(row).toEqual({
    subjectHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    count: 1,
    firstAtMs: now(),
    lastAtMs: now(),
  })
  moveTo('2026-03-01T12:59:59Z')
  await tick(scope)
  expect((await db.select().from(signInFailures)).length).toBe(1)
  moveTo('2026-03-01T13:00:00Z')
  await tick(scope)
  expect(await db.select().from(signInFailures)).toEqual([])
})
