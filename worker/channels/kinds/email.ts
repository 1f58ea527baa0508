import { z } from 'zod'
import type { Message } from '../../deliveries/message.ts'
import { isAddress, SecretWord } from './fields.ts'
import { channelKind, type Mail, type Sending } from './kind.ts'
import { MAIL_PROVIDERS } from './mail-providers.ts'
import { cut, headline, html, plainText } from './words.ts'

/**
 * Of one e-mail: Cloudflare takes 50 (developers.cloudflare.com/email-service/platform/limits), Postmark and Resend as many
 * and Mailgun more, to our knowledge.
 */
const MOST_RECEIVERS = 50
const SUBJECT = 200

const Mailbox = z.email('must be an e-mail address')

const Config = z.object({
  provider: z.enum(['binding', 'resend', 'postmark', 'mailgun']).meta({
    title: 'Sent by',
    description: 'binding: Cloudflare, by the send_email binding EMAIL of this deployment. The others need an API key.',
  }),
  from: z
    .string()
    .trim()
    .max(320)
    .refine((text) => Mailbox.safeParse(bare(text)).success, 'must be an e-mail address')
    .meta({ title: 'From', examples: ['Heliox <heliox@example.com>'], description: 'A sender that is allowed there.' }),
  to: z
    .string()
    .max(8000)
    .refine((text) => receivers(text).length > 0, 'is missing')
    .refine((text) => receivers(text).length <= MOST_RECEIVERS, `has more than ${MOST_RECEIVERS} addresses`)
    .refine((text) => receivers(text).every((one) => Mailbox.safeParse(one).success), 'must be e-mail addresses')
    .transform((text) => receivers(text).join(', '))
    .meta({ title: 'To', examples: ['costs@example.com'], description: 'Several are separated by commas.' }),
  domain: z
    .string()
    .trim()
    .max(255)
    .regex(/^[a-z0-9.-]*$/i, 'must be a domain')
    .default('')
    .meta({ title: 'Sending domain', examples: ['mg.example.com'], description: 'Mailgun only.' }),
  endpoint: z
    .string()
    .trim()
    .max(500)
    .refine((text) => text === '' || isAddress(text), 'must be an address such as https://api.eu.mailgun.net')
    .transform((text) => text.replace(/\/+$/, ''))
    .default('')
    .meta({ title: 'Address of the API', description: 'Only where it is another, such as that of a European region.' }),
})
const Secrets = z.object({
  apiKey: SecretWord.optional().meta({ title: 'API key', description: 'Of Resend, Postmark or Mailgun.' }),
})

/**
 * E-mail: by the deployment's own `send_email` binding, or a provider's API. Plain text, and simple HTML with the facts as
 * a table.
 */
export const email = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'email',
  label: 'The mail service',
  describes: 'E-mail, by Cloudflare, Resend, Postmark or Mailgun.',
  takesDigests: true,
  config: Config,
  secrets: Secrets,
  server: ({ provider, endpoint, domain }) => [provider, endpoint, domain].join(' '),
  place: ({ provider, to }) => {
    const [first = '', ...others] = receivers(to)
    const label = providerOf(provider)?.label ?? 'Cloudflare'
    return `${first}${others.length > 0 ? ` and ${others.length} more` : ''}, by ${label}`
  },
  problem: ({ provider, domain }, { apiKey }) => {
    if (provider !== 'binding' && !apiKey) return 'secrets -> api_key: is missing'
    return provider === 'mailgun' && domain === '' ? 'config -> domain: is missing' : null
  },
  request: async ({ config, secrets }, message, sending) => {
    const mail = mailOf(config, message, sending)
    const provider = providerOf(config.provider)
    if (!provider) return { by: 'binding', mail }
    return {
      by: 'http',
      url: `${config.endpoint || provider.endpoint}${provider.path(config)}`,
      headers: provider.headers(secrets.apiKey ?? '', `heliox-${sending.id}-${sending.createdAtMs}`),
      body: provider.body(mail),
    }
  },
  accepts: ({ body }) => MAIL_PROVIDERS.every(({ accepts }) => accepts(body)),
  reason: reasonOf,
})

function providerOf(id: string) {
  return MAIL_PROVIDERS.find((one) => one.id === id)
}

function receivers(text: string): string[] {
  const all = text.split(/[\s,;]+/).filter((part) => part !== '')
  return [...new Set(all)]
}

/** `Heliox <heliox@example.com>` without the name. */
function bare(text: string): string {
  return /^[^<>"\r\n]*<([^<>\s]+)>$/.exec(text)?.[1] ?? text
}

function mailOf({ from, to }: z.output<typeof Config>, message: Message, { id, link }: Sending): Mail {
  return {
    ...{ from, to: receivers(to), subject: cut(headline(message).replace(/\s+/g, ' '), SUBJECT) },
    text: `${headline(message)}\n\n${plainText(message, link)}\n`,
    html: htmlOf(message, link),
    headers: { 'X-Heliox-Delivery': id },
  }
}

const CELL = 'padding:4px 12px 4px 0;border-bottom:1px solid #ddd'

/** No picture, no script, nothing from elsewhere: it looks the same wherever it is read. */
function htmlOf(message: Message, link: string | null): string {
  const rows = message.facts
    .map(
      ({ name, value }) => `<tr><td style="${CELL}">${html(name)}</td>
<td style="${CELL};text-align:right">${html(value)}</td></tr>`,
    )
    .join('\n')
  return [
    '<!doctype html><html><body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#1c1c1c">',
    `<h1 style="font-size:18px">${html(headline(message))}</h1>`,
    message.text ? `<p>${html(message.text).replaceAll('\n', '<br>')}</p>` : '',
    rows ? `<table style="border-collapse:collapse">\n${rows}\n</table>` : '',
    link ? `<p><a href="${html(link)}">Open in Heliox</a></p>` : '',
    '</body></html>',
  ]
    .filter(Boolean)
    .join('\n')
}

/** Resend and Mailgun say `message`, Postmark `Message`. */
function reasonOf(body: string): string {
  try {
    const { message, Message } = JSON.parse(body) as { message?: unknown; Message?: unknown }
    return [message, Message].find((one) => typeof one === 'string') ?? ''
  } catch {
    return ''
  }
}
