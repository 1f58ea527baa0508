import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { startChild } from '../worker/local/start-child.ts'
import { focusMillion, jobsMillion, type MadeUpFile } from './million.ts'
import { Resident } from './resident.ts'
import type { Measurement } from './run.ts'

const ROWS = 1_000_000

/**
 * A million rows of a FOCUS bill and a million jobs, from the first byte sent to the answer: through HTTP, the built Worker
 * and the local database on a durable file, sharing included, with the most memory that the Worker and the database took.
 * Totals are compared with what was made.
 */
export async function scale(): Promise<Measurement[]> {
  const lines: Measurement[] = []
  for (const [format, file, isGzip] of [
    ['focus-csv', focusMillion(ROWS), false],
    ['focus-csv', focusMillion(ROWS), true],
    ['jobs-csv', jobsMillion(ROWS), false],
  ] as const)
    lines.push(...(await measured(format, file, isGzip)))
  return lines
}

async function measured(format: string, file: MadeUpFile, isGzip: boolean): Promise<Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir, { MAX_UPLOAD_MB: '1000' })
  const memory = new Resident(heliox.process.pid ?? 0)
  try {
    const idle = memory.restart()
    const startedAt = performance.now()
    const { result } = await send(heliox.call, format, file, isGzip)
    const seconds = (performance.now() - startedAt) / 1000
    const wrong = wrongIn(result, format, file)
    if (wrong) throw new Error(`${format}: ${wrong}`)
    const what = `${format}${isGzip ? ' as gzip' : ''}, ${ROWS.toLocaleString('en-US')} rows`
    const { worker, database } = memory.peak
    return [
      { what, figure: seconds, unit: 's', beside: `${Math.round(ROWS / seconds).toLocaleString('en-US')} rows/s` },
      {
        what: '  most memory of the Worker',
        figure: worker,
        unit: 'MiB',
        beside: `${Math.round(worker - idle.worker)} over idle`,
      },
      {
        what: '  most memory of the database',
        figure: database,
        unit: 'MiB',
        beside: `${Math.round(database - idle.database)} over idle`,
      },
    ]
  } finally {
    memory.stop()
    heliox.process.kill('SIGTERM')
    await heliox.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

export type Sent = {
  import_id: string
  state: string
  result: Record<string, number> & { totals: Record<string, string> }
}

/** Sends a made-up file; `query` is what else is said, such as `resume=imp_1`. */
export async function send(
  call: (path: string, init: RequestInit) => Promise<Response>,
  format: string,
  file: MadeUpFile,
  isGzip = false,
  query = '',
): Promise<Sent> {
  const text = Readable.from(file.pieces())
  const body = Readable.toWeb(isGzip ? text.pipe(createGzip({ level: 1 })) : text) as unknown as BodyInit
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  const response = await call(`/api/v1/imports?format=${format}${query}`, init)
  const answer = (await response.json()) as Sent
  if (!response.ok) throw new Error(`${format} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

/** What of an import's answer is not what the file holds; null: all is. */
export function wrongIn(result: Sent['result'], format: string, file: MadeUpFile): string | null {
  const { totals } = result
  if (result.total_records !== file.rows || result.failed !== 0)
    return `${result.total_records} rows, ${result.failed} bad`
  const sum = file.sum()
  if (format === 'jobs-csv') {
    const millionths = (sum * 2_000_000n + 3600n) / 7200n
    const hours = `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`.replace(/\.?0+$/, '')
    return totals.gpu_hours === hours ? null : `${totals.gpu_hours} GPU-hours, not ${hours}`
  }
  const dollars = `${sum / 1_000_000_000n}.${String(sum % 1_000_000_000n).padStart(9, '0')}`.replace(/0{1,7}$/, '')
  return totals.stored_cost_usd === dollars ? null : `${totals.stored_cost_usd} dollars, not ${dollars}`
}
