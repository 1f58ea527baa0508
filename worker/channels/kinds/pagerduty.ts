import { z } from 'zod'
import type { Message } from '../../deliveries/message.ts'
import { SecretWord } from './fields.ts'
import { channelKind } from './kind.ts'
import { cut } from './words.ts'

const HOSTS = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' } as const

const Config = z.object({
  region: z.enum(['us', 'eu']).default('us').meta({ title: 'Region', description: 'Where the account is served.' }),
})
const Secrets = z.object({
  routingKey: SecretWord.regex(/^[0-9a-zA-Z]{32}$/, 'has 32 letters and digits').meta({
    ...{ title: 'Integration key', description: 'Of an Events API v2 integration of the service.' },
  }),
})

/**
 * The longest summary and dedup_key, as other clients have them (docs.influxdata.com, pagerduty.sendEvent; kestra.io, its
 * PagerDuty plugin): PagerDuty's own schema names no lengths.
 */
const SUMMARY = 1024
const DEDUP_KEY = 255

const ACTIONS = {
  fired: 'trigger',
  again: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
  digest: 'trigger',
  test: 'trigger',
} as const satisfies Record<Message['kind'], string>

/**
 * PagerDuty's Events API v2: an alert triggers, is acknowledged and resolves under one `dedup_key`, its incident, so that
 * a repetition opens nothing twice. Accepted is 202; 400 says what is wrong with the event, 429 and 5xx want another try
 * (github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json).
 */
export const pagerduty = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'pagerduty',
  label: 'PagerDuty',
  describes: 'An incident in PagerDuty for each alert. Takes no digests.',
  takesDigests: false,
  config: Config,
  secrets: Secrets,
  server: ({ region }) => region,
  place: ({ region }, { routingKey }) => `PagerDuty (${region.toUpperCase()}), key …${routingKey.slice(-4)}`,
  request: async ({ config, secrets }, message, { id, link }) => ({
    by: 'http',
    url: `${HOSTS[config.region]}/v2/enqueue`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      routing_key: secrets.routingKey,
      event_action: ACTIONS[message.kind],
      dedup_key: cut(message.incident || id, DEDUP_KEY),
      payload: {
        summary: cut(message.title, SUMMARY),
        source: 'Heliox',
        severity: message.severity,
        timestamp: new Date(message.atMs).toISOString(),
        custom_details: {
          ...Object.fromEntries(message.facts.map(({ name, value }) => [cut(name, 200), cut(value, 1000)])),
          ...(message.text ? { text: cut(message.text, 4000) } : {}),
        },
      },
      client: 'Heliox',
      ...(link ? { client_url: link, links: [{ href: link, text: 'Open in Heliox' }] } : {}),
    }),
  }),
  accepts: ({ status }) => status === 202,
  reason: reasonOf,
})

/** The errors of a refused event: "Length of 'routing_key' is incorrect". */
function reasonOf(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: unknown }
    return Array.isArray(errors) ? errors.filter((one) => typeof one === 'string').join('; ') : ''
  } catch {
    return ''
  }
}
