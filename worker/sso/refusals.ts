import * as oauth from 'oauth4webapi'
import { expected, HelioxError } from '../errors.ts'

/** Every reason why a sign-in elsewhere ends without one here. The sign-in page has the words for each. */
export const SSO_REFUSALS = [
  'sso.unknown_provider', // no such provider is set up
  'sso.provider_unreachable', // it does not answer, or not within ten seconds
  'sso.provider_refused', // it answered with an error: usually a setting here or there is wrong
  'sso.bad_answer', // its answer does not hold: signature, audience, times, or no answer of its kind at all
  'sso.cancelled', // the person said no there
  'sso.expired', // over ten minutes ago, or this answer was brought before
  'sso.wrong_state', // the answer to another browser's question
  'sso.wrong_issuer', // another provider's answer
  'sso.wrong_nonce', // a token for another question
  'sso.no_email', // it told no address
  'sso.unverified_email', // it has not seen that the address is the person's
  'sso.foreign_domain', // an address outside SSO_DOMAINS
  'sso.registration_closed', // nobody here has this address, and no domain is open
  'auth.disabled', // an administrator has disabled the account
] as const

export type SsoRefusal = (typeof SSO_REFUSALS)[number]

/** Whatever went wrong with the provider or on the way to it, as the refusal it is; null for a bug. */
export function refusalOf(error: unknown): HelioxError | null {
  const known = expected(error)
  if (known) return known
  const refused = (code: SsoRefusal, message: string) => new HelioxError('invalid', code, message, { cause: error })
  const said = saidBy(error)
  if (said === 'access_denied') return refused('sso.cancelled', 'The provider says that the sign-in was cancelled')
  if (said === 'invalid_grant' || said === 'bad_verification_code')
    return refused('sso.expired', 'The provider does not take this code, or not any more')
  if (said !== null) return refused('sso.provider_refused', 'The provider answered with an error')
  if (error instanceof oauth.OperationProcessingError) {
    const { claim } = (error.cause ?? {}) as { claim?: unknown }
    if (claim === 'nonce') return refused('sso.wrong_nonce', 'The token was made for another sign-in')
    if (FALLEN.has(error.code)) return refused('sso.provider_unreachable', 'The provider does not answer as it should')
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
    return refused('sso.bad_answer', 'The answer of the provider does not hold')
  return null
}

/** What a proxy before a fallen provider answers. */
const FALLEN = new Set<string | undefined>([oauth.RESPONSE_IS_NOT_CONFORM, oauth.RESPONSE_IS_NOT_JSON])

/** What to write into the log about a refusal: the provider's own words, which help whoever set it up. Never a code or token. */
export function reasonOf(refusal: HelioxError): string {
  const cause = refusal.cause ?? refusal
  return [String(cause), saidBy(cause) ?? ''].join(' ').trim().slice(0, 300)
}

/** The `error` of OAuth 2.0 that a provider sent; GitHub sends it with status 200. */
function saidBy(error: unknown): string | null {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) return error.error
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return error.cause.map(({ parameters }) => parameters.error).find(Boolean) ?? 'unauthorized'
  if (!(error instanceof oauth.OperationProcessingError)) return null
  const { body } = (error.cause ?? {}) as { body?: { error?: unknown } }
  return typeof body?.error === 'string' ? body.error : null
}
