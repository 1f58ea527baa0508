import { sign, verify } from 'hono/jwt'
import { Cookie } from 'lucia'
import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { cookieIn, isSecure } from '../auth/cookie.ts'

/** How long a person may take at the provider. */
const FLOW_SECONDS = 600

const Flow = z.object({
  typ: z.literal('sso'),
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  exp: z.number(),
})

/** A sign-in that has gone to a provider: what it asked with, and where it wants to end. */
export type Flow = Omit<z.output<typeof Flow>, 'typ' | 'exp'>

/**
 * Lets the browser carry its own sign-in, signed with SECRET_KEY, for ten minutes: HttpOnly, SameSite=Lax (the answer
 * comes from another site), `__Host-` and Secure on https. A second one replaces the first.
 */
export async function giveFlow(asking: Asking, flow: Flow): Promise<void> {
  const exp = Math.floor(asking.now() / 1000) + FLOW_SECONDS
  const text = await sign({ typ: 'sso', ...flow, exp }, asking.settings.secretKey, 'HS256')
  asking.answerHeaders.append('set-cookie', cookieOf(asking, text, FLOW_SECONDS))
}

/** What `giveFlow` gave, and takes it away, whatever comes of it; null if there is none, or it is not ours or too old. */
export async function takeFlow(asking: Asking): Promise<Flow | null> {
  const text = cookieIn(asking.request, nameOf(asking))
  asking.answerHeaders.append('set-cookie', cookieOf(asking, '', 0))
  if (text === null) return null
  const options = { alg: 'HS256', exp: false, iat: false, nbf: false } as const // times are ours to check
  const flow = Flow.safeParse(await verify(text, asking.settings.secretKey, options).catch(() => null))
  return flow.success && flow.data.exp * 1000 > asking.now() ? flow.data : null
}

function cookieOf(asking: Asking, value: string, maxAge: number): string {
  const attributes = { httpOnly: true, secure: isSecure(asking.request), sameSite: 'lax', path: '/', maxAge } as const
  return new Cookie(nameOf(asking), value, attributes).serialize()
}

function nameOf({ request }: Asking): string {
  return isSecure(request) ? '__Host-heliox_sso' : 'heliox_sso'
}
