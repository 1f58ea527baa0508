/** `npm start`: Heliox on this machine, with nothing else installed; `npm run serve`, see serve.ts, is the same on workerd alone. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDb } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { ensureFirstAdmin, isAdminPassword } from '../auth/first-admin.ts'
import { HelioxError } from '../errors.ts'
import { clearAbandoned } from '../ingest/clear-abandoned.ts'
import { fillDemo } from '../ingest/load-demo.ts'
import { createLog } from '../log.ts'
import { INSIDE, machine, type Scope } from '../scope.ts'
import { forgetMessages } from '../uploads/replay-upload.ts'
import { buildIfNeeded } from './build.ts'
import { leaveDataDir, noteChildren, takeDataDir } from './running.ts'
import { SETTINGS, settingsIn } from './settings.ts'
import { type Stack, startStack } from './stack.ts'

const MINUTE_MS = 60_000
const TICK_MS = 5 * MINUTE_MS
const NOTE_MS = 15_000
const PARENT_MS = 500
const LONGEST_TICK_MS = 3_000
const startedAt = Date.now()

const { port, dataDir, wantsDemo, serve } = SETTINGS
const demoMark = join(dataDir, 'demo-offered') // once, on the very first start that came so far

if (!existsSync(join(import.meta.dirname, '../../dist/worker/index.js'))) console.log('Building …')
buildIfNeeded()
try {
  if (!(port <= 65_535)) throw new Error(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  takeDataDir(dataDir)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const served = serve && { ...serve, onRestart: () => noteChildren(dataDir) } // else the next start would not know of it
const stack = await startStack({
  dataDir,
  port,
  vars: settingsIn(process.env),
  ...(served ? { serve: served } : {}),
}).catch((error: unknown) => {
  console.error(wordsFor(error, port))
  leaveDataDir(dataDir)
  process.exit(1)
})
stopOnSignals(stack)
noteChildren(dataDir)
const isPasswordRight = await prepare(stack)

const { href } = stack.url
console.log(`
  Heliox is running at  ${href}

  Sign in as   ${stack.adminEmail}
  Password     ${isPasswordRight ? stack.adminPassword : '(as it was first set: this database has another than the one in secrets.json)'}
  Admin key    ${stack.adminApiKey}

  Data is kept in ${dataDir}. Ctrl+C stops.
`)

const noting = setInterval(() => noteChildren(dataDir), NOTE_MS)
noting.unref()
// Neither Miniflare nor workerd fires crons by itself.
for (const [every, ms] of [
  ['five minutes', TICK_MS],
  ['minute', MINUTE_MS],
] as const) {
  const ticking = setInterval(() => void stack.tick(every).catch((error: unknown) => console.error(error)), ms)
  ticking.unref()
}

/**
 * What only a start can do: close the imports that the last stop cut off, load the demo into a new database, and find out
 * whether the administrator's password is the one that is about to be printed.
 */
async function prepare({ databaseUrl, databaseAuthToken, tick, ...secrets }: Stack): Promise<boolean> {
  const db = openDb(databaseUrl, databaseAuthToken)
  const scope: Scope = {
    db,
    now: () => Date.now() as EpochMs,
    actor: machine('first start'),
    origin: INSIDE,
    log: createLog('warn'),
  }
  if (!process.env.DATABASE_URL) {
    await clearAbandoned(scope, Date.now() - startedAt) // ours alone: what moved before this start has died
    await forgetMessages(scope) // and the queue, which is in memory, with it
  }
  if (wantsDemo && !process.env.DATABASE_URL && !existsSync(demoMark)) {
    console.log('Loading demo data …')
    await fillDemo(scope)
  }
  writeFileSync(demoMark, '')
  const admin = { email: secrets.adminEmail, password: secrets.adminPassword }
  await ensureFirstAdmin(scope, admin)
  const isRight = await isAdminPassword(scope, admin)
  // What was read whole is stored now, which may take long: nobody waits for that.
  await Promise.race([tick(), new Promise((resume) => setTimeout(resume, LONGEST_TICK_MS))])
  db.$client.close()
  return isRight
}

function stopOnSignals({ close }: Stack): void {
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    const giveUp = setTimeout(() => process.exit(1), 4_500)
    giveUp.unref()
    close().then(
      () => {
        leaveDataDir(dataDir)
        process.exit(0)
      },
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  // npm that is killed does not take its child along: a start whose npm is gone stops as well.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && stop(), PARENT_MS).unref()
  // Miniflare's own handlers end the process at once, before the database is closed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.removeAllListeners(signal).on(signal, stop)
}

function wordsFor(error: unknown, taken: number): string {
  const text = String(error)
  if (/ADDRESS_IN_USE|EADDRINUSE|Address already in use/i.test(text + String((error as { code?: string }).code)))
    return `Port ${taken} is taken, perhaps by an earlier Heliox that was killed: end that process, or set PORT.`
  if (error instanceof HelioxError) return [error.message, ...error.details.map((line) => `  ${line}`)].join('\n')
  return `Heliox could not start: ${error instanceof Error ? (error.stack ?? error.message) : text}`
}
