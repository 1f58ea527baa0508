import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { digests } from '../../db/schema/channels.ts'
import type { DigestId, TeamId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { allow, requireTeam, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readTeam } from '../teams/team.ts'
import { isChanged, requireVersionOf } from '../versions.ts'
import type { DigestChanges, NewDigest } from './digest-input.ts'
import { notedOf, readDigest, type Subscription, storeChannels } from './subscription.ts'

/**
 * Subscribes channels to a digest: the first is of the period that ends next.
 *
 * @throws HelioxError forbidden `auth.other_team`, `auth.whole_company`; not_found `teams.no_team`, `channels.no_channel`
 * @throws HelioxError invalid `digests.other_team`, `digests.no_digests_there`
 */
export async function createDigest(scope: Scope, { channelIds, ...input }: NewDigest): Promise<Subscription> {
  allow(scope, 'alerts:write')
  requireOwn(scope, input.teamId)
  return writeTransaction(scope.db, async (tx) => {
    if (input.teamId) await readTeam(tx, scope, input.teamId)
    const [made] = await tx
      .insert(digests)
      .values({ ...input, createdAtMs: scope.now() })
      .returning({ id: digests.id })
    if (!made) throw new Error('no digest was stored')
    await storeChannels(tx, scope, { id: made.id, teamId: input.teamId }, channelIds)
    const stored = await readDigest(tx, scope, made.id)
    const noted = { before: null, after: notedOf(stored) }
    await note(tx, scope, { action: 'digests.create', targetId: made.id, target: input.name, ...noted })
    return stored
  })
}

/**
 * Changes what is given; channels are given whole.
 *
 * @throws HelioxError not_found `digests.no_digest`, `channels.no_channel`; precondition `request.version_changed`
 * @throws HelioxError invalid `digests.other_team`, `digests.no_digests_there`
 */
export async function updateDigest(
  scope: Scope,
  { id, version, channelIds, ...input }: DigestChanges & { id: DigestId },
): Promise<Subscription> {
  allow(scope, 'alerts:write')
  return writeTransaction(scope.db, async (tx) => {
    const before = await readDigest(tx, scope, id)
    requireVersionOf(before.version, version)
    const { name = before.name, hourUtc = before.hourUtc, isEnabled = before.isEnabled } = input
    await tx.update(digests).set({ name, hourUtc, isEnabled }).where(eq(digests.id, id))
    if (channelIds) await storeChannels(tx, scope, before, channelIds)
    const after = await readDigest(tx, scope, id)
    if (isChanged(notedOf(before), notedOf(after))) {
      const noted = { before: notedOf(before), after: notedOf(after) }
      await note(tx, scope, { action: 'digests.update', targetId: id, target: name, ...noted })
    }
    return after
  })
}

/** @throws HelioxError not_found `digests.no_digest`; precondition `request.version_changed` */
export async function removeDigest(
  scope: Scope,
  { id, version }: { id: DigestId; version?: string | undefined },
): Promise<void> {
  allow(scope, 'alerts:write')
  await writeTransaction(scope.db, async (tx) => {
    const before = await readDigest(tx, scope, id)
    requireVersionOf(before.version, version)
    await tx.delete(digests).where(eq(digests.id, id))
    const noted = { before: notedOf(before), after: null }
    await note(tx, scope, { action: 'digests.remove', targetId: id, target: before.name, ...noted })
  })
}

function requireOwn(scope: Scope, teamId: TeamId | null): void {
  if (teamId) requireTeam(scope, teamId)
  else requireWholeCompany(scope, 'A digest of the whole company')
}
