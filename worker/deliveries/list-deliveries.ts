import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { channels, deliveries } from '../../db/schema/channels.ts'
import type { Id } from '../../db/units/ids.ts'
import { DELIVERY_STATUSES, SEVERITIES } from '../../db/units/insight.ts'
import { AnsweredId, Instant, PageOf, pageOf } from '../answer-fields.ts'
import { visibleChannels } from '../channels/channel.ts'
import { KIND_IDS, type KindId } from '../channels/kinds/index.ts'
import { HelioxError } from '../errors.ts'
import { IdText, Paging } from '../input-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Message, readMessage, UNREADABLE } from './message.ts'

/** A message on its way to a channel, or what became of it. */
export const Delivery = z.object({
  id: AnsweredId('dlv'),
  channelId: AnsweredId('chan'),
  channelName: z.string(),
  channelKind: z.enum(KIND_IDS),
  kind: Message.shape.kind,
  severity: z.enum(SEVERITIES),
  title: z.string(),
  href: z.string().describe('Where to look, on the page'),
  status: z
    .enum(DELIVERY_STATUSES)
    .describe('queued: it waits for its next attempt; sending; sent: the receiver took it; dead: it was given up'),
  attempts: z.number().int(),
  nextAttemptAtMs: Instant.nullable().describe('Where it waits'),
  lastError: z.string().describe('Of the last attempt that failed; empty once it has arrived'),
  createdAtMs: Instant,
  sentAtMs: Instant.nullable(),
})
export type Delivery = z.output<typeof Delivery>
export const DeliveryPage = PageOf('deliveries', Delivery)

export const DeliveriesAsked = z.object({
  ...Paging,
  channelId: IdText('chan').optional(),
  status: z.enum(DELIVERY_STATUSES).optional(),
})

/** Messages of visible channels: those that were given up first, then the newest. */
export async function listDeliveries(
  scope: Scope,
  { channelId, status, ...page }: z.output<typeof DeliveriesAsked>,
): Promise<z.output<typeof DeliveryPage>> {
  allow(scope, 'channels:read')
  const where = and(
    visibleChannels(scope),
    channelId && eq(deliveries.channelId, channelId),
    status && eq(deliveries.status, status),
  )
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(deliveries)
    .innerJoin(channels, eq(channels.id, deliveries.channelId))
    .where(where)
  const rows = await selectDeliveries(scope, where, page)
  return pageOf('deliveries', rows, all?.total ?? 0, page, visibleTeams(scope) !== null)
}

/** @throws HelioxError not_found `deliveries.no_delivery`, for another team's as for one that never was */
export async function oneDelivery(scope: Scope, { id }: { id: Id<'dlv'> }): Promise<Delivery> {
  allow(scope, 'channels:read')
  const [one] = await selectDeliveries(scope, and(eq(deliveries.id, id), visibleChannels(scope)), { skip: 0, limit: 1 })
  if (!one) throw new HelioxError('not_found', 'deliveries.no_delivery', `There is no delivery ${id}`)
  return one
}

async function selectDeliveries(
  { db }: Pick<Scope, 'db'>,
  where: SQL | undefined,
  page: { skip: number; limit: number },
): Promise<Delivery[]> {
  const rows = await db
    .select({ row: deliveries, channelName: channels.name, channelKind: channels.kind })
    .from(deliveries)
    .innerJoin(channels, eq(channels.id, deliveries.channelId))
    .where(where)
    .orderBy(sql`${deliveries.status} = 'dead' desc`, desc(deliveries.id))
    .limit(page.limit)
    .offset(page.skip)
  return rows.map(({ row, channelName, channelKind }) => {
    const { id, channelId, status, attempts, nextAttemptAtMs, lastError, createdAtMs, sentAtMs } = row
    const { kind, severity, title, href } = readMessage(row.message) ?? UNREADABLE
    return {
      ...{ id, channelId, channelName, channelKind: channelKind as KindId, kind, severity, title, href, status },
      ...{ attempts, nextAttemptAtMs: status === 'queued' ? nextAttemptAtMs : null, lastError, createdAtMs, sentAtMs },
    }
  })
}
