import { z } from 'zod'
import type { Message } from '../../deliveries/message.ts'
import { maskedUrl, SecretUrl } from './fields.ts'
import { channelKind } from './kind.ts'
import { cut, headline, look, unlinked } from './words.ts'

const Config = z.object({})
const Secrets = z.object({
  url: SecretUrl.meta({
    ...{ title: 'Webhook address', examples: ['https://discord.com/api/webhooks/…/…'] },
    description: 'Under Integrations in the settings of the channel.',
  }),
})

/*
 * Limits of an embed: title 256 characters, description 4096, 25 fields with names of 256 and values of 1024, footer 2048,
 * and 6000 together (discord.com/developers/docs/resources/message#embed-object-embed-limits).
 */
const TITLE = 256
const TEXT = 2000
const FIELDS = 25
const NAME = 100
const VALUE = 1024
const ALL = 5900

const COLOURS = { good: 0x2e7d32, info: 0x3566b8, warning: 0xb26a00, critical: 0xb3261e } as const

/**
 * Discord's webhooks: one embed, and no mention is ever made of anybody
 * (discord.com/developers/docs/resources/webhook#execute-webhook). Accepted is 204, and 429 comes with Retry-After, to our
 * knowledge: any 2xx is taken for an arrival.
 */
export const discord = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'discord',
  label: 'Discord',
  describes: 'A channel in Discord, by a webhook.',
  takesDigests: true,
  config: Config,
  secrets: Secrets,
  place: (_config, { url }) => maskedUrl(url),
  request: async ({ secrets }, message, { link }) => ({
    by: 'http',
    url: secrets.url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ embeds: [embedOf(message, link)], allowed_mentions: { parse: [] } }),
  }),
})

function embedOf(message: Message, link: string | null): object {
  const title = cut(headline(message), TITLE)
  const description = cut(unlinked(message.text), TEXT)
  let left = ALL - title.length - description.length
  const fields = message.facts.slice(0, FIELDS).flatMap((fact) => {
    const [name, value] = [cut(unlinked(fact.name), NAME) || '–', cut(unlinked(fact.value), VALUE) || '–']
    left -= name.length + value.length
    return left < 0 ? [] : [{ name, value, inline: true }]
  })
  return {
    title,
    ...(description ? { description } : {}),
    ...(link ? { url: link } : {}),
    color: COLOURS[look(message)],
    fields,
    timestamp: new Date(message.atMs).toISOString(),
  }
}
