import { eq } from 'drizzle-orm'
import { writeTransaction } from '../../db/client.ts'
import { channels } from '../../db/schema/channels.ts'
import type { ChannelId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import { seal, unseal } from '../seal.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { type ChannelRow, type ChannelScope, channelOf, channelRow, decidedOf, notedOf, storedOf } from './channel.ts'
import { checkedChannel, requireSameServer } from './channel-fields.ts'
import type { ChannelChanges } from './channel-input.ts'
import { requireFreeName, type WrittenChannel } from './create-channel.ts'
import { type KindId, kindOf } from './kinds/index.ts'

/**
 * Changes what is given and leaves the rest; secrets that are not named are kept. `config` is given whole.
 *
 * @throws HelioxError not_found `channels.no_channel`; precondition `request.version_changed`; conflict `channels.name_taken`
 * @throws HelioxError invalid `request.invalid`, `channels.address_refused`, `channels.no_mail`, `channels.secrets_again`,
 *   `secrets.unreadable`
 */
export async function updateChannel(
  scope: ChannelScope,
  { id, version, ...input }: ChannelChanges & { id: ChannelId },
): Promise<WrittenChannel> {
  allow(scope, 'channels:write')
  return writeTransaction(scope.db, async (tx) => {
    const row = await channelRow(tx, scope, id)
    requireVersion(decidedOf(row), version)
    const { name = row.name, isEnabled = row.isEnabled } = input
    if (name !== row.name) await requireFreeName(tx, name, id)
    const { made, ...fields } = await fieldsAnew(scope, row, input)
    await tx
      .update(channels)
      .set({ name, isEnabled, ...fields })
      .where(eq(channels.id, id))
    const changed = await channelRow(tx, scope, id)
    if (isChanged(decidedOf(row), decidedOf(changed))) {
      await tx.update(channels).set({ changedAtMs: scope.now() }).where(eq(channels.id, id))
      const after = { ...notedOf(changed), ...(row.secrets === changed.secrets ? {} : { secrets: 'changed' }) }
      await note(tx, scope, { action: 'channels.update', targetId: id, target: name, before: notedOf(row), after })
    }
    return { ...(await channelOf(tx, scope, id)), signingKey: made.signingKey ?? null }
  })
}

/** Its config and secrets once these are given; the same text where nothing about them changes. */
async function fieldsAnew({ settings }: ChannelScope, row: ChannelRow, input: Omit<ChannelChanges, 'version'>) {
  const kind = row.kind as KindId
  const given = input.secrets ?? {}
  const before = storedOf(row).config
  const isSecretGiven = Object.values(given).some((value) => value !== '')
  if (!isSecretGiven && (input.config === undefined || !isChanged(before, input.config)))
    return { config: row.config, secrets: row.secrets, made: {} as Record<string, string> }
  // All of them anew: also where SECRET_KEY has changed and the old ones cannot be read.
  const needsOld = Object.keys(kindOf(kind).secrets.shape).some(
    (name) => given[name] === undefined || given[name] === '',
  )
  const kept = needsOld ? await unseal(settings.secretKey, row.id, row.secrets) : {}
  const checked = checkedChannel(settings, kind, { config: input.config ?? before, secrets: given, kept })
  requireSameServer(kind, before, checked.config, kept, given)
  const { config, secrets, place, made } = checked
  return {
    config: JSON.stringify({ place, config }),
    secrets: isChanged(kept, secrets) ? await seal(settings.secretKey, row.id, secrets) : row.secrets,
    made,
  }
}
