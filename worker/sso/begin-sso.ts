import { generateRandomCodeVerifier, generateRandomNonce, generateRandomState } from 'oauth4webapi'
import type { Asking } from '../asking.ts'
import { giveFlow } from './flow.ts'
import type { Provider, Secrets } from './providers/provider.ts'
import { returnPath } from './return-path.ts'

/**
 * Begins a sign-in: the address at the provider, with a new state, nonce and PKCE verifier, which the browser keeps in
 * a cookie until it is back.
 *
 * @throws HelioxError unavailable `sso.provider_unreachable`, and what `refusalOf` makes of the library's errors
 */
export async function beginSso(asking: Asking, provider: Provider, returnTo: string | undefined): Promise<URL> {
  const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()]
  const secrets: Secrets = { state, nonce, verifier }
  const { now } = asking
  const address = await provider.ask({ ...secrets, now, redirectUri: redirectUri(asking, provider.id) })
  await giveFlow(asking, { ...secrets, provider: provider.id, returnTo: returnPath(returnTo) })
  return address
}

/** What has to be registered with the provider: the same origin that the browser sees. */
export function redirectUri({ request }: Pick<Asking, 'request'>, providerId: string): string {
  return new URL(`/api/v1/auth/sso/${providerId}/callback`, request.url).href
}
