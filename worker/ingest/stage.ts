import type { ResultSet } from '@libsql/client'
import { type SQL, sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../db/client.ts'
import { exactText, toNanoUsd } from '../../db/units/money.ts'
import { jsonText } from '../json-text.ts'
import type { CostDraft, JobDraft, Refused, TokenDraft, UsageDraft } from './importers/importer.ts'

/** What one chunk holds: its rows by kind, in their order. */
export type Chunk = {
  costs: CostDraft[]
  jobs: JobDraft[]
  usage: UsageDraft[]
  tokens: TokenDraft[]
  refused: Refused[]
}

export function emptyChunk(): Chunk {
  return { costs: [], jobs: [], usage: [], tokens: [], refused: [] }
}

export function sizeOf({ costs, jobs, usage, tokens, refused }: Chunk): number {
  return costs.length + jobs.length + usage.length + tokens.length + refused.length
}

/**
 * Runs `statements` and stages the simple costs and the jobs of a chunk in one transaction: nobody's totals change yet.
 * Rows travel as one bound JSON text, so a chunk of them is one statement. The second row with a key that this file has
 * had before stays out and is answered here, for quarantine, beside the results of `statements`.
 */
export async function stageRows(
  db: Db,
  importRow: bigint,
  drafts: readonly (CostDraft | JobDraft)[],
  statements: readonly SQL[],
): Promise<{ repeated: (CostDraft | JobDraft)[]; results: ResultSet[] }> {
  const costs = drafts.filter((draft) => draft.kind === 'cost')
  const jobs = drafts.filter((draft) => draft.kind === 'job')
  const staging = [
    ...(costs.length > 0 ? [{ drafts: costs, insert: stageSimpleCosts(importRow, costs), keys: COST_KEYS }] : []),
    ...(jobs.length > 0 ? [{ drafts: jobs, insert: stageJobs(importRow, jobs), keys: JOB_KEYS }] : []),
  ]
  const results = await writeBatch(db, [...staging.map(({ insert }) => insert), ...statements])
  const repeated: (CostDraft | JobDraft)[] = []
  for (const [index, { drafts: sent, keys }] of staging.entries()) {
    const stored = results[index]?.rowsAffected ?? 0
    if (stored === sent.length) continue
    // By key, not by line: a whole document may stand on one line. The first row with a key is the one that was staged.
    const latest = await db.all<{ key: string }>(
      sql`${keys} where import_id = ${importRow} order by id desc limit ${BigInt(stored)}`,
    )
    const staged = new Set(latest.map(({ key }) => JSON.stringify(JSON.parse(key))))
    for (const draft of sent) if (!staged.delete(keyOf(draft))) repeated.push(draft)
  }
  return { repeated, results: results.slice(staging.length) }
}

const COST_KEYS = sql.raw('select json_array(entry_date, provider, gpu_type) as key from staged_costs')
const JOB_KEYS = sql.raw('select json_array(job_id, run) as key from staged_jobs')

function keyOf(draft: CostDraft | JobDraft): string {
  return jsonText(draft.kind === 'job' ? [draft.jobId, draft.run] : [draft.entryDate, draft.provider, draft.gpuType])
}

/** Money goes as text: JSON has no bigint, and a JSON number would have been a float on the way. */
function stageSimpleCosts(importRow: bigint, drafts: readonly CostDraft[]): SQL {
  const rows = drafts.map((d) => [
    ...[d.line, d.entryDate, d.provider, d.gpuType, String(toNanoUsd(d.billed)), d.capacityGpuSeconds],
  ])
  return sql`insert into staged_costs (import_id, line, entry_date, provider, gpu_type, billed_nano_usd, capacity_gpu_seconds)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, cast(value ->> 4 as integer), value ->> 5
    from json_each(${jsonText(rows)}) where true on conflict do nothing`
}

function stageJobs(importRow: bigint, drafts: readonly JobDraft[]): SQL {
  const rows = drafts.map((d) => [
    ...[d.line, d.jobId, d.run, d.teamName, d.modelName, d.provider, d.gpuType, d.gpuMilli],
    ...[d.startedAtMs, d.endedAtMs, d.status, d.userName, d.jobName],
  ])
  return sql`insert into staged_jobs (import_id, line, job_id, run, team_name, model_name, provider, gpu_type, gpu_milli,
      started_at_ms, ended_at_ms, status, user_name, job_name)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
      value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
    from json_each(${jsonText(rows)}) where true on conflict do nothing`
}

/** A longer record is not kept: it could not be shown, and reading it again is reading the file again. */
const LONGEST_KEPT_RECORD = 65_536

/** Keeps refused rows with their place, reason and amounts, and as the file has them. */
export function quarantine(importRow: bigint, refused: readonly Refused[]): SQL {
  const rows = refused.map(({ line, column, code, message, billed, effective, record = '' }) => [
    ...[line, column, code, message, billed && exactText(billed), effective && exactText(effective)],
    record.length > LONGEST_KEPT_RECORD ? '' : record,
  ])
  return sql`insert into quarantined_rows (import_id, line, column_name, code, message, cost_usd, effective_cost_usd, record)
    select ${importRow}, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
    from json_each(${jsonText(rows)})`
}
