import * as oauth from 'oauth4webapi'
import { HelioxError } from '../../errors.ts'
import type { SsoClient } from '../settings.ts'
import type { Question } from './provider.ts'

const TIMEOUT_MS = 10_000
/** Our clock and the provider's may differ by so much. */
const TOLERANCE_SECONDS = 30

/** How every provider is asked: it has ten seconds for each answer. Silence is a refusal with a code of its own. */
export const WEB = {
  signal: () => AbortSignal.timeout(TIMEOUT_MS),
  [oauth.customFetch]: async (address: string, init: object): Promise<Response> => {
    try {
      return await fetch(address, init)
    } catch (cause) {
      throw new HelioxError('unavailable', 'sso.provider_unreachable', 'The provider does not answer', { cause })
    }
  },
}

/** An answer that is not of the kind it should be. */
export function badAnswer(message: string): HelioxError {
  return new HelioxError('unavailable', 'sso.bad_answer', message)
}

/** This application, in the request's time. */
export function clientOf({ clientId }: SsoClient, { now }: Pick<Question, 'now'>): oauth.Client {
  return {
    client_id: clientId,
    [oauth.clockSkew]: Math.round((now() - Date.now()) / 1000),
    [oauth.clockTolerance]: TOLERANCE_SECONDS,
  }
}

/** How the application proves itself: the standard's default unless the provider takes only the other; PKCE alone without a secret. */
export function clientAuth({ clientSecret }: SsoClient, methods: readonly string[] = ['client_secret_basic']) {
  if (!clientSecret) return oauth.None()
  return methods.includes('client_secret_basic')
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret)
}

/**
 * Checks whose answer the browser brings back (`state`, and `iss` against mix-ups, RFC 9207), then changes its code for
 * tokens.
 *
 * @throws HelioxError invalid `sso.wrong_issuer`
 */
export async function tokensFor(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  parameters: URLSearchParams,
  { state, redirectUri, verifier }: Question,
  options: oauth.TokenEndpointRequestOptions,
): Promise<Response> {
  const checked = checkedAnswer(server, client, parameters, state)
  return oauth.authorizationCodeGrantRequest(server, client, auth, checked, redirectUri, verifier, options)
}

function checkedAnswer(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  parameters: URLSearchParams,
  state: string,
): URLSearchParams {
  try {
    return oauth.validateAuthResponse(server, client, parameters, state)
  } catch (cause) {
    if (cause instanceof oauth.AuthorizationResponseError) throw cause
    throw new HelioxError('invalid', 'sso.wrong_issuer', 'This answer is not from the provider that was asked', {
      cause,
    })
  }
}
