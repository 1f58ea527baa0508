import type { z } from 'zod'
import type { SourceKind } from '../../db/schema/sources.ts'
import { HelioxError } from '../errors.ts'
import { importerOf } from '../ingest/importers/index.ts'
import { type Reach, requireReachable } from './fetch-outside.ts'
import { kindOf } from './kinds/index.ts'
import type { NewSource } from './source-input.ts'

export type Secrets = Record<string, string>
type Config = z.output<typeof NewSource>['config']

/**
 * What a kind's own rules make of its config: every field, with the defaults filled in.
 * @throws HelioxError invalid `request.invalid`, a line per field: "config -> bucket: is missing"
 */
export function checkedConfig(kind: SourceKind, config: Config): Config {
  return checkedFields(kindOf(kind).config, 'config', config) as Config
}

/** The same for its secrets. No value of them stands in a refusal. */
export function checkedSecrets(kind: SourceKind, secrets: Secrets): Secrets {
  return checkedFields(kindOf(kind).secrets, 'secrets', secrets) as Secrets
}

/** The format that a source is read as. @throws HelioxError invalid `ingest.unknown_format` */
export function checkedFormat(kind: SourceKind, format: string): string {
  const own = kindOf(kind).format
  if (own !== null) return own
  if (format !== 'auto') importerOf(format)
  return format
}

/**
 * The given fields by a kind's schema; what it has no field for is refused as well. No given value stands in a refusal. A
 * door: channels have kinds too.
 *
 * @throws HelioxError invalid `request.invalid`
 */
export function checkedFields(
  schema: z.ZodType & { shape: Record<string, z.ZodType> },
  part: string,
  given: object,
): unknown {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const unknown = Object.keys(given).filter((name) => !(name in schema.shape))
  const known = Object.keys(schema.shape).map(snake).join(', ')
  const result = schema.safeParse(given)
  const details = [
    ...unknown.map((name) => `${part} -> ${snake(name).slice(0, 60)}: there is no such field; known: ${known}`),
    ...(result.success ? [] : result.error.issues).map(
      ({ path, message }) => `${part} -> ${snake(path.join('.'))}: ${message}`,
    ),
  ]
  if (details.length === 0 && result.success) return result.data
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  throw new HelioxError('invalid', 'request.invalid', `Invalid request: ${details[0]}${more}`, { details })
}

/** Without those that are null or empty: what is to be kept of new secrets. */
export function givenSecrets(secrets: Readonly<Record<string, string | null>>): Secrets {
  return Object.fromEntries(Object.entries(secrets).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

/** What is kept once these are given over those: null forgets, '' and absent keep. */
export function mergedSecrets(kept: Secrets, given: Readonly<Record<string, string | null>>): Secrets {
  const left = Object.entries(kept).filter(([name]) => given[name] !== null)
  return { ...Object.fromEntries(left), ...givenSecrets(given) }
}

/**
 * What the deployment would not let a source ask is refused as soon as it is entered; `fetchOutside` looks again, at every hop.
 * @throws HelioxError invalid `sources.address_refused`
 */
export function requireAllowed(reach: Reach, config: Config): void {
  for (const field of ['url', 'endpoint']) {
    const url = URL.parse(String(config[field] ?? ''))
    if (url) requireReachable(reach, url, `config -> ${field}`)
  }
}

/**
 * Kept secrets stay with the server that they were given for: whoever points a source elsewhere enters them again, or
 * they could be read there.
 *
 * @throws HelioxError invalid `sources.secrets_again`
 */
export function requireSameServer(
  before: Config,
  after: Config,
  kept: Secrets,
  given: Readonly<Record<string, string | null>>,
): void {
  const serverOf = ({ url, endpoint }: Config) => URL.parse(String(url ?? endpoint ?? ''))?.origin ?? ''
  const stays = Object.keys(kept).some((name) => !given[name] && given[name] !== null)
  if (!stays || serverOf(before) === serverOf(after)) return
  const details = Object.keys(kept).map(
    (name) => `secrets -> ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}: is needed again`,
  )
  const message = 'The secrets were given for another server: enter them again'
  throw new HelioxError('invalid', 'sources.secrets_again', message, { details })
}
