import { discord } from './discord.ts'
import { email } from './email.ts'
import type { ChannelKind } from './kind.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'
import { webhook } from './webhook.ts'

/** Their ids, as channels name them. */
export const KIND_IDS = ['slack', 'email', 'webhook', 'teams', 'discord', 'pagerduty'] as const
export type KindId = (typeof KIND_IDS)[number]

/** The list of kinds, in the order in which the page offers them. */
export const KINDS: readonly ChannelKind[] = [slack, email, webhook, teams, discord, pagerduty]

/** What people choose a kind by, where the label is made for sentences. */
export const KIND_NAMES: Readonly<Record<KindId, string>> = {
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
