import { expect, test } from 'vitest'
import { apiKeys } from '../../db/schema/keys.ts'
import { identities, passwordLinks } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { sha256Hex } from './digest.ts'
import { openBrowser, PASSWORD } from './testing.ts'

const ADA = { email: 'ada@example.com', password: PASSWORD }

/** A deployment in which everything that could be a secret has been stored, and the secrets themselves. */
async function fill() {
  const heliox = await startHeliox()
  await heliox.write('POST', '/api/v1/auth/register', ADA)
  const browser = openBrowser(heliox.stranger)
  await browser.tell('auth.signIn', ADA)
  const secrets: string[] = [PASSWORD, ...browser.jar.values()]
  const login = async (password = PASSWORD) =>
    (await heliox.write('POST', '/api/v1/auth/login', { ...ADA, password })).body
  const first = await login()
  const second = (await heliox.write('POST', '/api/v1/auth/refresh', { refresh_token: first.refresh_token })).body
  secrets.push(first.access_token, first.refresh_token, second.access_token, second.refresh_token)
  await login('wrong password')
  const [link, key, former] = ['a link of this test', 'hlx_a-key-of-this-test', 'hlx_a-former-key-of-this-test']
  secrets.push(link, key, former, 'wrong password')
  const createdAtMs = heliox.now()
  const expiresAtMs = (createdAtMs + 86_400_000) as EpochMs
  const userId = 'user_1'
  await heliox.db
    .insert(passwordLinks)
    .values({ secretHash: sha256Hex(link), userId, purpose: 'reset', createdAtMs, expiresAtMs })
  await heliox.db.insert(identities).values({ issuer: 'https://id.example', subject: 'ada', userId, createdAtMs })
  const hashes = { keyHash: sha256Hex(key), previousKeyHash: sha256Hex(former), previousExpiresAtMs: expiresAtMs }
  await heliox.db
    .insert(apiKeys)
    .values({ name: 'ci', prefix: 'hlx_a-key', scopes: '["admin"]', createdAtMs, ...hashes })
  return { ...heliox, secrets }
}

/** Every row of every table, as somebody with the database file reads it. */
async function dump({ db }: Awaited<ReturnType<typeof fill>>) {
  const { rows: tables } = await db.$client.execute(`select name from sqlite_schema where type = 'table'`)
  const found: Record<string, Record<string, unknown>[]> = {}
  for (const { name } of tables) {
    const { rows } = await db.$client.execute(`select * from "${name}"`)
    if (rows.length > 0) found[String(name)] = rows.map((row) => ({ ...row }))
  }
  return found
}

test('nothing that is stored signs anybody in, wherever it is presented', async () => {
  const heliox = await fill()
  const tables = await dump(heliox)
  const wanted = ['sessions', 'users', 'password_links', 'api_keys', 'identities', 'sign_in_failures', 'audit_log']
  expect(Object.keys(tables)).toEqual(expect.arrayContaining(wanted))
  expect(tables.sessions).toHaveLength(3) // a browser's, and an API client's before and after its refresh
  const values = new Set(
    Object.values(tables)
      .flat()
      .flatMap((row) => Object.values(row).map(String)),
  )
  const text = [...values].join('\n')
  for (const secret of heliox.secrets) expect(text).not.toContain(secret)

  const me = (headers: Record<string, string>) => heliox.stranger('/api/v1/auth/me', { headers })
  const post = (path: string, body: object) =>
    heliox.stranger(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const places: Record<string, (value: string) => Promise<Response>> = {
    'the cookie': (value) => me({ cookie: `heliox_session=${value}` }),
    'the cookie on https': (value) =>
      heliox.stranger('https://localhost/api/v1/auth/me', { headers: { cookie: `__Host-heliox_session=${value}` } }),
    'Authorization: Bearer': (value) => me({ authorization: `Bearer ${value}` }),
    'X-API-Key': (value) => me({ 'x-api-key': value }),
    'a refresh': (value) => post('/api/v1/auth/refresh', { refresh_token: value }),
  }
  const presentable = [...values].filter((value) => /^[\x21-\x7e]{1,500}$/.test(value))
  for (const value of presentable)
    for (const [place, present] of Object.entries(places))
      expect([place, value, (await present(value)).status]).toEqual([place, value, 401])
  const hashes = presentable.filter((value) => /^([0-9a-f]{64}|scrypt)/.test(value))
  expect(hashes.length).toBeGreaterThanOrEqual(8)
  for (const value of hashes.slice(0, 9))
    expect((await post('/api/v1/auth/login', { ...ADA, password: value })).status).toBe(401)
  console.info(
    `${presentable.length} stored values of ${Object.keys(tables).length} tables, ${hashes.length} of them hashes, ` +
      `presented in ${Object.keys(places).length} places each: nobody signed in`,
  )
})
