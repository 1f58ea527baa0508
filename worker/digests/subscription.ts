import { and, asc, count, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db, Tx } from '../../db/client.ts'
import { channels, digestChannels, digests } from '../../db/schema/channels.ts'
import { teams } from '../../db/schema/teams.ts'
import type { ChannelId, DigestId } from '../../db/units/ids.ts'
import { DIGEST_PERIODS } from '../../db/units/insight.ts'
import { AnsweredDay, AnsweredId, Instant, Version } from '../answer-fields.ts'
import { channelRow, visibleChannels } from '../channels/channel.ts'
import { kindOf } from '../channels/kinds/index.ts'
import { HelioxError } from '../errors.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { versionOf } from '../versions.ts'

/** A digest that is sent every day or week. */
export const Subscription = z.object({
  id: AnsweredId('dig'),
  name: z.string(),
  period: z.enum(DIGEST_PERIODS),
  teamId: AnsweredId('team').nullable().describe('Null: the whole company'),
  teamName: z.string().nullable(),
  hourUtc: z.number().int(),
  channels: z.array(z.object({ id: AnsweredId('chan'), name: z.string() })).describe('Those that the asker may see'),
  isEnabled: z.boolean(),
  createdAtMs: Instant,
  lastSentFor: AnsweredDay.nullable().describe('The last day of the last period that was sent; null: none yet'),
  version: Version,
})
export type Subscription = z.output<typeof Subscription>

type Reader = Pick<Db, 'select'>

/** Visible subscriptions by name: of the actor's teams; the company's only for who sees the whole company. */
export async function selectDigests(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  where?: SQL,
  page: { skip: number; limit: number } = { skip: 0, limit: 1 },
): Promise<Subscription[]> {
  const rows = await reader
    .select({ row: digests, teamName: teams.name })
    .from(digests)
    .leftJoin(teams, eq(teams.id, digests.teamId))
    .where(and(where, ofVisibleTeams(scope, digests.teamId)))
    .orderBy(asc(sql`lower(${digests.name})`), asc(digests.id))
    .limit(page.limit)
    .offset(page.skip)
  const ids = rows.map(({ row }) => row.id)
  const goesTo = await reader
    .select({ digestId: digestChannels.digestId, id: channels.id, name: channels.name })
    .from(digestChannels)
    .innerJoin(channels, eq(channels.id, digestChannels.channelId))
    .where(and(inArray(digestChannels.digestId, ids), visibleChannels(scope)))
    .orderBy(asc(channels.id))
  return rows.map(({ row, teamName }) => {
    const own = goesTo.filter(({ digestId }) => digestId === row.id).map(({ id, name }) => ({ id, name }))
    const { lastSentFor, ...decided } = row
    return { ...row, teamName, channels: own, version: versionOf({ ...decided, channels: own.map(({ id }) => id) }) }
  })
}

/** @throws HelioxError not_found `digests.no_digest`, for another team's as for one that never was */
export async function readDigest(reader: Reader, scope: Pick<Scope, 'actor'>, id: DigestId): Promise<Subscription> {
  const [found] = await selectDigests(reader, scope, eq(digests.id, id))
  if (!found) throw new HelioxError('not_found', 'digests.no_digest', `There is no digest ${id}`)
  return found
}

export async function countDigests(db: Db, scope: Pick<Scope, 'actor'>): Promise<number> {
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(digests)
    .where(ofVisibleTeams(scope, digests.teamId))
  return all?.total ?? 0
}

/** What the audit log keeps. */
export function notedOf({ name, period, teamId, hourUtc, channels: goesTo, isEnabled }: Subscription) {
  return { name, period, teamId, hourUtc, channelIds: goesTo.map(({ id }) => id), isEnabled }
}

/**
 * Takes the place of the channels it went to. Channels that the actor does not see stay as they are.
 *
 * @throws HelioxError not_found `channels.no_channel`; invalid `digests.other_team`, `digests.no_digests_there`
 */
export async function storeChannels(
  tx: Tx,
  scope: Pick<Scope, 'actor'>,
  { id, teamId }: Pick<Subscription, 'id' | 'teamId'>,
  channelIds: readonly ChannelId[],
): Promise<void> {
  for (const channelId of channelIds) {
    const channel = await channelRow(tx, scope, channelId)
    const refuse = (code: string, message: string) => {
      throw new HelioxError('invalid', `digests.${code}`, message, { details: [`channel_ids: ${message}`] })
    }
    if (channel.teamId !== null && channel.teamId !== teamId)
      refuse('other_team', `${channel.name} is another team’s: it would be told what is not its own`)
    if (!kindOf(channel.kind).takesDigests) refuse('no_digests_there', `${channel.name} takes no digests`)
  }
  const seen = tx.select({ id: channels.id }).from(channels).where(visibleChannels(scope))
  const gone = visibleTeams(scope) === null ? undefined : inArray(digestChannels.channelId, seen)
  await tx.delete(digestChannels).where(and(eq(digestChannels.digestId, id), gone))
  if (channelIds.length > 0)
    await tx
      .insert(digestChannels)
      .values(channelIds.map((channelId) => ({ digestId: id, channelId })))
      .onConflictDoNothing()
}
