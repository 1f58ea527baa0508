import type { Asking } from '../asking.ts'
import { cookieName, luciaFor } from './lucia.ts'

/** The session id in a request's cookie; null without one. */
export function sessionIdIn(request: Request): string | null {
  if (!request.headers.has('cookie')) return null
  return cookieIn(request, cookieName(isSecure(request)))
}

/**
 * The value of a request's cookie; null without one. Read by hand: Lucia's reader throws on another program's malformed
 * cookie, and programs on localhost share a jar.
 */
export function cookieIn(request: Request, name: string): string | null {
  const start = `${name}=`
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(start))?.slice(start.length) || null
}

/** Hands the browser its session: HttpOnly, SameSite=Lax, for the whole host, 30 days, Secure on https. */
export function giveSessionCookie(asking: Asking, sessionId: string): void {
  const cookie = luciaFor(asking, isSecure(asking.request)).createSessionCookie(sessionId)
  asking.answerHeaders.append('set-cookie', cookie.serialize())
}

/** Takes the session from the browser. */
export function takeSessionCookie(asking: Asking): void {
  const cookie = luciaFor(asking, isSecure(asking.request)).createBlankSessionCookie()
  asking.answerHeaders.append('set-cookie', cookie.serialize())
}

/** Whether the browser spoke https: only then may a cookie be Secure. */
export function isSecure(request: Request): boolean {
  return new URL(request.url).protocol === 'https:'
}
