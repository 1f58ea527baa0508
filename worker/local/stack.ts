import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { migrateUp } from '../../db/local/migrate.ts'
import { type LocalDb, startLocalDb } from '../../db/local/server.ts'
import { settingsOf } from '../env.ts'
import { HelioxError, rootCause } from '../errors.ts'
import { type LocalSecrets, localSecrets } from './secrets.ts'
import { startWorkerd } from './workerd/start.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type StackOptions = {
  /** Everything the run writes: the database, the secrets, what Miniflare keeps. */
  dataDir: string
  /** 0 (the default): any free one. */
  port?: number
  /** Settings over those of a local run. */
  vars?: Record<string, string>
  /** FULL survives a power cut; NORMAL, a killed process. */
  synchronous?: 'FULL' | 'NORMAL'
  /** Silences the Worker's log lines. */
  isQuiet?: boolean
  /** Given: on workerd alone, at that address, as it is hosted by oneself; else in Miniflare. */
  serve?: { host: string; isBehindProxy: boolean; onRestart?: () => void }
}

export type Stack = LocalSecrets & {
  url: URL
  databaseUrl: string
  databaseAuthToken: string
  /** Fires a cron as the clock of a hosted Worker would: the one of every five minutes, or the one of every minute. */
  tick(every?: 'five minutes' | 'minute'): Promise<void>
  close(): Promise<void>
}

/**
 * The built Worker in workerd, with its assets, on an embedded libSQL file (or DATABASE_URL, if `vars` names one): what
 * `npm start` runs and what the tests drive. Migrates first. Throws with words for people where the port is taken or
 * nothing has been built.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const secrets = localSecrets(dataDir)
  const { database, url, authToken } = await openDatabase(options, dataDir, secrets)
  try {
    const client = createClient({ url, ...(authToken ? { authToken } : {}) })
    await migrateUp(client).catch((cause: unknown) => {
      const message = `The database at ${new URL(url).host} does not answer, or is none that can be migrated`
      throw new HelioxError('unavailable', 'database.unreachable', message, {
        details: [String(rootCause(cause))],
        cause,
      })
    })
    client.close()
    const bindings = {
      ENV: options.serve ? 'production' : 'development',
      LOG_LEVEL: options.isQuiet ? 'error' : 'info',
      ...{ SECRET_KEY: secrets.secretKey, ADMIN_API_KEY: secrets.adminApiKey },
      ...{ ADMIN_EMAIL: secrets.adminEmail, ADMIN_PASSWORD: secrets.adminPassword },
      ...options.vars,
      ...{ DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken },
    }
    settingsOf(bindings) // what the Worker would refuse at its first request stops the start instead
    const worker = options.serve
      ? await startWorkerd({ root: ROOT, dataDir, port: options.port ?? 0, bindings, ...options.serve })
      : await startWorker(options, dataDir, bindings)
    return {
      ...secrets,
      ...{ databaseUrl: url, databaseAuthToken: authToken, url: worker.url, tick: worker.tick },
      close: async () => {
        await worker.close()
        await database?.close()
      },
    }
  } catch (error) {
    await database?.close()
    throw error
  }
}

async function openDatabase({ vars, synchronous }: StackOptions, dataDir: string, { databaseAuthToken }: LocalSecrets) {
  if (vars?.DATABASE_URL) return { database: null, url: vars.DATABASE_URL, authToken: vars.DATABASE_AUTH_TOKEN ?? '' }
  const database: LocalDb = await startLocalDb({
    file: join(dataDir, 'heliox.db'),
    authToken: databaseAuthToken,
    synchronous: synchronous ?? 'FULL',
  })
  return { database, url: database.url, authToken: databaseAuthToken }
}

async function startWorker({ port, isQuiet }: StackOptions, dataDir: string, bindings: Record<string, string>) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const modulesRoot = join(ROOT, 'dist/worker')
  const script = { type: 'ESModule' as const, path: join(modulesRoot, 'index.js') }
  // Wrangler still answers in the option shape of Miniflare 4; this turns it into the one that 5 takes.
  const options = convertV4MiniflareOptions({
    ...{ host: '127.0.0.1', port: port ?? 0, cf: false, log: new Log(isQuiet ? LogLevel.ERROR : LogLevel.WARN) },
    ...{ logRequests: false, telemetry: { enabled: false }, resourcePersistencePath: join(dataDir, 'cloudflare') },
    workers: [{ ...workerOptions, name: 'heliox', modules: [script], modulesRoot, bindings }],
  } as Parameters<typeof convertV4MiniflareOptions>[0])
  const miniflare = new Miniflare(options)
  try {
    const url = await miniflare.ready
    return {
      url,
      tick: async (every?: 'five minutes' | 'minute') => {
        const worker = (await miniflare.getWorker('heliox')) as unknown as {
          scheduled(event: { cron: string; scheduledTime: Date }): Promise<unknown>
        }
        const cron = every === 'minute' ? '* * * * *' : '*/5 * * * *'
        await worker.scheduled({ cron, scheduledTime: new Date() })
      },
      close: () => miniflare.dispose(),
    }
  } catch (error) {
    await miniflare.dispose().catch(() => undefined)
    throw error
  }
}
