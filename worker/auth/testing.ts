import type { Db } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Asking } from '../asking.ts'
import type { Settings } from '../env.ts'
import { createLog } from '../log.ts'
import { NO_SSO } from '../sso/settings.ts'
import { actorOf } from './actor.ts'

export const ADMIN_KEY = 'an-admin-key-of-this-test'
export const PASSWORD = 'correct horse'
export const START_MS = Date.UTC(2026, 0, 15, 12) as EpochMs

/** A deployment in which only the clock is ours: it stands still until a test moves it. */
export function startAuth(db: Db, changes: Partial<Settings> = {}) {
  const settings: Settings = {
    environment: 'development',
    databaseUrl: 'http://127.0.0.1:1',
    databaseAuthToken: '',
    secretKey: 'a-secret-key-of-this-test-0123456789',
    adminApiKey: ADMIN_KEY,
    admin: null,
    allowRegistration: true,
    accessTokenExpireMinutes: 30,
    corsOrigins: [],
    logLevel: 'error',
    maxUploadBytes: 1024,
    maxKeptBytes: 4096,
    ingestHourUtc: 2,
    allowPrivateSources: true,
    allowPrivateBackends: true,
    allowPrivateChannels: true,
    publicUrl: '',
    metricsToken: '',
    mail: null,
    hasEcho: true,
    longestCallMs: 900_000,
    sso: NO_SSO,
    deployment: 'test',
    ...changes,
  }
  let nowMs = START_MS
  const now = () => nowMs
  const log = createLog(settings.logLevel)
  /** One request as the app would open it. */
  const ask = (headers: Record<string, string> = {}, url = 'http://localhost:8787/', method = 'POST'): Asking =>
    askFor(new Request(url, { method, headers }))
  const askFor = (request: Request): Asking => {
    const asking: Asking = {
      ...{ db, now, log, settings, request, requestId: 'req_test', kept: null, backups: null, meter: null },
      address: request.headers.get('cf-connecting-ip') ?? '192.0.2.1',
      answerHeaders: new Headers(),
      outlive: () => undefined,
      actor: () => actorOf(asking),
    }
    return asking
  }
  const pass = (ms: number) => {
    nowMs = (nowMs + ms) as EpochMs
  }
  return { db, settings, now, ask, askFor, pass }
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>

/** A browser on the app's own page: it keeps its cookies, and says from which site it sends. */
export function openBrowser(fetch: Fetch, site = 'http://localhost') {
  const jar = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie ? { cookie } : {}), origin: site, ...(init.headers as object) }
    const response = await fetch(`${site}${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value) jar.set(name, value)
      else jar.delete(name)
    }
    return response
  }
  /** A mutation, and what came of it. */
  const tell = async (procedure: string, input: object = {}, headers: Record<string, string> = {}) => {
    const init = { method: 'POST', body: JSON.stringify(input) }
    const response = await send(`/trpc/${procedure}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...headers },
    })
    // biome-ignore lint/suspicious/noExplicitAny: whatever the wire says; tests compare it with what they expect
    const { result, error } = (await response.json()) as any
    return { status: response.status, headers: response.headers, data: result?.data, error }
  }
  /** A query's answer; undefined where it was refused. */
  const ask = async (procedure: string, input: object = {}) => {
    const response = await send(`/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`)
    // biome-ignore lint/suspicious/noExplicitAny: as above
    return ((await response.json()) as any).result?.data
  }
  const whoAmI = async (): Promise<string | null> => (await ask('auth.me')).user?.email ?? null
  return { jar, send, tell, ask, whoAmI }
}

/** "name=value" of the cookie an answer set last, as the browser would send it back. */
export function cookieOf(headers: Headers): string {
  return headers.getSetCookie().at(-1)?.split(';')[0] ?? ''
}
