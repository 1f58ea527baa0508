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
  if (!isSameSecret(key, settings.adminApiKey))
    throw new HelioxError('unauthenticated', 'auth.invalid_api_key', 'Invalid API key')
  return machine('admin key')
}
