import { createWriteStream } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Estate, jobFile } from './estate.ts'
import { poolDayCosts } from './estate-bill.ts'
import type { Days, Rival } from './rivals.ts'

/**
 * DuckDB (npm @duckdb/node-api, MIT) on all cores, which is what analytics over raw rows is at its best on one machine.
 * Null where npm has no build of it for this one.
 */
export async function duckDb(estate: Estate, folder: string): Promise<Rival | null> {
  const duckdb = await import('@duckdb/node-api').catch(() => null)
  if (!duckdb) return null
  const file = join(folder, 'jobs.csv')
  await pipeline(Readable.from(jobFile(estate).pieces()), createWriteStream(file))
  const instance = await duckdb.DuckDBInstance.create(join(folder, 'raw.duckdb'), { threads: String(cpus().length) })
  const connection = await instance.connect()
  const startedAt = performance.now()
  await connection.run(`create table jobs as
    select job_id, team_name as team, provider, gpu_type, gpu_count as gpus, epoch(start_time)::bigint as started,
      epoch(end_time)::bigint as ended
    from read_csv('${file}', header = true, columns = {'job_id': 'varchar', 'team_name': 'varchar',
      'model_name': 'varchar', 'provider': 'varchar', 'gpu_type': 'varchar', 'gpu_count': 'integer',
      'start_time': 'timestamp', 'end_time': 'timestamp', 'status': 'varchar'})`)
  await connection.run('create table bill (day date, provider varchar, gpu_type varchar, usd decimal(18, 9))')
  const rows = [...poolDayCosts(estate)].map(([key, nano]) => {
    const cells = key.split(' ').map((cell) => `'${cell}'`)
    return `(${cells.join(', ')}, ${nano} / 1e9)`
  })
  await connection.run(`insert into bill values ${rows.join(', ')}`)
  await connection.run('checkpoint')
  return {
    name: `DuckDB ${duckdb.version()}, ${cpus().length} threads`,
    loadSeconds: (performance.now() - startedAt) / 1000,
    byTeam: async (days) => {
      const answer = await connection.runAndReadAll(byTeam(days))
      return new Map(answer.getRows().map(([team, usd]) => [String(team), Number(usd)]))
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function byTeam({ from, before }: Days): string {
  return `
    with parts as (
      select *, unnest(range(greatest(started // 86400, ${from}), least((ended - 1) // 86400 + 1, ${before}))) as day
      from jobs where started < ${before * 86_400} and ended > ${from * 86_400}),
    held as (
      select day, provider, gpu_type, team,
        sum(gpus * (least(ended, (day + 1) * 86400) - greatest(started, day * 86400))) as seconds
      from parts group by all),
    pool as (select *, sum(seconds) over (partition by day, provider, gpu_type) as whole from held)
    select p.team, sum(b.usd * p.seconds / p.whole)::double
    from pool p join (select *, datediff('day', date '1970-01-01', day) as n from bill) b
      on b.n = p.day and b.provider = p.provider and b.gpu_type = p.gpu_type
    where p.whole > 0 group by 1`
}
