import { and, asc, count, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { channels } from '../../db/schema/channels.ts'
import { teams } from '../../db/schema/teams.ts'
import { type ChannelId, idText, type TeamId } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import type { Settings } from '../env.ts'
import { HelioxError } from '../errors.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { sealedNames } from '../seal.ts'
import { versionOf } from '../versions.ts'
import { KIND_IDS, type KindId } from './kinds/index.ts'

/** What this room needs of the deployment. */
export type ChannelSettings = Pick<
  Settings,
  'secretKey' | 'allowPrivateChannels' | 'environment' | 'publicUrl' | 'mail'
>
export type ChannelScope = Scope & { settings: ChannelSettings }
export type ChannelRow = typeof channels.$inferSelect

/** What `channels.config` holds: the kind's own fields, and the words for its place, which cannot be read from secrets later. */
type Stored = { place: string; config: Record<string, string | number | boolean> }

const whole = () => z.number().int()

/** Where Heliox tells people. Of its secrets only the names of those that are kept. */
export const Channel = z.object({
  id: AnsweredId('chan'),
  name: z.string().meta({ examples: ['#gpu-costs'] }),
  kind: z.enum(KIND_IDS),
  teamId: AnsweredId('team').nullable().describe('Null: the whole company’s'),
  teamName: z.string().nullable(),
  place: z
    .string()
    .describe('Where it tells people; of secret addresses only the host and the end')
    .meta({ examples: ['https://hooks.slack.com/…x3Kq'] }),
  config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe('What its kind needs to know'),
  keptSecrets: z.array(z.string()).describe('Names of the secrets that are kept; they are never shown'),
  isEnabled: z.boolean(),
  createdAtMs: Instant,
  changedAtMs: Instant,
  waitingCount: whole().describe('Messages that are on their way'),
  deadCount: whole().describe('Messages that were given up and are kept'),
  version: Version,
})
export type Channel = z.output<typeof Channel>

type Reader = Pick<Db, 'select' | 'all'>

/** Channels that the actor sees: of their teams; the company's only who sees the whole company. */
export function visibleChannels(scope: Pick<Scope, 'actor'>): SQL | undefined {
  const own = visibleTeams(scope)
  return own === null ? undefined : inArray(channels.teamId, [...own])
}

/** @throws HelioxError not_found `channels.no_channel`, for another team's as for one that never was */
export async function channelRow(
  reader: Pick<Db, 'select'>,
  scope: Pick<Scope, 'actor'>,
  id: ChannelId,
): Promise<ChannelRow> {
  const [row] = await reader
    .select()
    .from(channels)
    .where(and(eq(channels.id, id), visibleChannels(scope)))
  if (!row) throw noChannel(id)
  return row
}

/** @throws HelioxError not_found `channels.no_channel` */
export async function channelOf(reader: Reader, scope: Pick<Scope, 'actor'>, id: ChannelId): Promise<Channel> {
  const [channel] = await selectChannels(reader, scope, eq(channels.id, id))
  if (!channel) throw noChannel(id)
  return channel
}

function noChannel(id: ChannelId): HelioxError {
  return new HelioxError('not_found', 'channels.no_channel', `There is no channel ${id}`)
}

/** Visible channels by name. */
export async function selectChannels(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  where?: SQL,
  page: { skip: number; limit: number } = { skip: 0, limit: 1 },
): Promise<Channel[]> {
  const rows = await reader
    .select({ row: channels, teamName: teams.name })
    .from(channels)
    .leftJoin(teams, eq(teams.id, channels.teamId))
    .where(and(where, visibleChannels(scope)))
    .orderBy(asc(sql`lower(${channels.name})`), asc(channels.id))
    .limit(page.limit)
    .offset(page.skip)
  const open = await openCounts(reader)
  return rows.map(({ row, teamName }) => {
    const { waiting = 0, dead = 0 } = open.get(row.id) ?? {}
    return {
      ...factsOf(row),
      ...{ teamName, changedAtMs: row.changedAtMs, waitingCount: waiting, deadCount: dead },
      version: versionOf(decidedOf(row)),
    }
  })
}

export async function countChannels(db: Db, scope: Pick<Scope, 'actor'>): Promise<number> {
  const [all] = await db
    .select({ total: count().mapWith(Number) })
    .from(channels)
    .where(visibleChannels(scope))
  return all?.total ?? 0
}

/** Messages that wait or were given up, by channel: along the index of what is due. */
async function openCounts(reader: Pick<Db, 'all'>): Promise<Map<ChannelId, { waiting: number; dead: number }>> {
  const rows = await reader.all<{ channel: bigint; waiting: bigint; dead: bigint }>(sql`
    select channel_id as channel, sum(status <> 'dead') as waiting, sum(status = 'dead') as dead
    from deliveries indexed by deliveries_due_idx where status in ('queued', 'sending', 'dead') group by channel_id`)
  return new Map(
    rows.map(({ channel, waiting, dead }) => [
      idText('chan', channel),
      { waiting: Number(waiting), dead: Number(dead) },
    ]),
  )
}

/** What people decide about a channel, as answers and the audit log name it: no secret. */
export function factsOf(row: ChannelRow) {
  const { id, name, kind, teamId, isEnabled, createdAtMs } = row
  const { place, config } = storedOf(row)
  const keptSecrets = sealedNames(row.secrets)
  return {
    id,
    name,
    kind: kind as KindId,
    teamId: teamId as TeamId | null,
    place,
    config,
    keptSecrets,
    isEnabled,
    createdAtMs,
  }
}

/** What the audit log keeps of them: names of secrets, never their values. */
export function notedOf(row: ChannelRow) {
  const { id, createdAtMs, ...facts } = factsOf(row)
  return facts
}

/** The version of a row as answers carry it. */
export function decidedOf(row: ChannelRow): object {
  return { ...factsOf(row), sealed: row.secrets }
}

export function storedOf({ config }: Pick<ChannelRow, 'config'>): Stored {
  return JSON.parse(config) as Stored
}
