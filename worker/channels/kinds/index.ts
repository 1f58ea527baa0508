import { CHANNEL_KINDS, type ChannelKindId } from '../../../db/units/channel-kinds.ts'
import { discord } from './discord.ts'
import { email } from './email.ts'
import type { ChannelKind } from './kind.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { webhook } from './webhook.ts'

export { CHANNEL_KINDS as KIND_IDS, type ChannelKindId as KindId }

/** The list of kinds, in the order in which the page offers them. */
export const KINDS: readonly ChannelKind[] = [slack, email, webhook, teams, discord, pagerduty]

/** What people choose a kind by, where the label is made for sentences. */
export const KIND_NAMES: Readonly<Record<ChannelKindId, string>> = {
  slack: 'Slack',
  email: 'E-mail',
  webhook: 'Webhook',
  teams: 'Microsoft Teams',
  discord: 'Discord',
  pagerduty: 'PagerDuty',
}

/** @throws Error for an id that no kind has */
export function kindOf(id: string): ChannelKind {
  const kind = KINDS.find((one) => one.id === id)
  if (!kind) throw new Error(`no kind ${id}`)
  return kind
}
