import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { note } from '../audit/note.ts'
import { sha256Hex } from '../auth/digest.ts'
import { HelioxError } from '../errors.ts'
import { allow, requireTeam, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { keyOf, type ShownKey } from './key.ts'
import type { NewKey } from './key-input.ts'
import { newKeyText, prefixOf } from './key-text.ts'
import { requireFittingScopes, requireNotAbove } from './rank.ts'

/**
 * Makes an API key and answers it: the only time that it is seen. A key without a team is for administrators to make.
 *
 * @throws HelioxError forbidden `auth.other_team`, `auth.whole_company`, `keys.outranks`
 * @throws HelioxError invalid `keys.admin_of_a_team`, `keys.expiry_past`
 * @throws HelioxError not_found `teams.no_team`
 */
export async function createKey(scope: Scope, input: z.output<typeof NewKey>): Promise<ShownKey> {
  allow(scope, 'keys:write')
  const {
    name,
    scopes,
    teamId = null,
    models = null,
    rpm = null,
    tpm = null,
    expiresAt = null,
    monthlyLimitUsd = null,
  } = input
  if (teamId === null) requireWholeCompany(scope, 'A key without a team')
  else requireTeam(scope, teamId)
  requireFittingScopes({ teamId, scopes })
  requireFuture(scope, expiresAt)
  const powers = { teamId, scopes, models, rpm, tpm, monthlyLimitNanoUsd: monthlyLimitUsd, expiresAtMs: expiresAt }
  const key = newKeyText()
  return writeTransaction(scope.db, async (tx) => {
    await requireNotAbove(tx, scope, powers)
    const teamName = teamId === null ? null : await nameOf(tx, teamId)
    const row = {
      ...{ ...powers, name, prefix: prefixOf(key), keyHash: sha256Hex(key) },
      ...{ scopes: JSON.stringify(scopes), models: models && JSON.stringify(models) },
      ...{ createdAtMs: scope.now(), createdBy: scope.actor.userId },
    }
    const [made] = await tx.insert(apiKeys).values(row).returning({ id: apiKeys.id })
    if (!made) throw new Error('no key was stored')
    const after = { name, prefix: prefixOf(key), teamName, ...powers }
    await note(tx, scope, { action: 'keys.create', targetId: made.id, target: name, before: null, after })
    return { ...(await keyOf(tx, scope, made.id)), key }
  })
}

/** @throws HelioxError invalid `keys.expiry_past` */
export function requireFuture({ now }: Pick<Scope, 'now'>, expiresAtMs: EpochMs | null): void {
  if (expiresAtMs === null || expiresAtMs > now()) return
  const message = 'The expiry must be in the future'
  throw new HelioxError('invalid', 'keys.expiry_past', message, { details: ['expires_at: must be in the future'] })
}

async function nameOf(tx: Tx, teamId: TeamId): Promise<string> {
  const [team] = await tx.select({ name: teams.name }).from(teams).where(eq(teams.id, teamId))
  if (!team) throw new HelioxError('not_found', 'teams.no_team', `There is no team ${teamId}`)
  return team.name
}
