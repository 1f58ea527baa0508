/** The kinds of channels, as rows and answers name them. */
export const CHANNEL_KINDS = ['slack', 'email', 'webhook', 'teams', 'discord', 'pagerduty'] as const
export type ChannelKindId = (typeof CHANNEL_KINDS)[number]
