import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { migrateUp } from '../db/local/migrate.ts'
import type { Measurement } from './run.ts'

const ROOT = join(import.meta.dirname, '..')

/**
 * `npm run backup`, the database lost, `npm run restore`: each a process of its own on a database with so many calls of the
 * gateway (and the rollup of their days). The restore itself compares every table's count, checksum and totals.
 */
export async function backup(sizes: readonly number[]): Promise<Measurement[]> {
  const lines: Measurement[] = []
  for (const rows of sizes.length > 0 ? sizes : [100_000]) lines.push(...(await measured(rows)))
  return lines
}

async function measured(rows: number): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-bench-backup-'))
  try {
    const [data, other, file] = [join(folder), join(folder, 'restored'), join(folder, 'backup.gz')]
    await fill(join(data, 'heliox.db'), rows)
    const what = `${rows.toLocaleString('en-US')} rows`
    const made = await run('backup', file, data)
    const restored = await run('restore', file, other)
    const megabytes = (path: string) => statSync(path).size / 2 ** 20
    const beside = `of a database of ${Math.round(megabytes(join(data, 'heliox.db')))} MiB`
    return [
      { what: `backup of ${what}, read back`, figure: made.ms, unit: 'ms', beside },
      { what: 'its peak memory', figure: made.peakMiB, unit: 'MiB', beside: 'of the whole process' },
      { what: 'its file', figure: megabytes(file), unit: 'MiB', beside },
      {
        what: `restore of ${what}, compared`,
        figure: restored.ms,
        unit: 'ms',
        beside: 'every checksum and total equal',
      },
      { what: 'its peak memory', figure: restored.peakMiB, unit: 'MiB', beside: 'of the whole process' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Calls of 90 days, a chunk at a time; the triggers make the days of them. */
async function fill(file: string, rows: number): Promise<void> {
  const client = createClient({ url: pathToFileURL(file).href, intMode: 'bigint' })
  await client.executeMultiple('pragma journal_mode = wal; pragma synchronous = off')
  await migrateUp(client)
  const start = Date.UTC(2026, 0, 1)
  const chunk = 50_000
  for (let from = 0; from < rows; from += chunk)
    await client.execute({
      sql: `with recursive n(i) as (select ? union all select i + 1 from n where i + 1 < ?)
        insert into requests (id, started_at_ms, ended_at_ms, day, endpoint, key_id, team_id, model_asked, model, backend, provider,
          is_stream, status, http_status, input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens,
          cost_nano_usd, cost_grade, latency_ms, retry_count, cache, saved_nano_usd, parameters_json)
        select printf('req_%012x', (i * 2654435761) % 281474976710656), ? + (i % 90) * 86400000, ? + (i % 90) * 86400000 + 900,
          date('2026-01-01', (i % 90) || ' days'), 'chat', null, null, 'model-' || (i % 20), 'model-' || (i % 20), 'b' || (i % 4), 'openai',
          0, 'completed', 200, 100 + i % 4000, 0, 0, 50 + i % 900, 0, 123456789 + i, 'computed', 100 + i % 5000, 0, 'off', 0, '{"temperature":0.7}'
        from n`,
      args: [BigInt(from), BigInt(Math.min(from + chunk, rows)), BigInt(start), BigInt(start)],
    })
  client.close()
}

async function run(command: 'backup' | 'restore', file: string, dataDir: string) {
  const { DATABASE_URL: _, ...environment } = process.env as Record<string, string>
  const env = { ...environment, HELIOX_DATA_DIR: dataDir } as unknown as NodeJS.ProcessEnv
  const startedAt = performance.now()
  const script = join(ROOT, `worker/local/${command}.ts`)
  const child = spawn(process.execPath, [script, file], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const watch = { peakMiB: 0 }
  const timer = setInterval(() => look(child, watch), 50)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  clearInterval(timer)
  if (code !== 0) throw new Error(`npm run ${command} ended with ${code}`)
  return { ms: performance.now() - startedAt, ...watch }
}

/** The most that the process has used so far. Linux only (/proc); 0 elsewhere. */
function look({ pid }: ChildProcess, watch: { peakMiB: number }): void {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    watch.peakMiB = Math.max(watch.peakMiB, Number(kib ?? 0) / 1024)
  } catch {
    // no /proc here, or it has just ended
  }
}
