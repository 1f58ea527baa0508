import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { giveSessionCookie, sessionIdIn } from '../auth/cookie.ts'
import { signOut } from '../auth/sign-out.ts'
import { keepNowhere } from '../no-store.ts'
import { openRest, type RestRoute } from '../rest.ts'
import { beginSso } from './begin-sso.ts'
import { completeSso } from './complete-sso.ts'
import { takeFlow } from './flow.ts'
import { ProviderList, providerList, providerNamed } from './providers/index.ts'
import { reasonOf, refusalOf } from './refusals.ts'
import { returnPath } from './return-path.ts'

const Provider = z.string().describe('Its id, as GET /auth/sso lists it')
/** Twice the same name makes a list: then it is none of ours, and the verb says so. */
const Text = z.union([z.string(), z.array(z.string())]).optional()

const Begin = z.object({ provider: Provider, returnTo: Text.describe('A path of this site to go to afterwards') })
const Callback = z.object({
  provider: Provider,
  code: Text,
  state: Text,
  iss: Text,
  error: Text,
})

/** For browsers: both steps answer 302, to the page with a code in the address where something is wrong. */
export const ssoRoutes: RestRoute[] = [
  openRest(
    'GET',
    '/auth/sso',
    { summary: 'Ways to sign in beside a password', input: z.object({}), answers: ProviderList },
    async ({ settings }) => providerList(settings.sso),
  ),
  openRest(
    'GET',
    '/auth/sso/:provider',
    { summary: 'Sign in at a provider: redirects the browser there', input: Begin, status: 302 },
    async (asking, input) => {
      const returnTo = returnPath(typeof input.returnTo === 'string' ? input.returnTo : undefined)
      await redirect(asking, input.provider, returnTo, async () => {
        return (await beginSso(asking, providerNamed(asking.settings.sso, input.provider), returnTo)).href
      })
    },
  ),
  openRest(
    'GET',
    '/auth/sso/:provider/callback',
    { summary: 'Back from a provider: signs the browser in', input: Callback, status: 302 },
    async (asking, input) => {
      const flow = await takeFlow(asking)
      await redirect(asking, input.provider, flow?.returnTo ?? '/', async () => {
        const signedIn = await completeSso(asking, providerNamed(asking.settings.sso, input.provider), flow)
        // The session that the browser came with ends, since nobody could use it again.
        await signOut(asking, { accessToken: null, refreshToken: null, sessionId: sessionIdIn(asking.request) })
        giveSessionCookie(asking, signedIn.sessionId)
        return flow?.returnTo ?? '/'
      })
    },
  ),
]

/** Sends the browser to where `next` says, or to the sign-in page with the code of the refusal. */
async function redirect(asking: Asking, provider: string, returnTo: string, next: () => Promise<string>) {
  keepNowhere(asking)
  const location = await next().catch((error: unknown) => {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    asking.log.warn('sso.refused', { provider: provider.slice(0, 40), code: refusal.code, reason: reasonOf(refusal) })
    const after = returnTo === '/' ? {} : { next: returnTo }
    return `/sign-in?${new URLSearchParams({ error: refusal.code, ...after })}`
  })
  asking.answerHeaders.set('location', location)
}
