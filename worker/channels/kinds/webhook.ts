import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { maskedUrl, SecretUrl, SecretWord } from './fields.ts'
import { channelKind } from './kind.ts'

const Config = z.object({})
const Secrets = z.object({
  url: SecretUrl.meta({ title: 'Address', examples: ['https://example.com/heliox'] }),
  signingKey: SecretWord.min(16, 'must have at least 16 characters')
    .optional()
    .meta({ title: 'Signing key', description: 'Left empty, Heliox makes one and shows it once.' }),
})

/**
 * Any server: a POST of JSON, signed. `x-heliox-signature: sha256=…` is the hexadecimal HMAC-SHA-256, under the signing
 * key, of `x-heliox-timestamp` (seconds since 1970, of this attempt), a dot and the body as it was sent.
 * `x-heliox-delivery` stays the same at every attempt. Any 2xx is taken for an arrival.
 */
export const webhook = channelKind<z.output<typeof Config>, z.output<typeof Secrets>>({
  id: 'webhook',
  label: 'The server',
  describes: 'Any server that takes JSON. Every message is signed.',
  takesDigests: true,
  config: Config,
  secrets: Secrets,
  makes: ['signingKey'],
  place: (_config, { url }) => maskedUrl(url),
  request: async ({ secrets }, message, { id, nowMs, link }) => {
    const { kind, severity, title, text, facts, incident, atMs } = message
    const at = new Date(atMs).toISOString()
    const body = JSON.stringify({ id, kind, severity, title, text, facts, incident, url: link, at })
    const timestamp = String(Math.floor(nowMs / 1000))
    return {
      ...{ by: 'http', url: secrets.url, body },
      headers: {
        'content-type': 'application/json',
        'x-heliox-delivery': id,
        'x-heliox-timestamp': timestamp,
        'x-heliox-signature': signature(secrets.signingKey ?? '', timestamp, body),
      },
    }
  },
})

/** What a receiver works out as well, and compares. */
export function signature(key: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`
}
