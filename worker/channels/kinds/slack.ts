import { z } from 'zod'
import type { Message } from '../../deliveries/message.ts'
import { maskedUrl, SecretUrl } from './fields.ts'
import { channelKind } from './kind.ts'
import { cut, headline, plainText } from './words.ts'

const Config = z.object({})
const Secrets = z.object({
  url: SecretUrl.meta({
    ...{ title: 'Webhook address', examples: ['https://hooks.slack.com/services/T…/B…/…'] },
    description: 'Of an app with Incoming Webhooks, or of a server that reads Slack’s form, such as Mattermost.',
  }),
})

/*
 * Limits of Block Kit: a header has 150 characters, the text of a section 3000, a section 10 fields of 2000, a message 50
 * blocks (docs.slack.dev/reference/block-kit/blocks, header-block and section-block).
 */
const HEADER = 150
const TEXT = 3000
const FIELDS = 10
const FIELD = 2000
const MOST_SECTIONS = 45

/**
 * Slack's incoming webhooks: JSON with `blocks`, and `text` for notifications and readers that show none. Accepted is 200
 * with the body `ok` (docs.slack.dev/tools/python-slack-sdk/webhook), 429 comes with Retry-After
 * (docs.slack.dev/apis/web-api/rate-limits). Refusals are one word such as `no_service`, to our knowledge.
 */
export const slack = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'slack',
  label: 'Slack',
  describes: 'A channel in Slack, by an incoming webhook.',
  takesDigests: true,
  config: Config,
  secrets: Secrets,
  place: (_config, { url }) => maskedUrl(url),
  request: async ({ secrets }, message, { link }) => ({
    by: 'http',
    url: secrets.url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      text: escaped(cut(`${headline(message)}\n${plainText(message, null)}`, TEXT)),
      blocks: blocksOf(message, link),
      unfurl_links: false,
    }),
  }),
  reason: (body) => (/^[a-z_]{3,60}$/.test(body.trim()) ? body.trim().replaceAll('_', ' ') : ''),
})

function blocksOf(message: Message, link: string | null): object[] {
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
  const fields = message.facts.map(({ name, value }) => ({
    ...{ type: 'mrkdwn', text: cut(`*${escaped(cut(name, 200))}*\n${escaped(value)}`, FIELD) },
  }))
  const tables = Array.from({ length: Math.ceil(fields.length / FIELDS) }, (_, n) => ({
    ...{ type: 'section', fields: fields.slice(n * FIELDS, (n + 1) * FIELDS) },
  }))
  return [
    { type: 'header', text: { type: 'plain_text', text: cut(headline(message), HEADER), emoji: false } },
    ...(message.text ? [section(cut(escaped(message.text), TEXT))] : []),
    ...tables.slice(0, MOST_SECTIONS),
    ...(link ? [section(`<${link}|Open in Heliox>`)] : []),
  ]
}

/** As mrkdwn wants it; without it a name such as `<!channel>` would call everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
