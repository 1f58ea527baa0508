import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Asking } from '../asking.ts'
import { settingsOf } from '../env.ts'
import { createLog } from '../log.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { beginSso } from './begin-sso.ts'
import { completeSso } from './complete-sso.ts'
import { takeFlow } from './flow.ts'
import { GITHUB, gitHubAt } from './providers/github.ts'
import { refusalOf } from './refusals.ts'
import { close, cookieNamed, listen } from './testing.ts'

const CLIENT = { clientId: 'an-id', clientSecret: 'a-secret' }
const ADA = { id: 1815, login: 'ada', name: 'Ada Lovelace' }
const PRIMARY = { email: 'ada@example.com', primary: true, verified: true }

/** GitHub's three answers, as its documentation shows them. `said` is what it says of the person this time. */
const said = { user: ADA as object, emails: [PRIMARY] as object[], token: null as object | null }
const challenges = new Map<string, string>()
const asked: string[] = []
const server = createServer(async (request, response) => {
  const json = (body: unknown, status = 200) =>
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
  const { pathname } = new URL(request.url ?? '', 'http://here')
  asked.push(`${request.method} ${pathname} ${request.headers.authorization ?? ''}`.trim())
  if (pathname === '/login/oauth/access_token') {
    const form = new URLSearchParams(await text(request))
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isRight = challenges.get(form.get('code') ?? '') === challenge && form.get('client_secret') === 'a-secret'
    if (said.token || !isRight) return json(said.token ?? { error: 'bad_verification_code' }) // with status 200
    return json({ access_token: 'gho_token', scope: 'read:user,user:email', token_type: 'bearer' })
  }
  if (request.headers.authorization !== 'Bearer gho_token') return json({ message: 'Bad credentials' }, 401)
  return json(pathname === '/user' ? said.user : said.emails)
})

let site: string
beforeAll(async () => {
  site = await listen(server)
})
afterAll(() => close(server))

/** A sign-in at GitHub: what it asks, and what comes of the answer. */
async function signIn(heliox: TestHeliox, { iss = true } = {}) {
  const provider = gitHubAt({ site, api: site }, CLIENT)
  const settings = settingsOf({
    ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', SSO_DOMAINS: '["example.com"]', LOG_LEVEL: 'error' },
    ...{ SECRET_KEY: 'a-secret-key-of-this-test-0123456789', ADMIN_API_KEY: 'an-admin-key-of-this-test' },
    ...{ GITHUB_CLIENT_ID: CLIENT.clientId, GITHUB_CLIENT_SECRET: CLIENT.clientSecret, ALLOW_REGISTRATION: 'false' },
  })
  const asking = (path: string, cookie = ''): Asking => ({
    ...{ db: heliox.db, now: heliox.now, log: createLog('error'), settings, requestId: 'req_test', address: '' },
    request: new Request(new URL(path, 'http://localhost'), { headers: { cookie } }),
    ...{
      kept: null,
      backups: null,
      meter: null,
      answerHeaders: new Headers(),
      actor: async () => null,
      outlive: () => undefined,
    },
  })
  const first = asking('/api/v1/auth/sso/github')
  const question = (await beginSso(first, provider, '/')).searchParams
  const code = `code-${challenges.size}`
  challenges.set(code, question.get('code_challenge') ?? '')
  const state = question.get('state') ?? ''
  const answer = new URLSearchParams({ code, state, ...(iss ? { iss: `${site}/login/oauth` } : {}) })
  const second = asking(`/api/v1/auth/sso/github/callback?${answer}`, cookieNamed('heliox_sso', first.answerHeaders))
  const done = await completeSso(second, provider, await takeFlow(second)).catch((error) => {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return refusal.code
  })
  return { question, done }
}

const start = () => startHeliox({ now: new Date().toISOString() })

test('who signs in at GitHub is known by the verified primary address, then by the account’s number', async () => {
  const heliox = await start()
  const { question, done } = await signIn(heliox)
  expect(Object.fromEntries(question)).toMatchObject({
    ...{ client_id: 'an-id', scope: 'read:user user:email', code_challenge_method: 'S256' },
    redirect_uri: 'http://localhost/api/v1/auth/sso/github/callback',
  })
  expect(done).toMatchObject({ userId: 'user_1' })
  expect(asked).toEqual([
    'POST /login/oauth/access_token',
    'GET /user Bearer gho_token',
    'GET /user/emails Bearer gho_token',
  ])
  said.emails = [{ ...PRIMARY, email: 'ada@elsewhere.example' }]
  expect((await signIn(heliox)).done).toMatchObject({ userId: 'user_1' })
  said.emails = [PRIMARY]
})

test('an unverified primary address, or a verified second one, lets nobody in', async () => {
  said.emails = [
    { ...PRIMARY, verified: false },
    { email: 'bob@example.com', primary: false, verified: true },
  ]
  expect((await signIn(await start())).done).toBe('sso.unverified_email')
  said.emails = []
  expect((await signIn(await start())).done).toBe('sso.no_email')
  said.emails = [PRIMARY]
})

test('its answers may name it, and need not', async () => {
  expect((await signIn(await start(), { iss: false })).done).toMatchObject({ userId: 'user_1' })
})

test('what it says with status 200 is understood as the error it is', async () => {
  said.token = { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' }
  expect((await signIn(await start())).done).toBe('sso.expired')
  said.token = { error: 'incorrect_client_credentials' }
  expect((await signIn(await start())).done).toBe('sso.provider_refused')
  said.token = { access_token: 'another', token_type: 'bearer' } // its API does not know that token
  expect((await signIn(await start())).done).toBe('sso.bad_answer')
  said.token = null
  said.user = { message: 'not a user' }
  expect((await signIn(await start())).done).toBe('sso.bad_answer')
  said.user = ADA
})

test('in production it is github.com', () => {
  expect(GITHUB).toEqual({ site: 'https://github.com', api: 'https://api.github.com' })
})
