import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { startChild } from '../worker/local/start-child.ts'
import { costCsv, jobsCsv, jobsJson, madeUpJobs } from './files.ts'
import type { Measurement } from './run.ts'

const ROWS = 100_000
const ROUNDS = 3
const FORMATS = { 'cost-csv': costCsv, 'jobs-json': jobsJson, 'jobs-csv': jobsCsv }
/** Enough for the runtime to have compiled what it runs, as it has in a Heliox that is in use. */
const WARM_UP_ROWS = 5_000

/**
 * Rows per second from the first byte sent to the answer, through HTTP, the built Worker and the local database on a
 * durable file (synchronous=FULL), sharing included; beside what the native driver alone upserts on this machine.
 */
export async function ingest(): Promise<Measurement[]> {
  const native = median(Array.from({ length: ROUNDS }, nativeUpserts))
  const lines: Measurement[] = [
    { what: 'native upsert, json_each, 5,000 rows a statement', figure: native, unit: 'rows/s', beside: '1' },
  ]
  for (const [format, fileOf] of Object.entries(FORMATS)) {
    const first: number[] = []
    const again: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const [inserted, updated] = await twice(format, fileOf)
      first.push(inserted)
      again.push(updated)
    }
    for (const [what, rates] of [
      [`${format}, new rows`, first],
      [`${format}, the same file again`, again],
    ] as const) {
      const figure = median(rates)
      lines.push({
        what: `${what}, ${ROWS.toLocaleString('en-US')} rows`,
        figure,
        unit: 'rows/s',
        beside: `${(figure / native).toFixed(2)} of native`,
      })
    }
  }
  return lines
}

async function twice(format: string, fileOf: (rows: number, name: string) => string): Promise<[number, number]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir)
  const send = async (body: string, rows: number) => {
    const startedAt = performance.now()
    const response = await heliox.call(`/api/v1/imports?format=${format}`, { method: 'POST', body })
    const seconds = (performance.now() - startedAt) / 1000
    const { status, result } = (await response.json()) as Answer
    if (status !== 'success') throw new Error(`${format} answered ${status}`)
    return { rate: rows / seconds, ...result }
  }
  try {
    await send(fileOf(WARM_UP_ROWS, 'warm'), WARM_UP_ROWS)
    const text = fileOf(ROWS, 'job')
    const first = await send(text, ROWS)
    const second = await send(text, ROWS)
    if (first.inserted !== ROWS || second.updated !== ROWS) throw new Error('the counts are wrong: nothing to measure')
    return [first.rate, second.rate]
  } finally {
    heliox.process.kill('SIGTERM')
    await heliox.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

type Answer = { status: string; result: { inserted: number; updated: number } }

/** The limit of the machine: nine columns, text key, one transaction, nothing but the driver. */
function nativeUpserts(): number {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const db = new Database(join(folder, 'native.db'))
  db.exec('pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-65536')
  db.exec(
    'create table jobs (a text primary key, b text, c text, d text, e text, f integer, g integer, h integer, i text) strict',
  )
  const upsert =
    db.prepare(`insert into jobs select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
    value ->> 6, value ->> 7, value ->> 8 from json_each(?) where true on conflict do update set b = excluded.b`)
  const rows = madeUpJobs(ROWS, 'job').map((job) => [
    ...[job.job_id, job.team_name, job.model_name, job.provider, job.gpu_type, job.gpu_count, 1, 2, job.status],
  ])
  const chunks: string[] = []
  for (let at = 0; at < ROWS; at += 5_000) chunks.push(JSON.stringify(rows.slice(at, at + 5_000)))
  const startedAt = performance.now()
  db.exec('begin')
  for (const chunk of chunks) upsert.run([chunk])
  db.exec('commit')
  const rate = ROWS / ((performance.now() - startedAt) / 1000)
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return rate
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
