import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { startStack } from '../worker/local/stack.ts'
import type { Measurement } from './run.ts'

const ROWS = 100_000
const ROUNDS = 3
const START = Date.UTC(2026, 0, 1)
const DAYS = 90

/**
 * Rows per second from the first byte sent to the answer, through HTTP, the built Worker and the local database on a
 * durable file (synchronous=FULL), sharing included; beside what the native driver alone upserts on this machine.
 */
export async function ingest(): Promise<Measurement[]> {
  const native = median(Array.from({ length: ROUNDS }, nativeUpserts))
  const formats = { 'cost-csv': costCsv(), 'jobs-json': jobsJson(), 'jobs-csv': jobsCsv() }
  const lines: Measurement[] = [
    { what: 'native upsert, json_each, 5,000 rows a statement', figure: native, unit: 'rows/s', beside: '1' },
  ]
  for (const [format, text] of Object.entries(formats)) {
    const first: number[] = []
    const again: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const [inserted, updated] = await twice(format, text)
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

async function twice(format: string, text: string): Promise<[number, number]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const stack = await startStack({ dataDir, isQuiet: true })
  const send = async () => {
    const startedAt = performance.now()
    const response = await fetch(new URL(`/api/v1/imports?format=${format}`, stack.url), {
      method: 'POST',
      headers: { 'x-api-key': stack.adminApiKey },
      body: text,
    })
    const seconds = (performance.now() - startedAt) / 1000
    const { status, result } = (await response.json()) as {
      status: string
      result: { inserted: number; updated: number }
    }
    if (status !== 'success') throw new Error(`${format} answered ${status}`)
    return { rate: ROWS / seconds, ...result }
  }
  try {
    const first = await send()
    const second = await send()
    if (first.inserted !== ROWS || second.updated !== ROWS) throw new Error('the counts are wrong: nothing to measure')
    return [first.rate, second.rate]
  } finally {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

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
  const chunks: string[] = []
  for (let at = 0; at < ROWS; at += 5_000)
    chunks.push(
      JSON.stringify(
        jobs()
          .slice(at, at + 5_000)
          .map((job) => [
            job.job_id,
            job.team_name,
            job.model_name,
            job.provider,
            job.gpu_type,
            job.gpu_count,
            1,
            2,
            job.status,
          ]),
      ),
    )
  const startedAt = performance.now()
  db.exec('begin')
  for (const chunk of chunks) upsert.run([chunk])
  db.exec('commit')
  const rate = ROWS / ((performance.now() - startedAt) / 1000)
  db.close()
  rmSync(folder, { recursive: true, force: true })
  return rate
}

let made: ReturnType<typeof makeJobs> | undefined
function jobs() {
  made ??= makeJobs()
  return made
}

function makeJobs() {
  let state = 1
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')
  return Array.from({ length: ROWS }, (_, index) => {
    const start = START + Math.floor(random() * DAYS * 86_400) * 1000
    return {
      job_id: `job-${String(index).padStart(7, '0')}`,
      team_name: `team-${index % 12}`,
      model_name: `model-${index % 40}`,
      provider: ['aws', 'gcp', 'azure'][index % 3],
      gpu_type: ['a100', 'h100', 'l4'][Math.floor(index / 4) % 3],
      gpu_count: 1 + (index % 8),
      start_time: iso(start),
      end_time: iso(start + Math.floor(random() * 10 * 3600) * 1000),
      status: 'completed',
    }
  })
}

function jobsJson(): string {
  return JSON.stringify({ teams: [], jobs: jobs() })
}

function jobsCsv(): string {
  const columns = Object.keys(jobs()[0] ?? {})
  return [columns.join(','), ...jobs().map((job) => Object.values(job).join(','))].join('\n')
}

/** Every row its own pool-day: the worst case for sharing. */
function costCsv(): string {
  const day = (index: number) => new Date(START + (index % 365) * 86_400_000).toISOString().slice(0, 10)
  const rows = Array.from(
    { length: ROWS },
    (_, index) =>
      `${day(index)},cloud-${Math.floor(index / 365) % 30},gpu-${Math.floor(index / 365 / 30)},${(index % 9973) + 1}.${(index % 90) + 10}`,
  )
  return ['date,provider,gpu_type,cost_usd', ...rows].join('\n')
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
