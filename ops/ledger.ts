/**
 * `npm run ledger -- check | rebuild [--from DAY] [--to DAY] [--sample]`: whether what is derived from bills and jobs is
 * what they make of it, and making it anew. Against DATABASE_URL, or the file of a local run, which may be running. The
 * exit code is 0 where the ledger holds, 1 where it does not, 2 where the question is wrong. Both may run beside a Heliox
 * that serves; what was found is kept for /health/detailed, unless it was for some days only.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '@libsql/client'
import { type Db, onClient } from '../db/client.ts'
import { addDays, type EpochMs, parseDay } from '../db/units/time.ts'
import { type CheckReach, checkLedger } from '../worker/analytics/check-ledger.ts'
import { type RebuildProgress, rebuildOf, rebuildStep } from '../worker/analytics/rebuild.ts'
import { keepCheck } from '../worker/ledger/kept.ts'

const USAGE = 'usage: npm run ledger -- check | rebuild [--from 2026-01-01] [--to 2026-01-31] [--sample]'
const MOST_TRIES = 50

const now = () => Date.now() as EpochMs

function openTarget(): Db {
  const { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken, HELIOX_DATA_DIR: dataDir = '.heliox' } = process.env
  const file = resolve(dataDir, 'heliox.db')
  if (!url && !existsSync(file)) fail(`There is no database at ${file}: set HELIOX_DATA_DIR or DATABASE_URL`)
  const client = createClient({
    ...{ url: url ?? pathToFileURL(file).href, intMode: 'bigint' },
    ...(authToken ? { authToken } : {}),
  })
  return onClient(client)
}

/** A step, again while the one that serves is writing: each is safe to repeat. */
async function patiently<T>(step: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await step()
    } catch (error) {
      if (tries === MOST_TRIES || !/SQLITE_BUSY|database is locked/.test(String(error))) throw error
      await wait(100)
    }
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

function dayOf(name: string, text: string | undefined) {
  if (text === undefined) return null
  return parseDay(text) ?? fail(`--${name} must be a day such as 2026-01-31, not "${text}"`)
}

const { values, positionals } = (() => {
  try {
    const day = { type: 'string' } as const
    return parseArgs({ allowPositionals: true, options: { from: day, to: day, sample: { type: 'boolean' } } })
  } catch (error) {
    return fail(`${(error as Error).message}\n${USAGE}`)
  }
})()
const [command, ...more] = positionals
if ((command !== 'check' && command !== 'rebuild') || more.length > 0) fail(USAGE)
const [from, to] = [dayOf('from', values.from), dayOf('to', values.to)]
if (from && to && from > to) fail('--to must not be before --from')
const before = to && addDays(to, 1)
const db = openTarget()
const scope = { db, now }

if (command === 'rebuild') {
  let progress: RebuildProgress = rebuildOf({ from, before })
  let told = Date.now()
  while (progress.phase !== 'done') {
    const current = progress
    progress = await patiently(() => rebuildStep(scope, current))
    if (Date.now() - told < 2_000 && progress.phase !== 'done') continue
    told = Date.now()
    const { jobCount, recutCount, dayCount, monthCount } = progress
    console.log(`  ${jobCount} jobs (${recutCount} cut anew), ${dayCount} days, ${monthCount} months`)
  }
}

const window =
  from || before ? { from: from ?? ('0001-01-01' as never), before: before ?? ('9999-12-31' as never) } : null
const reach: CheckReach = values.sample ? 'sample' : (window ?? 'everything')
const check = await patiently(() => checkLedger(scope, reach))
if (typeof reach === 'string') await patiently(() => keepCheck(scope, check))
const { holds, startDate, endDate, dayCount, jobCount, findings } = check
console.log(
  startDate === null ? 'The ledger is empty.' : `${startDate} to ${endDate}: ${dayCount} days, ${jobCount} jobs`,
)
for (const { message, count, examples } of findings)
  console.log(`\n${message}: not in ${count}\n${examples.map((example) => `  ${example}`).join('\n')}`)
console.log(holds ? 'The ledger holds.' : '\nThe ledger does not hold: npm run ledger -- rebuild makes it anew.')
db.$client.close()
process.exitCode = holds ? 0 : 1
