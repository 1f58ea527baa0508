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
    sso: NO_SSO,
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
      ...{ db, now, log, settings, request, requestId: 'req_test' },
      ...{ address: '192.0.2.1', answerHeaders: new Headers() },
      actor: () => actorOf(asking),
    }
    return asking
  }
  const pass = (ms: number) => {
    nowMs = (nowMs + ms) as EpochMs
  }
  return { db, settings, now, ask, askFor, pass }
}

/** "name=value" of the cookie an answer set last, as the browser would send it back. */
export function cookieOf(headers: Headers): string {
  return headers.getSetCookie().at(-1)?.split(';')[0] ?? ''
}
