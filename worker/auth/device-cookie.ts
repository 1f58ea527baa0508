import { randomBytes } from 'node:crypto'
import { Cookie } from 'lucia'
import { DAY_MS } from '../../db/units/time.ts'
import type { Settings } from '../env.ts'
import { cookieIn, isSecure } from './cookie.ts'
import { isSameSecret, keyedHash } from './digest.ts'
import type { Stranger } from './stranger.ts'

/*
 * A browser in which somebody has signed in keeps a signed cookie that says so, for that e-mail and for no other. Its wrong
 * passwords are counted on their own, so that a stranger behind the same office address cannot shut it out. It signs nobody
 * in. (OWASP, "Slow down online guessing attacks with device cookies", read 2026-11-21.)
 */

const YEAR_SECONDS = (365 * DAY_MS) / 1000

type Asked = Pick<Stranger, 'request' | 'settings'>

/** The device that a request comes from, if it is known for that e-mail; null for any other, forged cookies included. */
export function deviceOf({ request, settings }: Asked, email: string): string | null {
  const [device, signature] = (cookieIn(request, nameFor(request)) ?? '').split('.')
  if (!device || !signature) return null
  return isSameSecret(signature, signatureOf(settings, device, email)) ? device : null
}

/** Makes the browser known for that e-mail, for a year from now. One that is known keeps its name. */
export function giveDeviceCookie(asked: Asked & Pick<Stranger, 'answerHeaders'>, email: string): void {
  const { request, settings, answerHeaders } = asked
  const device = deviceOf(asked, email) ?? randomBytes(16).toString('base64url')
  const value = `${device}.${signatureOf(settings, device, email)}`
  const attributes = {
    httpOnly: true,
    secure: isSecure(request),
    sameSite: 'lax',
    path: '/',
    maxAge: YEAR_SECONDS,
  } as const
  answerHeaders.append('set-cookie', new Cookie(nameFor(request), value, attributes).serialize())
}

function signatureOf({ secretKey }: Settings, device: string, email: string): string {
  return keyedHash(secretKey, 'device', device, email)
}

function nameFor(request: Request): string {
  return isSecure(request) ? '__Host-heliox_device' : 'heliox_device'
}
