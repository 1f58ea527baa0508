import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { alertRuleChannels } from '../../db/schema/alerts.ts'
import { channels } from '../../db/schema/channels.ts'
import type { AlertRuleId, ChannelId, TeamId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import { channelsOf, seesChannel } from './alert-rule.ts'

/**
 * Gives a rule these channels: those of its own team or of the company, among those that the actor sees. Channels of it
 * that the actor does not see stay.
 *
 * @throws HelioxError invalid `alerts.no_channel`, for one that is not there as for another team's
 */
export async function setChannels(
  tx: Tx,
  scope: Pick<Scope, 'actor'>,
  rule: { id: AlertRuleId; teamId: TeamId | null },
  given: readonly ChannelId[],
): Promise<ChannelId[]> {
  const ids = [...new Set(given)]
  const found = ids.length === 0 ? [] : await tx.select().from(channels).where(inArray(channels.id, ids))
  const allowed = found.filter((one) => (one.teamId === null || one.teamId === rule.teamId) && seesChannel(scope, one))
  const missing = ids.filter((id) => !allowed.some((one) => one.id === id))
  if (missing.length > 0) {
    const details = missing.map((id) => `channel_ids: there is no channel ${id} for this rule`)
    throw new HelioxError('invalid', 'alerts.no_channel', `There is no channel ${missing.join(', ')} for this rule`, {
      details,
    })
  }
  const before = await channelsOf(tx, rule.id)
  const gone = before.filter((one) => seesChannel(scope, one) && !ids.includes(one.id)).map(({ id }) => id)
  const added = ids.filter((id) => !before.some((one) => one.id === id))
  if (gone.length > 0)
    await tx
      .delete(alertRuleChannels)
      .where(and(eq(alertRuleChannels.ruleId, rule.id), inArray(alertRuleChannels.channelId, gone)))
  if (added.length > 0)
    await tx.insert(alertRuleChannels).values(added.map((channelId) => ({ ruleId: rule.id, channelId })))
  return (await channelsOf(tx, rule.id)).map(({ id }) => id)
}
