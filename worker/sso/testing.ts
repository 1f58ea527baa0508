import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { request } from 'playwright-core'
import type { TestHeliox } from '../testing.ts'

export const CALLBACK = '/api/v1/auth/sso/oidc/callback'
export const CLIENT_SECRET = 'the-secret-of-this-client'

/** What the provider says of an account beside its `sub`. */
export type Account = Record<string, unknown>

export type TestProvider = Awaited<ReturnType<typeof startProvider>>

/**
 * A certified OpenID Connect provider on loopback, with its own pages for login and consent: any password will do. It
 * insists on PKCE. `register` says where it may send browsers back to, and must come before the first sign-in.
 */
export async function startProvider(more: Configuration = {}) {
  const accounts = new Map<string, Account>()
  const replaced = new Map<string, unknown>()
  let serve: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = createServer((asked, response) => {
    const instead = replaced.get(asked.url ?? '')
    if (instead === undefined) return serve(asked, response)
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(instead))
  })
  const issuer = await listen(server)
  return {
    issuer,
    accounts,
    /** What a deployment sets to use it. */
    settings: { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'heliox', OIDC_CLIENT_SECRET: CLIENT_SECRET },
    register(redirectUri = `http://localhost${CALLBACK}`) {
      serve = new Provider(issuer, { ...configuration(accounts, redirectUri), ...more }).callback()
    },
    /** Answers a path with something else: a provider that has been broken into. */
    replace: (path: string, body: unknown) => void replaced.set(path, body),
    close: () => close(server),
  }
}

function configuration(accounts: Map<string, Account>, redirectUri: string): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const client = {
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
  }
  return {
    clients: [
      { client_id: 'heliox', client_secret: CLIENT_SECRET, ...client },
      { client_id: 'heliox-public', token_endpoint_auth_method: 'none', ...client },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups', 'realm_access'] },
    findAccount: (_context, id) => {
      const account = accounts.get(id)
      return account && { accountId: id, claims: () => ({ sub: id, ...account }) }
    },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'the-key', use: 'sig' } as never] },
    cookies: { keys: ['a-cookie-key-of-this-test'] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 600, Session: 600, Grant: 600 },
  }
}

/**
 * A person at the provider: opens `address` with an empty jar, logs in, consents, and is sent back. Answers the address
 * that the browser would open next at Heliox. Who `cancels` follows the link beside the login form.
 */
export async function logIn(address: string, login: string, { cancels = false } = {}): Promise<URL> {
  const browser = await request.newContext()
  try {
    let url = new URL(address)
    let form: Record<string, string> | undefined
    for (let step = 0; step < 12; step += 1) {
      const method = form ? 'POST' : 'GET'
      const response = await browser.fetch(url.href, { method, maxRedirects: 0, ...(form ? { form } : {}) })
      const { location } = response.headers()
      if (location) {
        url = new URL(location, url)
        form = undefined
        if (url.pathname.endsWith('/callback')) return url
        continue
      }
      const html = await response.text()
      const [, abort] = /href="([^"]+\/abort)"/.exec(html) ?? []
      if (cancels && abort) {
        url = new URL(abort, url)
        continue
      }
      const [, action] = /<form[^>]* action="([^"]+)"/.exec(html) ?? []
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(html) ?? []
      if (!action || !prompt) throw new Error(`the provider says: ${response.status()} ${html.slice(0, 2000)}`)
      url = new URL(action, url)
      form = { prompt, login, password: 'any' }
    }
    throw new Error('the provider goes round in circles')
  } finally {
    await browser.dispose()
  }
}

/** "name=value" of a cookie that an answer set; '' if it set none of that name, or took it away. */
export function cookieNamed(name: string, headers: Headers): string {
  return (
    headers
      .getSetCookie()
      .find((cookie) => cookie.startsWith(`${name}=`) && !/Max-Age=0/.test(cookie))
      ?.split(';')[0] ?? ''
  )
}

/** The first half: what Heliox asks the provider, and the cookie the browser keeps. */
export async function begin(heliox: TestHeliox, path = '/api/v1/auth/sso/oidc') {
  const answer = await heliox.stranger(path)
  const location = answer.headers.get('location') ?? ''
  return { answer, location, cookie: cookieNamed('heliox_sso', answer.headers) }
}

/** The second half: the browser is back. `page` is where it is sent, `session` its cookie if it has one now. */
export async function comeBack(heliox: TestHeliox, address: URL, cookie: string) {
  const answer = await heliox.stranger(address.pathname + address.search, { headers: { cookie } })
  const page = answer.headers.get('location') ?? ''
  const error = new URL(page, 'http://localhost').searchParams.get('error')
  return { answer, status: answer.status, page, error, session: cookieNamed('heliox_session', answer.headers) }
}

/** All of it. */
export async function signInAs(heliox: TestHeliox, login: string, path?: string) {
  const { location, cookie } = await begin(heliox, path)
  return comeBack(heliox, await logIn(location, login), cookie)
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

// The provider says at every start that its in-memory store and its pages are for development.
for (const level of ['info', 'warn'] as const) {
  const say = console[level]
  console[level] = (...words: unknown[]) => {
    if (!String(words[0]).includes('oidc-provider')) say(...words)
  }
}
