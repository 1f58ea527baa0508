import { and, count, desc, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { apiKeys } from '../../db/schema/keys.ts'
import type { KeyId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { IdText, Paging } from '../input-fields.ts'
import { allow, requireTeam, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Key, keyOf, selectKeys, visibleKeys } from './key.ts'

/** Revoked keys are left out unless asked for. */
export const KeysAsked = z.object({
  ...Paging,
  teamId: IdText('team').optional(),
  includeRevoked: z
    .union([z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')])
    .default(false),
})

export const KeyPage = PageOf('keys', Key)

/**
 * API keys, the newest first. Developers see those of their teams.
 * @throws HelioxError forbidden `auth.other_team`
 */
export async function listKeys(scope: Scope, asked: z.output<typeof KeysAsked>): Promise<z.output<typeof KeyPage>> {
  allow(scope, 'keys:read')
  const { skip, limit, teamId, includeRevoked } = asked
  if (teamId) requireTeam(scope, teamId)
  const where = and(
    teamId ? eq(apiKeys.teamId, teamId) : undefined,
    includeRevoked ? undefined : isNull(apiKeys.revokedAtMs),
  )
  const keys = await selectKeys(scope.db, scope, where, { orderBy: desc(apiKeys.id), skip, limit })
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(apiKeys)
    .where(and(visibleKeys(scope), where))
  return pageOf('keys', keys, all?.total ?? 0, { skip, limit }, visibleTeams(scope) !== null)
}

/** One API key, revoked or not. @throws HelioxError not_found `keys.no_key` */
export async function oneKey(scope: Scope, { id }: { id: KeyId }): Promise<Key> {
  allow(scope, 'keys:read')
  return keyOf(scope.db, scope, id)
}
