import { setImmediate } from 'node:timers/promises'
import { refreshRunning } from '../worker/analytics/refresh-running.ts'
import { shareStale } from '../worker/analytics/share.ts'
import { checkAll, checkEach } from './estate-checks.ts'
import { checkInside } from './estate-invariants.ts'
import { checkRebuild } from './estate-rebuild.ts'
import { emptyDatabases, type InProcess } from './in-process.ts'
import { seeded } from './random.ts'
import { type Line, type RandomEstate, randomEstate, settingOf } from './random-estate.ts'
import { costFile, focusFile, jobFileOf, sacctFile, usageFile } from './random-files.ts'
import type { Measurement } from './run.ts'

const ESTATES = 10_000
/** In one database, each with providers and an account of its own. */
const TOGETHER = 25

/**
 * Random estates (parts of GPUs, requeued jobs, credits, bills and jobs said anew, running jobs, clocks of other zones):
 * the ledger must equal the bill to the nano-dollar on both bases and in every grouping, under any filter. `sizes`: how
 * many (10,000), and the seed (of the clock). Throws for the first that differs, and says how to make it again.
 */
export async function estates([count = ESTATES, seed = Date.now() % 1_000_000_000]: readonly number[]): Promise<
  Measurement[]
> {
  const databases = await emptyDatabases()
  const startedAt = performance.now()
  let [done, checks, rebuilt] = [0, 0, 0]
  try {
    for (; done < count; done += TOGETHER) {
      const own = seed + done / TOGETHER
      const found = await oneDatabase(databases.open, own).catch((cause: unknown) => {
        throw new Error(`npm run bench -- estates ${TOGETHER} ${own} makes it again`, { cause })
      })
      checks += found.checks
      rebuilt += found.isRebuilt ? TOGETHER : 0
      await setImmediate() // a database in a file never yields, and what it held would never be freed
      if (done % 1_000 === 0) console.log(`  ${done} estates, ${perSecond(done)} a second`)
    }
  } finally {
    databases.close()
  }
  function perSecond(estatesDone: number): string {
    return (estatesDone / ((performance.now() - startedAt) / 1000)).toFixed(0)
  }
  const anew =
    rebuilt > 0 ? `${rebuilt} made anew from the facts, byte for byte the same` : 'none made anew: no such verb'
  const exact = `${checks.toLocaleString('en-US')} sums of the bill, each with difference 0; ${anew}; seed ${seed}`
  return [{ what: 'random estates', figure: done, unit: 'estates', beside: `${perSecond(done)} a second; ${exact}` }]
}

async function oneDatabase(
  open: (nowMs: number) => Promise<InProcess>,
  seed: number,
): Promise<{ checks: number; isRebuilt: boolean }> {
  const random = seeded(seed)
  const setting = settingOf(random)
  const heliox = await open(setting.nowMs)
  try {
    const all = Array.from({ length: TOGETHER }, (_, at) => randomEstate(`e${at}`, setting, random))
    const files: [format: string, text: string, query?: string][] = [
      ['focus-csv', focusFile(all.flatMap(({ bill }) => bill))],
      ['cost-csv', costFile(all)],
      ['usage-csv', usageFile(all)],
      ['jobs-csv', jobFileOf(all.flatMap(({ jobs }) => jobs))],
      ['slurm-sacct', sacctFile(all), setting.zone === '' ? '' : `&time_zone=${setting.zone}`],
    ]
    files.sort(() => random() - 0.5)
    for (const [format, text, query = ''] of files) await send(heliox, format, text, query)
    let checks = await checkAll(
      heliox,
      all.flatMap(({ bill, costs }) => [...bill, ...costs]),
    )
    await send(heliox, 'focus-csv', focusFile(all.flatMap(({ restated }) => restated)))
    heliox.moveTo(setting.laterMs)
    await refreshRunning(heliox.scope)
    await send(heliox, 'jobs-csv', jobFileOf(all.flatMap(({ changedJobs }) => changedJobs)))
    await shareStale(heliox.scope)
    const standing = all.flatMap(standingLines)
    checks += (await checkAll(heliox, standing)) + (await checkInside(heliox))
    for (const estate of all) checks += await checkEach(heliox, estate, standingLines(estate), setting, random)
    return { checks, isRebuilt: await checkRebuild(heliox) }
  } finally {
    heliox.close()
  }
}

/** What is billed in the end: a file of an account's month replaces what was said of that month before. */
function standingLines({ bill, restated, costs }: RandomEstate): Line[] {
  const months = new Set(restated.map(({ day }) => day.slice(0, 7)))
  return [...bill.filter(({ day }) => !months.has(day.slice(0, 7))), ...restated, ...costs]
}

async function send({ call }: InProcess, format: string, body: string, query = ''): Promise<void> {
  if (body === '') return
  const response = await call(`/imports?format=${format}${query}`, { method: 'POST', body })
  const answer = (await response.json()) as { status: string; result: { errors: object[] } }
  if (answer.status !== 'success') throw new Error(`${format} answered ${JSON.stringify(answer).slice(0, 500)}`)
}
