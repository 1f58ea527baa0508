import { SSO_ENVIRONMENT } from '../sso/settings.ts'

/** The settings of a local run that the Worker does not see. */
export const SETTINGS = {
  /** NaN: what was set is no port. */
  port: /^\d{1,5}$/.test(process.env.PORT ?? '8787') ? Number(process.env.PORT ?? 8787) : Number.NaN,
  dataDir: process.env.HELIOX_DATA_DIR ?? '.heliox',
  wantsDemo: (process.env.HELIOX_DEMO ?? '1') !== '0',
  /** Of `npm run serve`, which has no Miniflare; null: `npm start`. */
  serve:
    process.env.HELIOX_SERVE === '1'
      ? { host: process.env.HOST ?? '127.0.0.1', isBehindProxy: process.env.BEHIND_PROXY === '1' }
      : null,
}

const FOR_THE_WORKER = [
  ...['DATABASE_URL', 'DATABASE_AUTH_TOKEN', 'SECRET_KEY', 'ADMIN_API_KEY', 'ADMIN_EMAIL', 'ADMIN_PASSWORD'],
  ...['ALLOW_REGISTRATION', 'ACCESS_TOKEN_EXPIRE_MINUTES', 'CORS_ORIGINS', 'ENV', 'LOG_LEVEL', 'MAX_UPLOAD_MB'],
  ...['MAX_LARGE_UPLOAD_MB', 'INGEST_CRON_HOUR_UTC', 'ALLOW_PRIVATE_SOURCES', 'ALLOW_PRIVATE_BACKENDS', 'ECHO_BACKEND'],
  ...['LONGEST_CALL_SECONDS', 'ALLOW_PRIVATE_CHANNELS', 'PUBLIC_URL', 'METRICS_TOKEN'],
  ...Object.keys(SSO_ENVIRONMENT),
]

/** The settings that the Worker reads, from the environment of a local run. */
export function settingsIn(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    FOR_THE_WORKER.flatMap((name) => {
      const value = environment[name]
      return value ? [[name, value]] : []
    }),
  )
}
