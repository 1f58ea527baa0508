import { randomBytes } from 'node:crypto'
import { HelioxError } from '../errors.ts'
import { addressRefusal, isInside } from '../outside-address.ts'
import { checkedFields, givenSecrets, mergedSecrets } from '../sources/source-fields.ts'
import type { ChannelSettings } from './channel.ts'
import { type KindId, kindOf } from './kinds/index.ts'

export type Config = Record<string, string | number | boolean>
export type Secrets = Record<string, string>
type Given = Readonly<Record<string, string | null>>

/** A channel's fields as they will be stored. */
export type Checked = {
  config: Config
  secrets: Secrets
  place: string
  /** Secrets that were made just now, to be told once. */
  made: Secrets
}

/**
 * What the kind's own rules make of its fields: defaults filled in, secrets that it makes by itself made. `kept` are the
 * secrets it had; null takes one away, or makes it anew.
 *
 * @throws HelioxError invalid `request.invalid` with a line per field (never a value of a secret), `channels.address_refused`,
 *   `channels.no_mail`
 */
export function checkedChannel(
  settings: ChannelSettings,
  kind: KindId,
  { config: givenConfig, secrets: given, kept = {} }: { config: Config; secrets: Given; kept?: Secrets },
): Checked {
  const { config: fields, secrets: secretFields, makes = [], problem, place } = kindOf(kind)
  const config = checkedFields(fields, 'config', givenConfig) as Config
  const merged = mergedSecrets(kept, given)
  const made = Object.fromEntries(makes.filter((name) => !merged[name]).map((name) => [name, newSecret()]))
  const secrets = checkedFields(secretFields, 'secrets', { ...merged, ...givenSecrets(made) }) as Secrets
  const wrong = problem?.(config as never, secrets as never) ?? null
  if (wrong !== null)
    throw new HelioxError('invalid', 'request.invalid', `Invalid request: ${wrong}`, { details: [wrong] })
  if (config.provider === 'binding' && !settings.mail)
    throw fieldRefusal('no_mail', 'config -> provider', 'This deployment cannot send e-mail by itself: bind EMAIL')
  requireReachable(settings, config, secrets)
  return { config, secrets, place: place(config as never, secrets as never), made }
}

/** Why a server is not told, in words without its address; null: it is. Outside of development it is asked over https. */
export function channelAddressRefusal(
  { allowPrivateChannels, environment }: Pick<ChannelSettings, 'allowPrivateChannels' | 'environment'>,
  address: string,
): string | null {
  const url = URL.parse(address)
  if (!url) return 'is no address such as https://example.com/heliox'
  const why = addressRefusal(url, { allowsInside: allowPrivateChannels, setting: 'ALLOW_PRIVATE_CHANNELS' })
  const isPlain = url.protocol === 'http:' && environment !== 'development' && !isInside(url.hostname)
  return why ?? (isPlain ? 'must be told over https' : null)
}

function requireReachable(settings: ChannelSettings, config: Config, secrets: Secrets): void {
  const addresses = [
    ['secrets -> url', secrets.url],
    ['config -> endpoint', config.endpoint],
  ] as const
  for (const [field, address] of addresses) {
    const why = address ? channelAddressRefusal(settings, String(address)) : null
    if (why !== null) throw fieldRefusal('address_refused', field, `The address ${why}`)
  }
}

/**
 * Kept secrets stay with whom they were given to: whoever sends elsewhere enters them again, or they could be read there.
 *
 * @throws HelioxError invalid `channels.secrets_again`
 */
export function requireSameServer(kind: KindId, before: Config, after: Config, kept: Secrets, given: Given): void {
  const { server } = kindOf(kind)
  const stays = Object.keys(kept).filter((name) => !given[name] && given[name] !== null)
  if (!server || stays.length === 0 || server(before as never) === server(after as never)) return
  const details = stays.map(
    (name) => `secrets -> ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}: is needed again`,
  )
  const message = 'The secrets were given for another service: enter them again'
  throw new HelioxError('invalid', 'channels.secrets_again', message, { details })
}

function fieldRefusal(code: string, field: string, message: string): HelioxError {
  return new HelioxError('invalid', `channels.${code}`, message, { details: [`${field}: ${message}`] })
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`
}
