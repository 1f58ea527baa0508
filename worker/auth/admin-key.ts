import type { Asking } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { type Actor, machine } from '../scope.ts'
import { isSameSecret } from './digest.ts'

/**
 * Who holds the deployment's admin key: an administrator without an account. Compared in constant time.
 *
 * @throws HelioxError unauthenticated `auth.invalid_api_key`
 */
export function adminKeyActor({ settings }: Pick<Asking, 'settings'>, key: string): Actor {
  if (!isSameSecret(key, settings.adminApiKey)) throw invalidApiKey()
  return machine('admin key')
}

/** The one sentence for every key that is not, or no longer, good: unknown, revoked, expired. */
export function invalidApiKey(): HelioxError {
  return new HelioxError('unauthenticated', 'auth.invalid_api_key', 'Invalid API key')
}
