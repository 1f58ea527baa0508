import { type Asking, scopeAs } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { keyActor } from '../keys/key-actor.ts'
import type { Scope } from '../scope.ts'

/**
 * The scope of the documented admin paths, which take the admin key, or an API key with the scope `admin`, in
 * `X-API-Key` and nothing else. A door: the rooms with such paths call it before they read anything.
 *
 * @throws HelioxError unauthenticated `auth.missing_api_key`, `auth.invalid_api_key`; forbidden `auth.key_scope`
 * @throws HelioxError limit_reached `keys.rate_limited`
 */
export async function adminKeyScope(asking: Asking): Promise<Scope> {
  const key = asking.request.headers.get('x-api-key')
  if (!key) throw new HelioxError('unauthenticated', 'auth.missing_api_key', 'Missing X-API-Key header')
  const actor = await keyActor(asking, key)
  if (actor.keyScopes && !actor.keyScopes.includes('admin'))
    throw new HelioxError('forbidden', 'auth.key_scope', 'This needs an API key with the scope admin')
  return scopeAs(asking, actor)
}
