import type { Asking } from '../asking.ts'
import { isSameSecret } from '../auth/digest.ts'
import { ensureSettingsAdmin } from '../auth/first-admin.ts'
import { type SignedIn, startSession } from '../auth/sign-in.ts'
import { HelioxError } from '../errors.ts'
import { admit } from './admit.ts'
import { redirectUri } from './begin-sso.ts'
import type { Flow } from './flow.ts'
import type { Provider } from './providers/provider.ts'

/**
 * Ends a sign-in with the answer that the browser brought back: checks that it answers this browser's question, asks the
 * provider who it is, finds or makes the user, and starts a session.
 *
 * @throws HelioxError invalid `sso.expired`, `sso.wrong_state`, `sso.wrong_issuer` · those of `admit` · what `refusalOf`
 *   makes of the library's errors
 */
export async function completeSso(asking: Asking, provider: Provider, flow: Flow | null): Promise<SignedIn> {
  if (!flow) throw new HelioxError('invalid', 'sso.expired', 'This sign-in took over ten minutes, or has ended before')
  const parameters = new URL(asking.request.url).searchParams
  if (flow.provider !== provider.id || !isSameSecret(parameters.get('state') ?? '', flow.state))
    throw new HelioxError('invalid', 'sso.wrong_state', 'This answer is to a sign-in of another browser')
  const question = { ...flow, now: asking.now, redirectUri: redirectUri(asking, provider.id) }
  const person = await provider.hear(parameters, question)
  await ensureSettingsAdmin(asking)
  const userId = await admit(asking, provider.id, person)
  const signedIn = await startSession(asking, userId, 'browser')
  asking.log.info('auth.signed_in', { userId, kind: 'browser', provider: provider.id })
  return signedIn
}
