import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { channels } from '../../db/schema/channels.ts'
import { teams } from '../../db/schema/teams.ts'
import type { ChannelId, TeamId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import { seal } from '../seal.ts'
import { Channel, type ChannelScope, channelOf, channelRow, notedOf } from './channel.ts'
import { checkedChannel } from './channel-fields.ts'
import type { NewChannel } from './channel-input.ts'

/** A channel as its maker sees it once. */
export const WrittenChannel = Channel.extend({
  signingKey: z
    .string()
    .nullable()
    .describe('The key that signs messages, where Heliox has made one just now: it is never shown again'),
})
export type WrittenChannel = z.output<typeof WrittenChannel>

/**
 * Sets up a channel. Its secrets are sealed at once.
 *
 * @throws HelioxError conflict `channels.name_taken`; not_found `teams.no_team`
 * @throws HelioxError invalid `request.invalid`, `channels.address_refused`, `channels.no_mail`
 */
export async function createChannel(scope: ChannelScope, input: NewChannel): Promise<WrittenChannel> {
  allow(scope, 'channels:write')
  const { kind, name, teamId, isEnabled } = input
  const { config, secrets, place, made } = checkedChannel(scope.settings, kind, input)
  const [createdAtMs, changedAtMs] = [scope.now(), scope.now()]
  return writeTransaction(scope.db, async (tx) => {
    await requireFreeName(tx, name)
    if (teamId !== null) await requireTeamRow(tx, teamId)
    const row = { name, kind, teamId, isEnabled, createdAtMs, changedAtMs, config: JSON.stringify({ place, config }) }
    const [stored] = await tx.insert(channels).values(row).returning({ id: channels.id })
    if (!stored) throw new Error('no channel was stored')
    const sealed = await seal(scope.settings.secretKey, stored.id, secrets) // bound to the id, so known only now
    await tx.update(channels).set({ secrets: sealed }).where(eq(channels.id, stored.id))
    const after = notedOf(await channelRow(tx, scope, stored.id))
    await note(tx, scope, { action: 'channels.create', targetId: stored.id, target: name, before: null, after })
    return { ...(await channelOf(tx, scope, stored.id)), signingKey: made.signingKey ?? null }
  })
}

/** @throws HelioxError conflict `channels.name_taken` */
export async function requireFreeName(tx: Tx, name: string, own?: ChannelId): Promise<void> {
  const [other] = await tx
    .select({ id: channels.id })
    .from(channels)
    .where(sql`lower(${channels.name}) = lower(${name})`)
  if (!other || other.id === own) return
  const details = ['name: there is another channel of this name']
  throw new HelioxError('conflict', 'channels.name_taken', `There is already a channel called ${name}`, { details })
}

/** @throws HelioxError not_found `teams.no_team` */
async function requireTeamRow(tx: Tx, id: TeamId): Promise<void> {
  const [team] = await tx.select({ id: teams.id }).from(teams).where(eq(teams.id, id))
  if (!team) throw new HelioxError('not_found', 'teams.no_team', `There is no team ${id}`)
}
