import { createTRPCClient, httpLink } from '@trpc/client'
import type { Db } from '../db/client.ts'
import { teamMembers, users } from '../db/schema/users.ts'
import { freshDb } from '../db/testing.ts'
import type { TeamId } from '../db/units/ids.ts'
import { type EpochMs, parseInstant } from '../db/units/time.ts'
import { openSession } from './auth/open-session.ts'
import { tokenPair } from './auth/token-pair.ts'
import { settingsOf } from './env.ts'
import { testBook, testMeter } from './gateway/meter/testing.ts'
import { createApp } from './index.ts'
import { createLog } from './log.ts'
import type { AppRouter } from './router.ts'
import { INSIDE, machine, type Role, type Scope } from './scope.ts'
import { requireDocumented } from './testing-answers.ts'
import { keptFilesOf } from './uploads/kept-files.ts'
import { memoryPlatform } from './uploads/testing.ts'

export const ADMIN_KEY = 'an-admin-key-of-this-test'

/** What strangers may call. Adding one here is a decision, not a fix for a red test. */
export const OPEN = new Set([
  ...['POST /auth/register', 'POST /auth/login', 'POST /auth/refresh', 'POST /auth/logout'],
  'GET /openapi.json',
  ...['GET /auth/sso', 'GET /auth/sso/:provider', 'GET /auth/sso/:provider/callback'],
  ...['auth.me', 'auth.signIn', 'auth.register', 'auth.signOut'],
  ...['POST /auth/link', 'POST /auth/password-link', 'auth.link', 'auth.usePasswordLink'],
])

/** A number that a reader of a test can check against SQL: nano-dollars of decimal text. */
export function nano(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(9, '0').slice(0, 9))
  return text.startsWith('-') ? -size : size
}

export type TestHeliox = Awaited<ReturnType<typeof startHeliox>>

/**
 * The real app on a private database with the real migrations; only the clock is ours and stands still at `now` until
 * moved. Requests carry the admin key unless told otherwise; `trpc` is the dashboard's typed client over the same app.
 * Every answer of /api/v1 is held against the OpenAPI document: a call rejects where it says something else.
 */
export async function startHeliox(options: { now?: string; settings?: Record<string, string> } = {}) {
  const db: Db = await freshDb()
  let nowMs = instant(options.now ?? '2026-03-01T12:00:00Z')
  const now = () => nowMs
  const platform = memoryPlatform()
  const book = testBook(db, now)
  const bindings = {
    ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error', ALLOW_REGISTRATION: 'true' },
    ...{ SECRET_KEY: 'a-secret-key-of-this-test-0123456789', ADMIN_API_KEY: ADMIN_KEY },
    ...options.settings,
    ...platform.bindings,
    ...testMeter(book),
  }
  const app = createApp({ bindings, openDb: () => db, now })
  const kept = keptFilesOf(bindings)
  const fetchAs =
    (headers: Record<string, string>) =>
    async (path: string, init: RequestInit = {}) => {
      const request = new Request(new URL(path, 'http://localhost'), {
        ...init,
        headers: { ...headers, ...(init.headers as object) },
      })
      const response = await app.fetch(request)
      await requireDocumented(request, response)
      return response
    }
  const scope: Scope = {
    ...{ db, now, log: createLog('error') },
    ...{ actor: machine('test'), origin: INSIDE },
  }
  /** The three ways to call, for one set of credentials. */
  const callerWith = (headers: Record<string, string>) => {
    const call = fetchAs(headers)
    const viaTrpc = (url: URL | RequestInfo, init?: unknown) => call(String(url), init as RequestInit)
    return {
      fetch: call,
      json: async <T>(path: string, init?: RequestInit): Promise<T> => (await call(path, init)).json() as Promise<T>,
      /** A JSON body, and what came of it. */
      write: async (
        method: string,
        path: string,
        body?: object,
        more: Record<string, string> = {},
      ): Promise<Written> => {
        const init = body
          ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...more } }
          : { headers: more }
        const response = await call(path, { method, ...init })
        const text = await response.text()
        const isJson = response.headers.get('content-type')?.includes('json')
        return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null }
      },
      trpc: createTRPCClient<AppRouter>({ links: [httpLink({ url: 'http://localhost/trpc', fetch: viaTrpc })] }),
    }
  }
  let people = 0
  const admin = callerWith({ 'x-api-key': ADMIN_KEY })
  return {
    ...{ db, scope, now, callerWith, platform, kept, book },
    ...admin,
    stranger: fetchAs({}),
    /** A person with that role and those teams, signed in. */
    as: async (role: Role, teams: TeamId[] = []) => {
      people += 1
      const person = { email: `${role}-${people}@example.com`, role, passwordHash: '', createdAtMs: now() }
      const [user] = await db.insert(users).values(person).returning({ id: users.id })
      if (!user) throw new Error('no user')
      for (const teamId of teams) await db.insert(teamMembers).values({ userId: user.id, teamId })
      const clock = { ...scope, settings: settingsOf(bindings) }
      const session = { kind: 'token', userAgent: '', address: '' } as const
      const { accessToken } = await tokenPair(clock, await openSession(scope, user.id, session))
      return { userId: user.id, email: person.email, ...callerWith({ authorization: `Bearer ${accessToken}` }) }
    },
    /** Sends a file as a customer would. */
    send: async (format: string, text: string | Uint8Array<ArrayBuffer>, query = ''): Promise<Uploaded> => {
      const response = await admin.fetch(`/api/v1/imports?format=${format}${query}`, { method: 'POST', body: text })
      return { httpStatus: response.status, ...((await response.json()) as Omit<Uploaded, 'httpStatus'>) }
    },
    moveTo: (text: string) => {
      nowMs = instant(text)
    },
  }
}

/** `body` is null where the answer has none. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the wire says; tests compare it with what they expect
export type Written = { status: number; headers: Headers; body: any }

export type Uploaded = {
  httpStatus: number
  status: string
  message: string
  import_id: string
  format: string
  detail?: unknown
  error?: { code: string; message: string; details: string[] }
  result: {
    total_records: number
    inserted: number
    updated: number
    unchanged: number
    failed: number
    skipped: number
    removed: number
    errors: { line: number; column: string | null; code: string; message: string; cost_usd: string | null }[]
    totals: Record<string, string>
  }
}

function instant(text: string): EpochMs {
  const parsed = parseInstant(text)
  if (parsed === null) throw new Error(`not an instant: ${text}`)
  return parsed
}
