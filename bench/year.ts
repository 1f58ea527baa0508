import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays } from '../db/units/time.ts'
import { startChild } from '../worker/local/start-child.ts'
import { Caller } from './caller.ts'
import { databaseWork } from './database-work.ts'
import { type Estate, jobFile, laterDay } from './estate.ts'
import { BILLED_LATER, billFile } from './estate-bill.ts'
import type { MadeUpFile } from './million.ts'
import { ask, askUnchanged, QUESTIONS, range, UNCHANGED } from './questions.ts'
import { Resident } from './resident.ts'
import { type Sent, wrongIn } from './scale.ts'
import { type Times, timesOf } from './times.ts'

export const DAY_JOBS = 3_000
/** More than ten million jobs take as text. */
const MOST_MB = '8000'
const PIECES_PER_WORD = 1_000

/** What was measured of a year with so many jobs. */
export type Year = {
  jobs: number
  bill: { rows: number; seconds: number }
  /** To the answer, everything shared. */
  seconds: number
  /** MiB over what the processes take when nothing has been imported. */
  memory: { worker: number; database: number }
  databaseMiB: number
  /** 3,000 jobs more, of five days one after the other. */
  oneMoreDay: Times
  /** By question; null: not there. */
  answers: Map<string, Times | null>
  /** Steps of SQLite's virtual machine, by question. */
  steps: Map<string, number>
}

/**
 * Imports the bill and the jobs of a year through the built Worker and the local database on a durable file, asks every
 * question, and imports five more days of jobs. `meanwhile` is asked of the same Heliox, before those days come.
 */
export async function measureYear(estate: Estate, meanwhile?: (caller: Caller) => Promise<void>): Promise<Year> {
  const say = sayer(estate)
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir, { MAX_UPLOAD_MB: MOST_MB })
  const memory = new Resident(heliox.process.pid ?? 0)
  const caller = new Caller(heliox.url, dataDir)
  try {
    const idle = memory.restart()
    const imported = async (format: string, file: MadeUpFile) => importInto(caller, format, file, estate)
    const bill = billFile(estate)
    const billSeconds = await imported('focus-csv', bill)
    say(`${bill.rows.toLocaleString('en-US')} lines of the bill are in: ${billSeconds.toFixed(1)} s`)
    const seconds = await imported('jobs-csv', said(jobFile(estate), say))
    const { worker, database } = memory.peak
    say(`the jobs are in: ${seconds.toFixed(1)} s`)
    const answers = new Map<string, Times | null>()
    for (const question of QUESTIONS) {
      answers.set(question.name, await ask(caller, question, estate))
      say(`asked: ${question.name}`)
    }
    answers.set(UNCHANGED.name, await askUnchanged(caller, estate))
    await meanwhile?.(caller)
    const days: number[] = []
    for (let later = 0; later < BILLED_LATER; later += 1) {
      const file = jobFile(laterDay(estate, DAY_JOBS, later), `day${later}-`)
      days.push((await imported('jobs-csv', file)) * 1000)
    }
    caller.close()
    heliox.process.kill('SIGTERM')
    await heliox.ended
    const databaseMiB = statSync(join(dataDir, 'heliox.db')).size / 2 ** 20
    say('counting what the questions read')
    return {
      jobs: estate.jobs,
      bill: { rows: bill.rows, seconds: billSeconds },
      ...{ seconds, databaseMiB, answers, oneMoreDay: timesOf(days) },
      memory: { worker: worker - idle.worker, database: database - idle.database },
      steps: await databaseWork(dataDir, estate),
    }
  } finally {
    memory.stop()
    caller.close()
    heliox.process.kill('SIGTERM')
    await heliox.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/**
 * Seconds from the first byte sent until the answer has come and no pool-day waits to be shared. Throws where the answer
 * is not what the file holds, or the ledger not what the bill is.
 */
async function importInto(caller: Caller, format: string, file: MadeUpFile, estate: Estate): Promise<number> {
  const startedAt = performance.now()
  const { status, body } = await caller.post(`/imports?format=${format}`, file.pieces())
  if (status !== 200) throw new Error(`${format} answered ${status}: ${body.slice(0, 300)}`)
  const { result } = JSON.parse(body) as Sent
  let reconciled = await reconciliation(caller, estate, 'allocation')
  while (reconciled.stale_pool_days > 0) reconciled = await reconciliation(caller, estate, 'allocation')
  const seconds = (performance.now() - startedAt) / 1000
  const wrong = wrongIn(result, format, file)
  if (wrong) throw new Error(`${format}: ${wrong}`)
  const usage = await reconciliation(caller, estate, 'usage')
  for (const { difference_usd: difference } of [reconciled, usage])
    if (difference !== '0.00') throw new Error(`after ${format}: the ledger lacks ${difference} of the bill`)
  return seconds
}

async function reconciliation(caller: Caller, { first, days }: Estate, basis: string) {
  const window = range(first, addDays(first, days + BILLED_LATER))
  type Both = { difference_usd: string; stale_pool_days: number }
  return caller.json<Both>(`/analytics/reconciliation?${window}&basis=${basis}`)
}

function sayer({ jobs, days }: Estate): (words: string) => void {
  const startedAt = performance.now()
  return (words) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
    console.log(`  ${jobs.toLocaleString('en-US')} jobs in ${days} days, after ${seconds} s: ${words}`)
  }
}

/** The file, saying each million rows that were sent. */
function said(file: MadeUpFile, say: (words: string) => void): MadeUpFile {
  function* pieces() {
    let count = 0
    for (const piece of file.pieces()) {
      yield piece
      count += 1
      if (count % PIECES_PER_WORD === 0) say(`${(count / PIECES_PER_WORD).toLocaleString('en-US')} M jobs are sent`)
    }
  }
  return { ...file, pieces }
}
