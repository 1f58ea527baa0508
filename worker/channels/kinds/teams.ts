import { z } from 'zod'
import type { Message } from '../../deliveries/message.ts'
import { maskedUrl, SecretUrl } from './fields.ts'
import { channelKind } from './kind.ts'
import { cut, headline, look, unlinked } from './words.ts'

const Config = z.object({})
const Secrets = z.object({
  url: SecretUrl.meta({
    ...{ title: 'Webhook address', examples: ['https://prod-1.westeurope.logic.azure.com/workflows/…'] },
    description: 'Of a workflow that starts “When a Teams webhook request is received”.',
  }),
})

/** What a workflow posts may have about 28 KB (learn.microsoft.com/connectors/teams, known issues: message size limit). */
const MOST_BYTES = 28_000
const MOST_FACTS = 50
const COLOURS = { good: 'Good', info: 'Default', warning: 'Warning', critical: 'Attention' } as const

/**
 * Microsoft Teams by a workflow ("When a Teams webhook request is received"): a message with one Adaptive Card of version
 * 1.4, the form that workflows take (learn.microsoft.com/connectors/teams, Microsoft Teams Webhook). Accepted is 202 to our
 * knowledge, or 200 where the flow answers itself: any 2xx is taken for an arrival.
 */
export const teams = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'teams',
  label: 'Microsoft Teams',
  describes: 'A chat or channel in Microsoft Teams, by a workflow.',
  takesDigests: true,
  config: Config,
  secrets: Secrets,
  place: (_config, { url }) => maskedUrl(url),
  request: async ({ secrets }, message, { link }) => ({
    by: 'http',
    url: secrets.url,
    headers: { 'content-type': 'application/json' },
    body: bodyOf(message, link),
  }),
})

function bodyOf(message: Message, link: string | null): string {
  for (let most = MOST_FACTS; ; most = Math.floor(most / 2)) {
    const body = JSON.stringify(cardOf(message, link, most))
    if (most === 0 || new TextEncoder().encode(body).length <= MOST_BYTES) return body
  }
}

function cardOf(message: Message, link: string | null, mostFacts: number): object {
  const facts = message.facts.slice(0, mostFacts).map(({ name, value }) => ({
    ...{ title: unlinked(cut(name, 100)), value: unlinked(cut(value, 400)) },
  }))
  const words = (text: string, more: object) => ({ type: 'TextBlock', text: unlinked(text), wrap: true, ...more })
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      words(cut(headline(message), 300), { weight: 'Bolder', size: 'Medium', color: COLOURS[look(message)] }),
      ...(message.text ? [words(cut(message.text, 4000), {})] : []),
      ...(facts.length > 0 ? [{ type: 'FactSet', facts }] : []),
    ],
    ...(link ? { actions: [{ type: 'Action.OpenUrl', title: 'Open in Heliox', url: link }] } : {}),
  }
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }
  return { type: 'message', attachments: [attachment] }
}
