import { join } from 'node:path'
import Database from 'libsql'
import type { Day } from '../db/units/time.ts'
import { startOf } from '../db/units/time.ts'
import { type Estate, jobAt } from './estate.ts'
import { poolDayCosts } from './estate-bill.ts'
import type { Days, Rival } from './rivals.ts'

const ROWS_A_STATEMENT = 5_000

type Native = { exec(sql: string): void; prepare(sql: string): Prepared; close(): void }
type Prepared = { run(args: unknown[]): void; all(args: unknown[]): { team: string; usd: number }[] }

/** What people write first: SQL over the rows of the jobs, in the database that Heliox itself runs on, indexed. */
export async function rawSql(estate: Estate, folder: string): Promise<Rival> {
  const db = new Database(join(folder, 'raw.db')) as unknown as Native
  const startedAt = performance.now()
  db.exec(`pragma journal_mode=wal; pragma synchronous=normal; pragma cache_size=-65536; pragma temp_store=memory;
    create table jobs (job_id text primary key, team text not null, provider text not null, gpu_type text not null,
      gpus integer not null, started integer not null, ended integer not null) strict, without rowid;
    create table bill (day integer, provider text, gpu_type text, nano_usd integer,
      primary key (day, provider, gpu_type)) strict, without rowid;
    create table days (day integer primary key) strict`)
  const insert = (table: string, columns: number) => {
    const values = Array.from({ length: columns }, (_, index) => `value ->> ${index}`).join(', ')
    const statement = db.prepare(`insert into ${table} select ${values} from json_each(?)`)
    return (rows: unknown[][]) => statement.run([JSON.stringify(rows)])
  }
  db.exec('begin')
  const intoJobs = insert('jobs', 7)
  for (let from = 0; from < estate.jobs; from += ROWS_A_STATEMENT)
    intoJobs(
      Array.from({ length: Math.min(ROWS_A_STATEMENT, estate.jobs - from) }, (_, index) => {
        const { id, team, provider, gpuType, gpus, startSecond, endSecond } = jobAt(from + index, estate)
        return [id, team, provider, gpuType, gpus, startSecond, endSecond]
      }),
    )
  const costs = [...poolDayCosts(estate)].map(([key, nano]) => {
    const [day, provider, gpuType] = key.split(' ')
    return [startOf(day as Day) / 86_400_000, provider, gpuType, Number(nano)]
  })
  insert('bill', 4)(costs)
  insert('days', 1)([...new Set(costs.map(([day]) => day))].map((day) => [day]))
  db.exec('commit; create index jobs_started on jobs (started); analyze')
  const question = db.prepare(BY_TEAM)
  return {
    name: 'raw SQL over jobs (libSQL, native driver)',
    loadSeconds: (performance.now() - startedAt) / 1000,
    byTeam: async ({ from, before }: Days) => new Map(question.all([from, before]).map(({ team, usd }) => [team, usd])),
    close: () => db.close(),
  }
}

const BY_TEAM = `
  with held as materialized (
    select d.day, j.provider, j.gpu_type, j.team,
      sum(j.gpus * (min(j.ended, (d.day + 1) * 86400) - max(j.started, d.day * 86400))) as seconds
    from jobs j cross join days d
    where j.started < ?2 * 86400 and j.ended > ?1 * 86400 and d.day >= ?1 and d.day < ?2
      and d.day between j.started / 86400 and (j.ended - 1) / 86400
    group by 1, 2, 3, 4),
  pool as (select day, provider, gpu_type, sum(seconds) as seconds from held group by 1, 2, 3)
  select h.team, sum(1.0 * b.nano_usd * h.seconds / p.seconds) / 1e9 as usd
  from held h join pool p using (day, provider, gpu_type) join bill b using (day, provider, gpu_type)
  where p.seconds > 0 group by 1`
