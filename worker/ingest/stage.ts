import { type SQL, sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../db/client.ts'
import { type ImportId, rowOf } from '../../db/units/ids.ts'
import { exactText, toNanoUsd } from '../../db/units/money.ts'
import type { CostDraft, JobDraft, Refused } from './importers/importer.ts'

/** A row whose key the file has had before, and its place among the costs or jobs of its chunk. */
export type Repeated = { draft: CostDraft | JobDraft; index: number }

/** What one chunk holds: its rows by kind. */
export type Chunk = { costs: CostDraft[]; jobs: JobDraft[]; refused: Refused[] }

/**
 * Writes a chunk of a file to the staging tables in one transaction: nobody's totals change yet. Rows travel as one
 * bound JSON text each, so a chunk of them is one statement. A key that this file has had before is added up in a
 * bill; elsewhere the second row stays out and is answered here, for quarantine.
 */
export async function stageChunk(
  db: Db,
  importId: ImportId,
  chunk: Chunk,
  isBill: boolean,
  progress: SQL,
): Promise<Repeated[]> {
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const statements = [progress]
  if (chunk.costs.length > 0) statements.push(stageCosts(row, chunk.costs, isBill))
  if (chunk.jobs.length > 0) statements.push(stageJobs(row, chunk.jobs))
  if (chunk.refused.length > 0) statements.push(quarantine(row, chunk.refused))
  const results = await writeBatch(db, statements)
  const drafts: (CostDraft | JobDraft)[] = chunk.costs.length > 0 ? chunk.costs : chunk.jobs
  const stored = drafts.length > 0 ? (results[1]?.rowsAffected ?? 0) : 0
  if (isBill || stored === drafts.length) return []

  // By key, not by line: a whole document may stand on one line. The first row with a key is the one that was staged.
  const latest = await db.all<{ key: string }>(
    chunk.costs.length > 0
      ? sql`select json_array(entry_date, provider, gpu_type, billing_account, account, billing_period, region, sku,
          charge_category, pricing_category) as key
          from staged_costs where import_id = ${row} order by id desc limit ${BigInt(stored)}`
      : sql`select json_array(job_id, run) as key
          from staged_jobs where import_id = ${row} order by id desc limit ${BigInt(stored)}`,
  )
  const staged = new Set(latest.map(({ key }) => JSON.stringify(JSON.parse(key))))
  return drafts.flatMap((draft, index) => (staged.delete(keyOf(draft)) ? [] : [{ draft, index }]))
}

function keyOf(draft: CostDraft | JobDraft): string {
  if (draft.kind === 'job') return jsonText([draft.jobId, draft.run])
  const { entryDate, provider, gpuType, billingAccount, account, billingPeriod, region, sku } = draft
  const place = [billingAccount, account, billingPeriod, region, sku, draft.chargeCategory, draft.pricingCategory]
  return jsonText([entryDate, provider, gpuType, ...place])
}

/** Money goes as text: JSON has no bigint, and a JSON number would have been a float on the way. */
function stageCosts(importRow: bigint, drafts: readonly CostDraft[], isBill: boolean): SQL {
  return isBill ? stageBill(importRow, drafts) : stageSimpleCosts(importRow, drafts)
}

/** What a simple file does not know is '', without a place in the JSON: taking it apart is most of the work. */
function stageSimpleCosts(importRow: bigint, drafts: readonly CostDraft[]): SQL {
  const rows = drafts.map((d) => [
    ...[d.line, d.entryDate, d.provider, d.gpuType, String(toNanoUsd(d.billed)), d.capacityGpuSeconds],
  ])
  return sql`insert into staged_costs (import_id, line, entry_date, provider, gpu_type, billing_account, account,
      billing_period, region, sku, charge_category, pricing_category, billed_nano_usd, effective_nano_usd,
      capacity_gpu_seconds)
    select ${importRow}, line, day, provider, gpu_type, '', '', '', '', '', '', '', amount, amount, capacity
    from (select value ->> 0 as line, value ->> 1 as day, value ->> 2 as provider, value ->> 3 as gpu_type,
      cast(value ->> 4 as integer) as amount, value ->> 5 as capacity from json_each(${jsonText(rows)}) limit -1)
    where true on conflict do nothing`
}

function stageBill(importRow: bigint, drafts: readonly CostDraft[]): SQL {
  const rows = drafts.map((d) => [
    ...[d.line, d.entryDate, d.provider, d.gpuType, d.billingAccount, d.account, d.billingPeriod, d.region, d.sku],
    ...[d.chargeCategory, d.pricingCategory, String(toNanoUsd(d.billed)), String(toNanoUsd(d.effective))],
    d.capacityGpuSeconds,
  ])
  return sql`insert into staged_costs (import_id, line, entry_date, provider, gpu_type, billing_account, account,
      billing_period, region, sku, charge_category, pricing_category, billed_nano_usd, effective_nano_usd,
      capacity_gpu_seconds)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
      value ->> 7, value ->> 8, value ->> 9, value ->> 10, cast(value ->> 11 as integer), cast(value ->> 12 as integer),
      value ->> 13
    from json_each(${jsonText(rows)}) where true
    on conflict do update set billed_nano_usd = billed_nano_usd + excluded.billed_nano_usd,
      effective_nano_usd = effective_nano_usd + excluded.effective_nano_usd,
      capacity_gpu_seconds = case when capacity_gpu_seconds is null then excluded.capacity_gpu_seconds
        else capacity_gpu_seconds + coalesce(excluded.capacity_gpu_seconds, 0) end,
      line_count = line_count + 1`
}

function stageJobs(importRow: bigint, drafts: readonly JobDraft[]): SQL {
  const rows = drafts.map((d) => [
    ...[d.line, d.jobId, d.run, d.teamName, d.modelName, d.provider, d.gpuType, d.gpuCount],
    ...[d.startedAtMs, d.endedAtMs, d.status],
  ])
  return sql`insert into staged_jobs (import_id, line, job_id, run, team_name, model_name, provider, gpu_type, gpu_count,
      started_at_ms, ended_at_ms, status)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
      value ->> 7, value ->> 8, value ->> 9, value ->> 10
    from json_each(${jsonText(rows)}) where true on conflict do nothing`
}

/** Keeps refused rows with their place, reason and amount. */
export function quarantine(importRow: bigint, refused: readonly Refused[]): SQL {
  const rows = refused.map(({ line, column, code, message, billed }) => [
    ...[line, column, code, message, billed && exactText(billed)],
  ])
  return sql`insert into quarantined_rows (import_id, line, column_name, code, message, cost_usd)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(${jsonText(rows)})`
}

/**
 * JSON that a database may take apart: text that JSON can spell and SQLite cannot hold (half a surrogate pair, NUL)
 * is replaced by U+FFFD. The test is on the finished text, so that clean rows cost nothing.
 */
export function jsonText(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows)
  if (!text.includes('\\u') || !/\\u(?:d[89a-f]|0000)/i.test(text)) return text
  const clean = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value
  return JSON.stringify(rows, clean)
}
