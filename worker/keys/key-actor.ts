import { and, eq, gt, isNull, or } from 'drizzle-orm'
import { apiKeys, type KeyScope } from '../../db/schema/keys.ts'
import type { Asking } from '../asking.ts'
import { adminKeyActor, invalidApiKey } from '../auth/admin-key.ts'
import { isSameSecret, sha256Hex } from '../auth/digest.ts'
import { type Actor, machine } from '../scope.ts'
import { countRequest } from './count-request.ts'
import { DEFAULT_RPM } from './key.ts'
import { isKeyText } from './key-text.ts'

const USED_WITHIN_MS = 60_000

/**
 * Who holds a key: the deployment's admin key, or an API key within its limit of requests. A door: whoever reads
 * credentials calls it. A key of a team is a developer of that team, a key without one an administrator; both only
 * within their scopes. Unknown, expired and revoked keys are refused in the same words.
 *
 * @throws HelioxError unauthenticated `auth.invalid_api_key`; limit_reached `keys.rate_limited`
 */
export async function keyActor(asking: Asking, text: string): Promise<Actor> {
  if (isSameSecret(text, asking.settings.adminApiKey) || !isKeyText(text)) return adminKeyActor(asking, text)
  const key = await liveKey(asking, text)
  if (!key) throw invalidApiKey()
  const { id, name, teamId, scopes, rpm, usedAtMs } = key
  await countRequest(asking, { keyId: id, limit: rpm ?? DEFAULT_RPM })
  const nowMs = asking.now()
  if (usedAtMs === null || nowMs - usedAtMs >= USED_WITHIN_MS)
    await asking.db.update(apiKeys).set({ usedAtMs: nowMs }).where(eq(apiKeys.id, id))
  return holderOf({ id, name, teamId, scopes })
}

/** Who holds a key that is known to be good. A door, for what goes on after its request. */
export function holderOf({
  id,
  name,
  teamId,
  scopes,
}: Pick<typeof apiKeys.$inferSelect, 'id' | 'name' | 'teamId' | 'scopes'>): Actor {
  const keyScopes = JSON.parse(scopes) as KeyScope[]
  return {
    ...machine(name),
    ...{ keyId: id, keyScopes },
    ...(teamId === null ? {} : { role: 'developer', teamIds: [teamId] }),
  }
}

/** The key with that text, or with that text until its last rotation's grace is over; neither revoked nor expired. */
async function liveKey({ db, now }: Pick<Asking, 'db' | 'now'>, text: string) {
  const hash = sha256Hex(text)
  const { id, name, teamId, scopes, rpm, usedAtMs } = apiKeys
  const [key] = await db
    .select({ id, name, teamId, scopes, rpm, usedAtMs })
    .from(apiKeys)
    .where(
      and(
        or(eq(apiKeys.keyHash, hash), and(eq(apiKeys.previousKeyHash, hash), gt(apiKeys.previousExpiresAtMs, now()))),
        isNull(apiKeys.revokedAtMs),
        or(isNull(apiKeys.expiresAtMs), gt(apiKeys.expiresAtMs, now())),
      ),
    )
  return key
}
