/**
 * `node bench/real-files.ts DIR` imports every file below the folders of DIR (see FOLDERS) through the real app, each into a
 * fresh database and each twice, and compares the sums with DIR/truth/*.json. For people who have real
 * files at hand: none of them is in this repository. Exits 1 when a figure is not what it should be.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@libsql/client'
import { sql } from 'drizzle-orm'
import { migrate } from 'drizzle-orm/libsql/migrator'
import { onClient } from '../db/client.ts'
import { type EpochMs, parseInstant } from '../db/units/time.ts'
import { createApp } from '../worker/index.ts'

const FOLDERS = ['focus', 'aws_cur', 'azure', 'gcp', 'oci', 'simple', 'jobs', 'slurm', 'llm'] as const
/** The files that gcp.json speaks of. */
const GCP_FILES = ['cost_table_synthetic.csv', 'bigquery_export_synthetic.ndjson']
const KEY = 'an-admin-key-of-real-files'

type Answer = {
  status: string
  format: string
  error?: { message: string }
  result: { total_records: number; inserted: number; updated: number; totals: Record<string, string> }
}
type BillTruth = Record<string, { rows: number; totals: Record<string, string> }>
type ReportTruth = { file: string; rows: number; total?: string; totals?: Record<string, string> }
type AzureTruth = Record<string, { rows: number; total: string }>
type GcpTruth = {
  cost_table: { data_rows: number; net_unrounded: string }
  bigquery: { rows: number; net: string }
}
type SlurmTruth = Record<
  string,
  { jobs: number; step_lines_to_ignore: number; gpu_seconds_total: number; gpu_seconds_by?: Record<string, unknown> }
>
type AllocationTruth = {
  jobs_file: string
  costs_file: string
  jobs: number
  as_of_for_running_jobs: string
  cost_total: string
  gpu_seconds_by: { day: Record<string, number> }
  allocated_by_team: Record<string, string>
  allocated_by_model: Record<string, string>
}

const [dir] = process.argv.slice(2)
if (!dir || !existsSync(dir)) throw new Error('usage: node bench/real-files.ts DIR')

const mismatches: string[] = []
const table: string[][] = [['file', 'format', 'rows', 'Σ file', 'Σ stored', 'Σ quarantined', 'rounding', 'GPU-hours']]
const refusals: string[] = []
const MILLIONTH = 10n ** 24n

const alloc = truth<AllocationTruth>('jobs_alloc.json')
const now = parseInstant(alloc?.as_of_for_running_jobs ?? '2026-12-01T00:00:00Z') as EpochMs
for (const folder of FOLDERS)
  for (const name of existsSync(join(dir, folder)) ? readdirSync(join(dir, folder)).sort() : [])
    await withHeliox((heliox) => importTwice(heliox, folder, name))
if (alloc) await withHeliox((heliox) => allocation(heliox, alloc))

printTable()
for (const refusal of refusals) console.log(`refused  ${refusal}`)
for (const mismatch of mismatches) console.log(`MISMATCH ${mismatch}`)
console.log(mismatches.length === 0 ? '\nEvery figure is as it should be.' : `\n${mismatches.length} mismatches.`)
process.exitCode = mismatches.length === 0 ? 0 : 1

type Heliox = Awaited<ReturnType<typeof open>>

/** The app on a private file with the real migrations, its clock standing still. */
async function open(folder: string) {
  const client = createClient({ url: `file:${join(folder, 'real.db')}`, intMode: 'bigint' })
  await client.executeMultiple('pragma journal_mode=wal; pragma synchronous=off')
  const db = onClient(client)
  await migrate(db, { migrationsFolder: fileURLToPath(new URL('../db/migrations', import.meta.url)) })
  const bindings = {
    ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', LOG_LEVEL: 'error' },
    ...{ SECRET_KEY: 'a-secret-key-of-real-files-0123456789', ADMIN_API_KEY: KEY },
  }
  const app = createApp({ bindings, openDb: () => db, now: () => now })
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const request = new Request(new URL(path, 'http://localhost'), { ...init, headers: { 'x-api-key': KEY } })
    return (await app.fetch(request)).json() as Promise<T>
  }
  return {
    ask,
    send: (file: string) =>
      ask<Answer>(`/api/v1/imports?format=auto`, { method: 'POST', body: new Uint8Array(readFileSync(file)) }),
    /** Sums of the ledger by another way than the import's own counts. */
    sums: async () => {
      const [row] = await db.all<Record<string, bigint>>(sql`select
        (select coalesce(sum(billed_nano_usd), 0) from ledger_costs) as billed,
        (select coalesce(sum(effective_nano_usd), 0) from ledger_costs) as effective,
        (select coalesce(sum(line_count), 0) from ledger_costs) as lines,
        (select coalesce(sum(cost_nano_usd), 0) from pool_days) as shared,
        (select count(*) from token_usage) as calls, (select coalesce(sum(cost_nano_usd), 0) from token_usage) as metered,
        (select coalesce(sum(input_tokens), 0) || ' ' || coalesce(sum(output_tokens), 0) from token_usage) as tokens,
        (select count(*) from jobs) as jobs, (select count(*) from teams) as teams,
        (select coalesce(sum(gpu_ms), 0) / 1000 from job_day_shares) as held,
        (select coalesce(sum(allocation_nano_usd), 0) from job_day_shares) as allocated`)
      return Object.fromEntries(Object.entries(row ?? {}).map(([name, sum]) => [name, String(sum)]))
    },
    held: async () => {
      const rows = await db.all<{ day: string; held: bigint }>(
        sql`select day, sum(gpu_ms) / 1000 as held from job_day_shares group by day order by day`,
      )
      return Object.fromEntries(rows.map(({ day, held }) => [day, Number(held)]))
    },
    days: async () => {
      const [row] = await db.all<{ first: string | null; last: string | null }>(
        sql`select min(day) as first, max(day) as last from pool_days`,
      )
      return row?.first && row.last ? `start=${row.first}&end=${row.last}` : 'start=2026-01-01&end=2026-01-01'
    },
    close: () => client.close(),
  }
}

async function withHeliox(use: (heliox: Heliox) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-real-'))
  const heliox = await open(folder)
  try {
    await use(heliox)
  } finally {
    heliox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function importTwice(heliox: Heliox, folder: string, name: string): Promise<void> {
  const file = join(dir as string, folder, name)
  const first = await heliox.send(file)
  if (first.error) {
    refusals.push(`${folder}/${name}: ${first.error.message}`)
    same(`${folder}/${name}: a refused file stores nothing`, (await heliox.sums()).lines, '0')
    if (isKnown(folder, name)) same(`${folder}/${name} is read`, 'refused', 'read')
    return
  }
  const { totals, total_records: rows, inserted } = first.result
  table.push([
    ...[`${folder}/${name}`, first.format, `${rows}`, totals.file_cost_usd, totals.stored_cost_usd],
    ...[totals.quarantined_cost_usd, totals.rounding_cost_usd, totals.gpu_hours],
  ] as string[])
  const before = await heliox.sums()
  const parts = ['stored', 'quarantined', 'rounding'].map((part) => exact(totals[`${part}_cost_usd`]))
  same(`${name}: file = stored + quarantined + rounding`, sum(parts), exact(totals.file_cost_usd))
  same(
    `${name}: what the import says is stored is in the ledger`,
    exact(totals.stored_cost_usd) / 10n ** 21n,
    BigInt(before.billed ?? 0) + BigInt(before.metered ?? 0),
  )
  same(`${name}: shared = effective`, before.shared, before.effective)
  compareWithTruth(name, first, before, await heliox.held())
  await reconciled(heliox, name)

  const second = await heliox.send(file)
  same(`${name}: a second time inserts nothing`, second.result?.inserted, 0)
  same(`${name}: a second time updates all`, second.result?.updated, inserted)
  same(`${name}: a second time changes no sum`, JSON.stringify(await heliox.sums()), JSON.stringify(before))
  await reconciled(heliox, `${name}, second time`)
}

function compareWithTruth(
  name: string,
  { result }: Answer,
  sums: Record<string, string>,
  held: Record<string, number>,
) {
  const bill = truth<BillTruth>('focus.json')?.[name]
  if (bill) {
    same(`${name}: rows`, result.total_records, bill.rows)
    same(`${name}: Σ BilledCost`, exact(result.totals.file_cost_usd), exact(bill.totals.BilledCost))
    same(`${name}: Σ EffectiveCost`, exact(result.totals.file_effective_cost_usd), exact(bill.totals.EffectiveCost))
  }
  for (const { file, rows, total, totals } of [
    truth<ReportTruth>('aws_cur.json'),
    truth<ReportTruth>('oci.json'),
  ].flatMap((known) => known ?? [])) {
    if (!file.endsWith(`/${name}`)) continue
    same(`${name}: rows`, result.total_records, rows)
    same(`${name}: Σ billed`, exact(result.totals.file_cost_usd), exact(total ?? totals?.['lineItem/UnblendedCost']))
  }
  const azure = truth<AzureTruth>('azure.json')?.[name]
  if (azure) {
    same(`${name}: rows`, result.total_records, azure.rows)
    same(`${name}: Σ stored and quarantined`, exact(result.totals.file_cost_usd), exact(azure.total))
  }
  const gcp = truth<GcpTruth>('gcp.json')
  const known = name.endsWith('.ndjson')
    ? gcp && { rows: gcp.bigquery.rows, net: gcp.bigquery.net }
    : gcp && { rows: gcp.cost_table.data_rows, net: gcp.cost_table.net_unrounded }
  if (known && GCP_FILES.includes(name)) {
    same(`${name}: rows`, result.total_records, known.rows)
    same(`${name}: Σ net`, exact(result.totals.file_cost_usd), exact(known.net))
  }
  if (name === 'gpu_costs_a.csv') {
    const simple = truth<{ rows: number; total: string }>('simple_costs.json')
    same(`${name}: rows`, result.total_records, simple?.rows)
    same(`${name}: Σ`, exact(result.totals.stored_cost_usd), exact(simple?.total))
  }
  if (name === 'azure_llm_2023_code.csv') {
    const calls = truth<{ rows: number; input_tokens: number; output_tokens: number }>('llm_azure.json')
    same(`${name}: calls`, sums.calls, String(calls?.rows))
    same(`${name}: tokens in and out`, sums.tokens, `${calls?.input_tokens} ${calls?.output_tokens}`)
  }
  const slurm = truth<SlurmTruth>('slurm.json')?.[name]
  if (slurm) {
    same(`${name}: jobs`, sums.jobs, String(slurm.jobs))
    same(`${name}: GPU-seconds`, sums.held, String(slurm.gpu_seconds_total))
    const byDay = (slurm.gpu_seconds_by?.split_day ?? {}) as Record<string, number>
    for (const [day, seconds] of Object.entries(byDay)) same(`${name}: GPU-seconds on ${day}`, held[day] ?? 0, seconds)
  }
}

/** A bill and the jobs that it paid for: who is charged what, against figures computed elsewhere. */
async function allocation(heliox: Heliox, known: AllocationTruth): Promise<void> {
  for (const file of [known.jobs_file, known.costs_file]) await heliox.send(join(dir as string, file))
  const sums = await heliox.sums()
  same('allocation: jobs', sums.jobs, String(known.jobs))
  same('allocation: cost', BigInt(sums.billed ?? 0), exact(known.cost_total) / 10n ** 21n)
  const held = await heliox.held()
  for (const [day, seconds] of Object.entries(known.gpu_seconds_by.day))
    same(`allocation: GPU-seconds on ${day}`, held[day], seconds)
  same('allocation: days', Object.keys(held).length, Object.keys(known.gpu_seconds_by.day).length)
  await reconciled(heliox, 'allocation')
  const asked = await heliox.days()
  const rows = (by: string) => heliox.ask<Record<string, string>[]>(`/api/v1/analytics/cost/${by}?${asked}`)
  for (const [by, column, expected] of [
    ['by-team', 'team_name', known.allocated_by_team],
    ['by-model', 'model_name', known.allocated_by_model],
  ] as const) {
    const answer = (await rows(by)).map((row) => [row[column] ?? '', exact(row.total_cost_usd)] as const)
    same(`allocation ${by}: the list sums to the bill`, sum(answer.map(([, cost]) => cost)), exact(known.cost_total))
    const charged = new Map(answer)
    for (const [owner, cost] of Object.entries(expected)) {
      const off = (charged.get(owner) ?? 0n) - exact(cost)
      if (off > MILLIONTH || off < -MILLIONTH) same(`allocation ${by}: ${owner}`, charged.get(owner), exact(cost))
      charged.delete(owner)
    }
    const rest = [...charged].filter(([, cost]) => cost !== 0n).map(([owner]) => owner)
    same(`allocation ${by}: nobody else is charged`, rest.join(', '), '')
  }
  console.log(
    `allocation: ${known.jobs} jobs, ${Object.keys(known.allocated_by_team).length} teams, ${known.cost_total} USD`,
  )
}

async function reconciled({ ask, days }: Heliox, name: string): Promise<void> {
  for (const basis of ['allocation', 'usage']) {
    const answer = await ask<{ difference_usd: string }>(
      `/api/v1/analytics/reconciliation?${await days()}&basis=${basis}`,
    )
    same(`${name}: difference on the basis ${basis}`, answer.difference_usd, '0.00')
  }
}

function isKnown(folder: string, name: string): boolean {
  if (folder === 'jobs') return alloc?.jobs_file === `jobs/${name}`
  if (folder === 'gcp') return GCP_FILES.includes(name)
  if (folder === 'simple') return alloc?.costs_file === `simple/${name}`
  if (folder === 'aws_cur' || folder === 'oci')
    return truth<ReportTruth>(`${folder}.json`)?.file === `${folder}/${name}`
  return name in (truth<Record<string, unknown>>(`${folder}.json`) ?? {})
}

function truth<T>(name: string): T | null {
  const file = join(dir as string, 'truth', name)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null
}

function same(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) mismatches.push(`${what}: found ${found}, expected ${expected}`)
}

/** Decimal text in units of 1e-30: more digits than any bill has. */
function exact(text: string | undefined): bigint {
  const [whole = '0', fraction = ''] = (text ?? '0').replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(30, '0'))
  return text?.startsWith('-') ? -size : size
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}

function printTable(): void {
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? '').length)))
  for (const row of table)
    console.log(
      row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    )
  console.log('')
}
