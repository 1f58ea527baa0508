import { sign } from 'hono/jwt'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sessions, users } from '../../db/schema/users.ts'
import { startHeliox } from '../testing.ts'
import { begin, comeBack, logIn, signInAs, startProvider, type TestProvider } from './testing.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
  provider.register()
  provider.accounts.set('ada', { email: 'Ada@Example.com', email_verified: true, name: 'Ada Lovelace' })
})
afterAll(() => provider.close())

/** A deployment in which people of example.com may come in. Its clock stands at the true time: tokens carry the provider's. */
const start = (more: Record<string, string> = {}) =>
  startHeliox({
    now: new Date().toISOString(),
    settings: { ...provider.settings, SSO_DOMAINS: '["example.com"]', ...more },
  })

test('who logs in at the provider is signed in here, and lands where the link led', async () => {
  const heliox = await start()
  const { status, page, session, answer } = await signInAs(
    heliox,
    'ada',
    '/api/v1/auth/sso/oidc?return_to=/imports?skip=20',
  )
  expect([status, page]).toEqual([302, '/imports?skip=20'])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const me = heliox.callerWith({ cookie: session }).trpc.auth.me
  expect((await me.query()).user).toMatchObject({ email: 'ada@example.com', name: 'Ada Lovelace', role: 'viewer' })
})

test('the question carries PKCE S256, state and nonce, anew each time; the cookie is HttpOnly, Lax and lasts ten minutes', async () => {
  const heliox = await start()
  const [first, second] = [await begin(heliox), await begin(heliox)]
  const asked = new URL(first.location).searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    ...{ response_type: 'code', client_id: 'heliox', scope: 'openid email profile', code_challenge_method: 'S256' },
    redirect_uri: 'http://localhost/api/v1/auth/sso/oidc/callback',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  })
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(new URL(second.location).searchParams.get(name)).not.toBe(asked.get(name))
  expect(first.answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^heliox_sso=[\w.-]+; HttpOnly; Max-Age=600; Path=\/; SameSite=Lax$/),
  ])
  const secure = await heliox.stranger('https://heliox.example/api/v1/auth/sso/oidc')
  expect(secure.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-heliox_sso=[\w.-]+; HttpOnly; Max-Age=600; Path=\/; SameSite=Lax; Secure$/),
  ])
})

test('the provider insists on PKCE: a question without it is refused there, and one with another verifier gets no token', async () => {
  const heliox = await start()
  const { location, cookie } = await begin(heliox)
  const bare = new URL(location)
  bare.searchParams.delete('code_challenge')
  bare.searchParams.delete('code_challenge_method')
  const refused = await logIn(bare.href, 'ada')
  expect(refused.searchParams.get('error')).toBe('invalid_request')
  expect((await comeBack(heliox, refused, cookie)).error).toBe('sso.provider_refused')
  const other = await begin(heliox)
  const foreign = new URL(other.location)
  foreign.searchParams.set('code_challenge', new URL(location).searchParams.get('code_challenge') ?? '')
  expect((await comeBack(heliox, await logIn(foreign.href, 'ada'), other.cookie)).error).toBe('sso.expired')
})

test('an answer is taken once: the cookie goes with it, and the code is spent even for who kept the cookie', async () => {
  const heliox = await start()
  const { location, cookie } = await begin(heliox)
  const address = await logIn(location, 'ada')
  const first = await comeBack(heliox, address, cookie)
  expect(first.error).toBe(null)
  expect(first.answer.headers.getSetCookie()).toContain('heliox_sso=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax')
  expect(await comeBack(heliox, address, '')).toMatchObject({ status: 302, error: 'sso.expired', session: '' })
  expect(await comeBack(heliox, address, cookie)).toMatchObject({ status: 302, error: 'sso.expired', session: '' })
  expect((await heliox.db.select().from(sessions)).length).toBe(1)
})

test('an answer to another browser’s question is refused, and so is one without a state', async () => {
  const heliox = await start()
  const [victim, thief] = [await begin(heliox, '/api/v1/auth/sso/oidc?return_to=/imports'), await begin(heliox)]
  const stolen = await logIn(thief.location, 'ada')
  const refused = await comeBack(heliox, stolen, victim.cookie)
  expect(refused).toMatchObject({ page: '/sign-in?error=sso.wrong_state&next=%2Fimports', session: '' })
  stolen.searchParams.delete('state')
  expect((await comeBack(heliox, stolen, thief.cookie)).error).toBe('sso.wrong_state')
  expect(await heliox.db.select().from(users)).toEqual([])
})

test('an answer of another issuer, or of none where the provider promises to name itself, is refused', async () => {
  const heliox = await start()
  for (const iss of ['https://evil.example', null]) {
    const { location, cookie } = await begin(heliox)
    const address = await logIn(location, 'ada')
    expect(address.searchParams.get('iss')).toBe(provider.issuer)
    if (iss) address.searchParams.set('iss', iss)
    else address.searchParams.delete('iss')
    expect(await comeBack(heliox, address, cookie)).toMatchObject({ error: 'sso.wrong_issuer', session: '' })
  }
})

test('a token that was made for another question is refused', async () => {
  const heliox = await start()
  const { location, cookie } = await begin(heliox)
  const altered = new URL(location)
  altered.searchParams.set('nonce', 'another-nonce-than-the-one-in-the-cookie')
  expect((await comeBack(heliox, await logIn(altered.href, 'ada'), cookie)).error).toBe('sso.wrong_nonce')
  altered.searchParams.delete('nonce')
  const without = await begin(heliox)
  altered.searchParams.set('state', new URL(without.location).searchParams.get('state') ?? '')
  altered.searchParams.set('code_challenge', new URL(without.location).searchParams.get('code_challenge') ?? '')
  expect((await comeBack(heliox, await logIn(altered.href, 'ada'), without.cookie)).error).toBe('sso.bad_answer')
})

test('a sign-in that took ten minutes is over, and so is a token past its time', async () => {
  const heliox = await start()
  const at = Date.now()
  const { location, cookie } = await begin(heliox)
  const address = await logIn(location, 'ada')
  heliox.moveTo(new Date(at + 600_000).toISOString())
  expect((await comeBack(heliox, address, cookie)).error).toBe('sso.expired')
  heliox.moveTo(new Date(at + 590_000).toISOString()) // the cookie lives, the ID token of 60 s does not
  expect((await comeBack(heliox, address, cookie)).error).toBe('sso.bad_answer')
})

test('a cookie that was tampered with, or signed for something else, is none', async () => {
  const heliox = await start()
  const { location, cookie } = await begin(heliox)
  const address = await logIn(location, 'ada')
  const [name = '', head = '', body = '', signature = ''] = cookie.split(/[=.]/)
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
  const forged = Buffer.from(JSON.stringify({ ...claims, returnTo: 'https://evil.example' })).toString('base64url')
  expect((await comeBack(heliox, address, `${name}=${head}.${forged}.${signature}`)).error).toBe('sso.expired')
  const accessToken = await sign({ ...claims, typ: 'access' }, 'a-secret-key-of-this-test-0123456789', 'HS256')
  expect((await comeBack(heliox, address, `${name}=${accessToken}`)).error).toBe('sso.expired')
  const bearer = heliox.callerWith({ authorization: `Bearer ${head}.${body}.${signature}` })
  expect((await bearer.fetch('/api/v1/auth/me')).status).toBe(401)
  expect((await comeBack(heliox, address, cookie)).error).toBe(null)
})

test('who cancels at the provider is told so', async () => {
  const heliox = await start()
  const { location, cookie } = await begin(heliox)
  const address = await logIn(location, 'ada', { cancels: true })
  expect(address.searchParams.get('error')).toBe('access_denied')
  expect(await comeBack(heliox, address, cookie)).toMatchObject({ status: 302, error: 'sso.cancelled' })
})

test('a provider that does not answer, or not in time, is said so on the page', async () => {
  const silent = await start({ OIDC_ISSUER: 'http://127.0.0.1:9' })
  expect((await begin(silent)).location).toBe('/sign-in?error=sso.provider_unreachable')
  const slow = await start({ OIDC_ISSUER: `${provider.issuer}/slow` })
  const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    return AbortSignal.abort(new DOMException('too late', 'TimeoutError'))
  })
  expect((await begin(slow)).location).toBe('/sign-in?error=sso.provider_unreachable')
  expect(asked).toHaveBeenCalledWith(10_000)
  asked.mockRestore()
  expect((await begin(slow)).location).toBe('/sign-in?error=sso.provider_unreachable') // 404: no provider is there
})

test('a token that the provider’s keys did not sign is refused', async () => {
  const broken = await startProvider()
  broken.register()
  broken.accounts.set('ada', { email: 'ada@example.com', email_verified: true })
  const heliox = await start(broken.settings)
  const { keys } = (await (await fetch(`${provider.issuer}/jwks`)).json()) as { keys: object[] }
  broken.replace('/jwks', { keys }) // the same key id, another key
  expect(await signInAs(heliox, 'ada')).toMatchObject({ error: 'sso.bad_answer', session: '' })
  await broken.close()
})

test('a wrong client secret is the provider’s refusal', async () => {
  const heliox = await start({ OIDC_CLIENT_SECRET: 'another secret' })
  expect((await signInAs(heliox, 'ada')).error).toBe('sso.provider_refused')
})

test('a public client signs in without a secret, by PKCE alone', async () => {
  const heliox = await start({ OIDC_CLIENT_ID: 'heliox-public', OIDC_CLIENT_SECRET: '' })
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
})

test('claims may stand in the ID token instead of behind the second question', async () => {
  const other = await startProvider({ conformIdTokenClaims: false, features: { userinfo: { enabled: false } } })
  other.register()
  other.accounts.set('ada', { email: 'ada@example.com', email_verified: true, name: 'Ada' })
  const heliox = await start(other.settings)
  expect((await signInAs(heliox, 'ada')).error).toBe(null)
  expect(await heliox.db.select().from(users)).toMatchObject([{ email: 'ada@example.com', name: 'Ada' }])
  await other.close()
})

test('each sign-in is a new session, and ends the one the browser came with', async () => {
  const heliox = await start()
  const { session } = await signInAs(heliox, 'ada')
  const { location, cookie } = await begin(heliox)
  const second = await comeBack(heliox, await logIn(location, 'ada'), `${cookie}; ${session}`)
  expect(second.session).not.toBe(session)
  expect((await heliox.db.select().from(sessions)).length).toBe(1)
})

test('the log has neither code nor state, and has the reason of a refusal', async () => {
  const heliox = await start({ LOG_LEVEL: 'info', OIDC_CLIENT_SECRET: 'another secret' })
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const { location, cookie } = await begin(heliox)
  const address = await logIn(location, 'ada')
  await comeBack(heliox, address, cookie)
  log.mockRestore()
  const text = lines.join('\n')
  expect(text).toContain('"path":"/api/v1/auth/sso/oidc/callback","status":302')
  expect(text).toMatch(/"event":"sso.refused".*"code":"sso.provider_refused".*invalid_client/)
  for (const name of ['code', 'state']) expect(text).not.toContain(address.searchParams.get(name))
  expect(text).not.toContain('another secret')
})

test('a way that is not set up leads back to the page; the page learns which ways there are', async () => {
  const heliox = await start({
    OIDC_LABEL: 'Sign in with Acme',
    GITHUB_CLIENT_ID: 'an-id',
    GITHUB_CLIENT_SECRET: 'a-secret',
  })
  expect((await begin(heliox, '/api/v1/auth/sso/google')).location).toBe('/sign-in?error=sso.unknown_provider')
  const providers = [
    { id: 'oidc', label: 'Sign in with Acme' },
    { id: 'github', label: 'Continue with GitHub' },
  ]
  expect(await (await heliox.stranger('/api/v1/auth/sso')).json()).toEqual({ providers })
  expect((await heliox.trpc.auth.me.query()).providers).toEqual(providers)
})
