import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addDays } from '../db/units/time.ts'
import { startChild } from '../worker/local/start-child.ts'
import { Caller } from './caller.ts'
import { type Estate, jobFile } from './estate.ts'
import { BILLED_LATER, billFile } from './estate-bill.ts'
import type { MadeUpFile } from './million.ts'
import { range } from './questions.ts'
import { Resident } from './resident.ts'
import { type Sent, wrongIn } from './scale.ts'

/** More than ten million jobs take as text. */
const MOST_MB = '8000'
const PIECES_A_WORD = 1_000

/** A Heliox that has a whole estate, in a process of its own on a durable file. */
export type Imported = {
  caller: Caller
  dataDir: string
  bill: { rows: number; seconds: number }
  /** To the answer, everything shared. */
  jobSeconds: number
  /** The most MiB over what the processes take when nothing has been imported. */
  memory: { worker: number; database: number }
  /** See `importInto`. */
  more: (file: MadeUpFile) => Promise<number>
  say: (words: string) => void
  /** Ends it and answers how large its database is, MiB. What it wrote stays until `withEstate` is over. */
  stop: () => Promise<number>
}

/** Starts Heliox, imports bill and jobs of the estate, runs `use`, and takes all of it away again. */
export async function withEstate<T>(estate: Estate, use: (imported: Imported) => Promise<T>): Promise<T> {
  const say = sayer(estate)
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir, { MAX_UPLOAD_MB: MOST_MB })
  const resident = new Resident(heliox.process.pid ?? 0)
  const caller = new Caller(heliox.url, dataDir)
  const stop = async () => {
    resident.stop()
    caller.close()
    heliox.process.kill('SIGTERM')
    await heliox.ended
    return statSync(join(dataDir, 'heliox.db')).size / 2 ** 20
  }
  try {
    const idle = resident.restart()
    const bill = billFile(estate)
    const billSeconds = await importInto(caller, 'focus-csv', bill, estate)
    say(`${bill.rows.toLocaleString('en-US')} lines of the bill are in: ${billSeconds.toFixed(1)} s`)
    const jobSeconds = await importInto(caller, 'jobs-csv', said(jobFile(estate), say), estate)
    say(`the jobs are in: ${jobSeconds.toFixed(1)} s`)
    const { worker, database } = resident.peak
    return await use({
      ...{ caller, dataDir, bill: { rows: bill.rows, seconds: billSeconds }, jobSeconds, say, stop },
      memory: { worker: worker - idle.worker, database: database - idle.database },
      more: (file) => importInto(caller, 'jobs-csv', file, estate),
    })
  } finally {
    await stop()
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
      if (count % PIECES_A_WORD === 0) say(`${count / PIECES_A_WORD} M jobs are sent`)
    }
  }
  return { ...file, pieces }
}
