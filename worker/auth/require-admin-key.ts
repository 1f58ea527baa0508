import { type Asking, scopeAs } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { adminKeyActor } from './admin-key.ts'

/**
 * The scope of the documented admin paths, which take the admin key in `X-API-Key` and nothing else. A door: the rooms
 * with such paths call it before they read anything.
 *
 * @throws HelioxError unauthenticated `auth.missing_api_key`, `auth.invalid_api_key`
 */
export async function adminKeyScope(asking: Asking): Promise<Scope> {
  const key = asking.request.headers.get('x-api-key')
  if (!key) throw new HelioxError('unauthenticated', 'auth.missing_api_key', 'Missing X-API-Key header')
  return scopeAs(asking, adminKeyActor(asking, key))
}
