import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { sign } from 'hono/jwt'
import { expect, test } from 'vitest'
import type { Db } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { sessions, teamMembers, users } from '../../db/schema/users.ts'
import { freshDb } from '../../db/testing.ts'
import type { Settings } from '../env.ts'
import { errorResponse, serveRoute } from '../rest.ts'
import { authRoutes } from './routes.ts'
import { ADMIN_KEY, PASSWORD, START_MS, startAuth } from './testing.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

type Tokens = { access_token: string; refresh_token: string; token_type: string; expires_in: number }
type Json = Record<string, unknown>

/** The auth paths over real HTTP requests, without the rest of the Worker. A second one on the same db is a restart. */
function serve(db: Db, changes: Partial<Settings> = {}) {
  const heliox = startAuth(db, changes)
  const app = new Hono()
  app.onError((error, c) => errorResponse(error, heliox.askFor(c.req.raw)))
  for (const route of authRoutes)
    app.on(route.method, `/api/v1${route.path}`, (c) => serveRoute(route, c, heliox.askFor(c.req.raw)))
  const call = async (method: string, path: string, init: RequestInit = {}) => {
    const response = await app.request(`http://localhost:8787/api/v1/auth${path}`, { method, ...init })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
  }
  const post = (path: string, body: Json, headers: Record<string, string> = {}) =>
    call('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
  const me = (token: string) => call('GET', '/me', { headers: { authorization: `Bearer ${token}` } })
  const register = (email: string) => post('/register', { email, password: PASSWORD })
  const login = async (email: string, password = PASSWORD) => {
    const answer = await post('/login', { email, password })
    return { ...answer, tokens: answer.body as Tokens }
  }
  return { ...heliox, call, post, me, register, login }
}

/** An account and its tokens. */
async function signedIn(changes: Partial<Settings> = {}) {
  const heliox = serve(await freshDb(), changes)
  await heliox.register('ada@example.com')
  const { tokens } = await heliox.login('ada@example.com')
  return { heliox, tokens }
}

const refused = (code: string, message: string) => ({
  status: 401,
  body: { detail: message, error: { code, message, details: [] } },
})
const INVALID = refused('auth.invalid_token', 'Invalid token')

test('who registers is a viewer, and the answer holds no hash', async () => {
  const heliox = serve(await freshDb())
  const answer = await heliox.post('/register', { email: ' Ada@Example.com ', password: PASSWORD, name: ' Ada ' })
  expect(answer.status).toBe(201)
  expect(answer.body).toEqual({
    id: 'user_1',
    email: 'ada@example.com',
    name: 'Ada',
    role: 'viewer',
    team_id: null,
    teams: [],
    sees_whole_company: false,
    team_name: null,
    has_password: true,
    created_at: new Date(START_MS).toISOString(),
  })
  const [stored] = await heliox.db.select().from(users)
  expect(stored?.passwordHash).toMatch(/^scrypt\$/)
})

test('an e-mail is taken whatever its case, even by two at once', async () => {
  const heliox = serve(await freshDb())
  const answers = await Promise.all([heliox.register('ada@example.com'), heliox.register('ADA@example.com')])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const taken = answers.find(({ status }) => status === 409)
  expect(taken?.body).toMatchObject({ error: { code: 'auth.email_taken' } })
  expect(taken?.body.detail).toBe('An account with this e-mail already exists')
})

test('a password under 8 characters is refused by the name of its field', async () => {
  const heliox = serve(await freshDb())
  const answer = await heliox.post('/register', { email: 'ada@example.com', password: '1234567' })
  expect(answer.status).toBe(400)
  expect(answer.body.detail).toMatchObject({ errors: ['password: must have at least 8 characters'] })
  expect(JSON.stringify(answer.body)).not.toContain('1234567')
})

test('what is no e-mail, and what is too long, is refused', async () => {
  const heliox = serve(await freshDb())
  const bad = [
    { email: 'ada', password: PASSWORD },
    { email: `${'a'.repeat(250)}@example.com`, password: PASSWORD },
    { email: 'ada@example.com', password: 'x'.repeat(257) },
    { email: 'ada@example.com', password: PASSWORD, name: 'x'.repeat(201) },
  ]
  for (const body of bad) expect((await heliox.post('/register', body)).status).toBe(400)
  expect(await heliox.db.select().from(users)).toEqual([])
})

test('where registration is closed nobody gets in', async () => {
  const heliox = serve(await freshDb(), { allowRegistration: false })
  const answer = await heliox.register('ada@example.com')
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'auth.registration_closed' } } })
})

test('the documented login form answers tokens', async () => {
  const heliox = serve(await freshDb())
  await heliox.register('ada@example.com')
  const body = new URLSearchParams({ username: 'Ada@example.com', password: PASSWORD })
  const answer = await heliox.call('POST', '/login', { body })
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({
    access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    refresh_token: expect.stringMatching(/^[a-z2-7]{40}$/),
    token_type: 'bearer',
    expires_in: 1800,
  })
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('a wrong password and an unknown e-mail get the same words', async () => {
  const heliox = serve(await freshDb())
  await heliox.register('ada@example.com')
  const wrong = await heliox.login('ada@example.com', 'wrong password')
  const unknown = await heliox.login('bob@example.com', 'wrong password')
  expect(wrong).toMatchObject(refused('auth.wrong_credentials', 'Incorrect email or password'))
  expect({ ...unknown, headers: null }).toEqual({ ...wrong, headers: null })
})

test('a login without an e-mail names the field', async () => {
  const heliox = serve(await freshDb())
  const answer = await heliox.post('/login', { password: PASSWORD })
  expect(answer).toMatchObject({ status: 400, body: { detail: { errors: ['username: your e-mail is missing'] } } })
})

test('me says who asks, with the team', async () => {
  const { heliox, tokens } = await signedIn()
  const [team] = await heliox.db.insert(teams).values({ name: 'nlp', createdAtMs: START_MS }).returning()
  await heliox.db.insert(teamMembers).values({ userId: 'user_1', teamId: team?.id ?? 'team_0' })
  const { status, body } = await heliox.me(tokens.access_token)
  expect(status).toBe(200)
  expect(body).toMatchObject({ id: 'user_1', email: 'ada@example.com', team_id: 'team_1', team_name: 'nlp' })
  expect(body).not.toHaveProperty('password_hash')
  expect((await heliox.call('GET', '/me')).status).toBe(401)
})

test('an access token lasts 30 minutes and not a second longer', async () => {
  const { heliox, tokens } = await signedIn()
  heliox.pass(30 * MINUTE_MS - 1)
  expect((await heliox.me(tokens.access_token)).status).toBe(200)
  heliox.pass(1)
  expect(await heliox.me(tokens.access_token)).toMatchObject(refused('auth.token_expired', 'Token has expired'))
})

test('its lifetime is a setting', async () => {
  const { heliox, tokens } = await signedIn({ accessTokenExpireMinutes: 1 })
  expect(tokens.expires_in).toBe(60)
  heliox.pass(MINUTE_MS)
  expect((await heliox.me(tokens.access_token)).body.detail).toBe('Token has expired')
})

test('tokens that we did not sign, or not as access tokens, are invalid', async () => {
  const { heliox, tokens } = await signedIn()
  const [, payload = ''] = tokens.access_token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, string | number>
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { secretKey } = heliox.settings
  const bad = [
    'garbage',
    tokens.refresh_token,
    `${tokens.access_token.slice(0, -4)}AAAA`,
    `${encoded({ alg: 'none', typ: 'JWT' })}.${payload}.`,
    await sign(claims, 'another-secret-key-of-another-house', 'HS256'),
    await sign(claims, secretKey, 'HS512'),
    await sign({ ...claims, typ: 'refresh' }, secretKey, 'HS256'),
    await sign({ ...claims, sub: 'user_2' }, secretKey, 'HS256'),
    await sign({ ...claims, sid: 'no such session' }, secretKey, 'HS256'),
  ]
  for (const token of bad) expect(await heliox.me(token)).toMatchObject(INVALID)
  const basic = await heliox.call('GET', '/me', { headers: { authorization: 'Basic YTpi' } })
  expect(basic).toMatchObject(INVALID)
  expect((await heliox.me(await sign(claims, secretKey, 'HS256'))).status).toBe(200) // only the changes were wrong
})

test('a refresh gives a new pair and ends the old one', async () => {
  const { heliox, tokens } = await signedIn()
  heliox.pass(31 * MINUTE_MS)
  const answer = await heliox.post('/refresh', { refresh_token: tokens.refresh_token })
  const next = answer.body as Tokens
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 1800 } })
  expect(next.refresh_token).not.toBe(tokens.refresh_token)
  expect((await heliox.me(next.access_token)).status).toBe(200)
})

test('a refresh ends the old access token before its time', async () => {
  const { heliox, tokens } = await signedIn()
  await heliox.post('/refresh', { refresh_token: tokens.refresh_token })
  expect(await heliox.me(tokens.access_token)).toMatchObject(INVALID)
})

test('a refresh token used twice ends the whole family, and no other', async () => {
  const { heliox, tokens } = await signedIn()
  const other = (await heliox.login('ada@example.com')).tokens
  const next = (await heliox.post('/refresh', { refresh_token: tokens.refresh_token })).body as Tokens
  const reused = await heliox.post('/refresh', { refresh_token: tokens.refresh_token })
  expect(reused).toMatchObject({ status: 401, body: { error: { code: 'auth.refresh_reused' } } })
  expect(await heliox.me(next.access_token)).toMatchObject(INVALID)
  expect(await heliox.post('/refresh', { refresh_token: next.refresh_token })).toMatchObject(INVALID)
  expect((await heliox.me(other.access_token)).status).toBe(200)
})

test('of many refreshes with one token at most one wins, and the family is over', async () => {
  const { heliox, tokens } = await signedIn()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => heliox.post('/refresh', { refresh_token: tokens.refresh_token })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(401)])
  const won = answers.find(({ status }) => status === 200)?.body as Tokens | undefined
  expect((await heliox.me(won?.access_token ?? '')).status).toBe(401)
  expect(await heliox.db.select().from(sessions)).toEqual([])
})

test('refresh tokens that are unknown, expired or a browser’s session are invalid', async () => {
  const { heliox, tokens } = await signedIn()
  expect(await heliox.post('/refresh', { refresh_token: 'unknown' })).toMatchObject(INVALID)
  expect(await heliox.post('/refresh', { refresh_token: tokens.access_token })).toMatchObject(INVALID)
  heliox.pass(30 * DAY_MS)
  expect(await heliox.post('/refresh', { refresh_token: tokens.refresh_token })).toMatchObject(INVALID)
  const fresh = (await heliox.login('ada@example.com')).tokens
  await heliox.db.update(sessions).set({ kind: 'browser' })
  expect(await heliox.post('/refresh', { refresh_token: fresh.refresh_token })).toMatchObject(INVALID)
})

test('logged out stays logged out, after a restart too, and saying it twice is no error', async () => {
  const { heliox, tokens } = await signedIn()
  const bearer = { authorization: `Bearer ${tokens.access_token}` }
  expect(await heliox.post('/logout', {}, bearer)).toMatchObject({ status: 200, body: { status: 'success' } })
  const restarted = serve(heliox.db)
  expect(await restarted.me(tokens.access_token)).toMatchObject(INVALID)
  expect(await restarted.post('/refresh', { refresh_token: tokens.refresh_token })).toMatchObject(INVALID)
  expect(await restarted.post('/logout', {}, bearer)).toMatchObject({ status: 200, body: { status: 'success' } })
})

test('a refresh token alone, or an expired access token, is enough to log out', async () => {
  const { heliox, tokens } = await signedIn()
  await heliox.post('/logout', { refresh_token: tokens.refresh_token })
  expect((await heliox.me(tokens.access_token)).status).toBe(401)
  const again = (await heliox.login('ada@example.com')).tokens
  heliox.pass(31 * MINUTE_MS)
  await heliox.post('/logout', {}, { authorization: `Bearer ${again.access_token}` })
  expect(await heliox.post('/refresh', { refresh_token: again.refresh_token })).toMatchObject(INVALID)
})

test('an old pair logs out what was refreshed from it', async () => {
  const { heliox, tokens } = await signedIn()
  const next = (await heliox.post('/refresh', { refresh_token: tokens.refresh_token })).body as Tokens
  await heliox.post('/logout', {}, { authorization: `Bearer ${tokens.access_token}` })
  expect((await heliox.me(next.access_token)).status).toBe(401)
})

test('a disabled user is refused everywhere, and hears why only with the right password', async () => {
  const { heliox, tokens } = await signedIn()
  await heliox.db.update(users).set({ isDisabled: true }).where(eq(users.email, 'ada@example.com'))
  const disabled = { status: 401, body: { error: { code: 'auth.disabled' } } }
  expect(await heliox.me(tokens.access_token)).toMatchObject(disabled)
  expect(await heliox.post('/refresh', { refresh_token: tokens.refresh_token })).toMatchObject(disabled)
  expect(await heliox.login('ada@example.com')).toMatchObject(disabled)
  const wrong = await heliox.login('ada@example.com', 'wrong password')
  expect(wrong.body).toMatchObject({ error: { code: 'auth.wrong_credentials' } })
})

test('the admin key is an administrator without an account, in either header', async () => {
  const heliox = serve(await freshDb())
  const admin = { id: null, email: null, name: 'admin key', role: 'admin', created_at: null }
  expect(await heliox.me(ADMIN_KEY)).toMatchObject({ status: 200, body: admin })
  const byKey = (key: string) => heliox.call('GET', '/me', { headers: { 'x-api-key': key } })
  expect(await byKey(ADMIN_KEY)).toMatchObject({ status: 200, body: admin })
  expect(await byKey(`${ADMIN_KEY}x`)).toMatchObject(refused('auth.invalid_api_key', 'Invalid API key'))
})
