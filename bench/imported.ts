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

/** A Heliox that has a whole estate, in processes of its own on a durable file: as `npm run serve` runs it, on workerd alone. */
export type Imported = {
  caller: Caller
  dataDir: string
  bill: { rows: number; seconds: number }
  /** To the answer, everything shared. */
  jobSeconds: number
  /** The most MiB over what the processes take when nothing has been imported. */
  memory: { worker: number; database: number }
  /** Seconds that one more file of jobs takes, see `importInto`; `later` is what it holds. */
  more: (later: Estate, file: MadeUpFile) => Promise<number>
  say: (words: string) => void
  /** Ends it and answers how large its database is, MiB. What it wrote stays until `withEstate` is over. */
  stop: () => Promise<number>
}

/** Starts Heliox, imports bill and jobs of the estate, runs `use`, and takes all of it away again. */
export async function withEstate<T>(estate: Estate, use: (imported: Imported) => Promise<T>): Promise<T> {
  const say = sayer(estate)
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir, { HELIOX_SERVE: '1', MAX_UPLOAD_MB: MOST_MB })
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
    await requireEqual(caller, estate)
    return await use({
      ...{ caller, dataDir, bill: { rows: bill.rows, seconds: billSeconds }, jobSeconds, say, stop },
      memory: { worker: worker - idle.worker, database: database - idle.database },
      more: async (later, file) => {
        const seconds = await importInto(caller, 'jobs-csv', file, later)
        await requireEqual(caller, estate)
        return seconds
      },
    })
  } finally {
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/**
 * Seconds from the first byte sent until the answer has come and no pool-day of the estate waits to be shared. Throws where
 * the answer is not what the file holds.
 */
async function importInto(caller: Caller, format: string, file: MadeUpFile, estate: Estate): Promise<number> {
  const startedAt = performance.now()
  const { status, body } = await caller.post(`/imports?format=${format}`, file.pieces())
  if (status !== 200) throw new Error(`${format} answered ${status}: ${body.slice(0, 300)}`)
  while ((await reconciliation(caller, estate, 'allocation')).stale_pool_days > 0);
  const seconds = (performance.now() - startedAt) / 1000
  const { result } = JSON.parse(body) as Sent
  const wrong = wrongIn(result, format, file)
  if (wrong) throw new Error(`${format}: ${wrong}`)
  return seconds
}

/** Throws where the ledger is not what the bill is. */
async function requireEqual(caller: Caller, estate: Estate): Promise<void> {
  const all = { ...estate, days: estate.days + BILLED_LATER }
  for (const basis of ['allocation', 'usage']) {
    const { difference_usd: difference } = await reconciliation(caller, all, basis)
    if (difference !== '0.00') throw new Error(`on the basis ${basis} the ledger lacks ${difference} of the bill`)
  }
}

async function reconciliation(caller: Caller, { first, days }: Estate, basis: string) {
  type Both = { difference_usd: string; stale_pool_days: number }
  return caller.json<Both>(`/analytics/reconciliation?${range(first, addDays(first, days - 1))}&basis=${basis}`)
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
