import { z } from 'zod'
import manifest from '../package.json' with { type: 'json' }
import { isGuessable } from './auth/new-password.ts'
import { HelioxError } from './errors.ts'
import type { LogLevel } from './log.ts'
import { checkSso, SSO_ENVIRONMENT, type SsoSettings, ssoSettings } from './sso/settings.ts'

/** The part of Cloudflare's send_email binding that is used (developers.cloudflare.com/email-service). */
export type MailBinding = {
  send: (mail: {
    from: string | { email: string; name: string }
    to: string[]
    subject: string
    text: string
    html: string
    headers: Record<string, string>
  }) => Promise<unknown>
}

/** What a deployment may set; see the README's table. */
export type Settings = {
  environment: 'development' | 'staging' | 'production'
  databaseUrl: string
  databaseAuthToken: string
  secretKey: string
  adminApiKey: string
  admin: { email: string; password: string } | null
  allowRegistration: boolean
  accessTokenExpireMinutes: number
  corsOrigins: readonly string[]
  logLevel: LogLevel
  maxUploadBytes: number
  /** Of a file that is sent in parts. */
  maxKeptBytes: number
  /** At which hour (UTC) sources are pulled. */
  ingestHourUtc: number
  /** Whether sources may be on private, loopback and link-local addresses. */
  allowPrivateSources: boolean
  /** Whether backends of the gateway may be there, and be asked without TLS. */
  allowPrivateBackends: boolean
  /** Whether channels may tell servers there, and without TLS. */
  allowPrivateChannels: boolean
  /** Where people reach this deployment, without a / at its end; '': nobody has said, so messages carry no links. */
  publicUrl: string
  /** Sends e-mails (a send_email binding named EMAIL); null: this deployment has none. */
  mail: MailBinding | null
  /** What a scraper of /metrics sends to be told amounts of money; '': nobody is told. */
  metricsToken: string
  /** Whether the model `echo` is there, which asks nobody. */
  hasEcho: boolean
  /** Longest that a call of the gateway may last; who has not ended by then counts as cut off. */
  longestCallMs: number
  sso: SsoSettings
  /** Which deployment of the code this is; where the host does not say, the version of the package. */
  deployment: string
}

const Flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1')
const WEAK = /^(change|secret|password|admin|test|default|example)|^(.)\2*$/i

const Environment = z
  .object({
    ENV: z.enum(['development', 'staging', 'production']).default('production'),
    DATABASE_URL: z.string().regex(/^(https?|libsql|wss?):\/\//, 'must be an address such as libsql://… or http://…'),
    DATABASE_AUTH_TOKEN: z.string().default(''),
    SECRET_KEY: z.string().min(32, 'must have at least 32 characters'),
    ADMIN_API_KEY: z.string().min(16, 'must have at least 16 characters'),
    ADMIN_EMAIL: z.string().default(''),
    ADMIN_PASSWORD: z.string().default(''),
    ALLOW_REGISTRATION: Flag.optional(),
    ACCESS_TOKEN_EXPIRE_MINUTES: z.coerce.number().positive().max(1440).default(30),
    CORS_ORIGINS: z.string().default('[]'),
    LOG_LEVEL: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['debug', 'info', 'warn', 'error']))
      .default('info'),
    MAX_UPLOAD_MB: z.coerce.number().positive().max(10_000).default(100),
    MAX_LARGE_UPLOAD_MB: z.coerce.number().positive().max(100_000).default(10_000),
    INGEST_CRON_HOUR_UTC: z.coerce.number().int().min(0).max(23).default(2),
    ALLOW_PRIVATE_SOURCES: Flag.optional(),
    ALLOW_PRIVATE_BACKENDS: Flag.optional(),
    ALLOW_PRIVATE_CHANNELS: Flag.optional(),
    PUBLIC_URL: z
      .string()
      .trim()
      .regex(/^(https?:\/\/[^\s?#@]+)?$/, 'must be an address such as https://heliox.example.com')
      .transform((text) => text.replace(/\/+$/, ''))
      .default(''),
    METRICS_TOKEN: z
      .string()
      .regex(/^(.{16,})?$/, 'must have at least 16 characters')
      .default(''),
    EMAIL: z.custom<MailBinding>((given) => typeof (given as Partial<MailBinding>)?.send === 'function').optional(),
    ECHO_BACKEND: Flag.optional(),
    LONGEST_CALL_SECONDS: z.coerce.number().positive().max(86_400).default(900),
    ...SSO_ENVIRONMENT,
    DEPLOYMENT: z.object({ id: z.string() }).optional(), // a binding, see wrangler.toml
  })
  .superRefine((env, context) => {
    const fail = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
    if (env.ENV !== 'development')
      for (const name of ['SECRET_KEY', 'ADMIN_API_KEY'] as const)
        if (WEAK.test(env[name])) fail(name, 'is a placeholder or one repeated character: make a random one')
    if (env.ADMIN_EMAIL && !z.email().safeParse(env.ADMIN_EMAIL.trim()).success)
      fail('ADMIN_EMAIL', 'is not an e-mail address')
    if (env.ADMIN_EMAIL && env.ADMIN_PASSWORD.length < 8) fail('ADMIN_PASSWORD', 'must have at least 8 characters')
    else if (env.ENV !== 'development' && env.ADMIN_EMAIL && isGuessable(env.ADMIN_PASSWORD))
      fail('ADMIN_PASSWORD', 'is one of those that are guessed first: make a random one')
    const origins = z.array(z.string()).safeParse(jsonOrNull(env.CORS_ORIGINS))
    if (!origins.success) fail('CORS_ORIGINS', 'must be a JSON list such as ["https://app.example"]')
    else if (env.ENV === 'production' && origins.data.some((origin) => origin === '*' || /\/\/localhost/.test(origin)))
      fail('CORS_ORIGINS', 'may name neither * nor localhost in production')
    checkSso(env, fail)
  })

const parsed = new WeakMap<object, Settings>()

/**
 * The settings, checked once per isolate. Fails closed: a missing or weak secret stops every request.
 *
 * @throws HelioxError unavailable `settings.invalid` with one line per setting that is wrong (never its value)
 */
export function settingsOf(bindings: object): Settings {
  const known = parsed.get(bindings)
  if (known) return known
  const result = Environment.safeParse(bindings)
  if (!result.success) {
    const details = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new HelioxError('unavailable', 'settings.invalid', 'Heliox is not configured', { details })
  }
  const env = result.data
  const settings: Settings = {
    environment: env.ENV,
    databaseUrl: env.DATABASE_URL,
    databaseAuthToken: env.DATABASE_AUTH_TOKEN,
    secretKey: env.SECRET_KEY,
    adminApiKey: env.ADMIN_API_KEY,
    admin: env.ADMIN_EMAIL ? { email: env.ADMIN_EMAIL, password: env.ADMIN_PASSWORD } : null,
    allowRegistration: env.ALLOW_REGISTRATION ?? env.ENV === 'development',
    accessTokenExpireMinutes: env.ACCESS_TOKEN_EXPIRE_MINUTES,
    corsOrigins: jsonOrNull(env.CORS_ORIGINS) as string[],
    logLevel: env.LOG_LEVEL,
    maxUploadBytes: env.MAX_UPLOAD_MB * 1024 * 1024,
    maxKeptBytes: env.MAX_LARGE_UPLOAD_MB * 1024 * 1024,
    ingestHourUtc: env.INGEST_CRON_HOUR_UTC,
    allowPrivateSources: env.ALLOW_PRIVATE_SOURCES ?? env.ENV === 'development',
    allowPrivateBackends: env.ALLOW_PRIVATE_BACKENDS ?? env.ENV === 'development',
    allowPrivateChannels: env.ALLOW_PRIVATE_CHANNELS ?? env.ENV === 'development',
    publicUrl: env.PUBLIC_URL,
    mail: env.EMAIL ?? null,
    hasEcho: env.ECHO_BACKEND ?? env.ENV === 'development',
    metricsToken: env.METRICS_TOKEN,
    longestCallMs: env.LONGEST_CALL_SECONDS * 1000,
    sso: ssoSettings(env),
    deployment: env.DEPLOYMENT?.id || manifest.version,
  }
  parsed.set(bindings, settings)
  return settings
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
