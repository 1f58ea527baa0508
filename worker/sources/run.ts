import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { RUN_STATUSES, sourceRuns } from '../../db/schema/sources.ts'
import { type Id, type ImportId, idText } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant, Usd } from '../answer-fields.ts'
import { MOST_ATTEMPTS } from './schedule.ts'

/** Imports of a run that an answer names. */
const MOST_NAMED = 50

/** One pull of one source. */
export const Run = z.object({
  id: AnsweredId('run'),
  sourceId: AnsweredId('src'),
  dueAtMs: Instant.describe(
    'The instant of the schedule that it stands for; its own start where a person asked for it',
  ),
  actor: z.string().describe('clock, or who asked for it'),
  status: z.enum(RUN_STATUSES),
  startedAtMs: Instant,
  finishedAtMs: Instant.nullable().describe('Null: under way'),
  attempts: z.number().int().describe(`How often it was tried; the clock gives up after ${MOST_ATTEMPTS}`),
  nextAttemptAtMs: Instant.nullable().describe('Of a failed one: from when on it is tried again; null: it is not'),
  fileCount: z.number().int().describe('Files that were imported'),
  imports: z.array(AnsweredId('imp')).describe(`The first ${MOST_NAMED} of its imports`),
  rows: z.number().int().describe('Rows of those files'),
  storedCostNanoUsd: Usd,
  message: z.string(),
})
export type Run = z.output<typeof Run>

type Reader = Pick<Db, 'select'>

const ofImports = (what: string) =>
  sql`(select ${sql.raw(what)} from imports i where i.id in (select value from json_each(${sourceRuns.importsJson})))`

const COLUMNS = {
  run: sourceRuns,
  rows: sql<bigint>`${ofImports('coalesce(sum(i.rows_read), 0)')}`,
  storedCostNanoUsd: sql<NanoUsd>`${ofImports('coalesce(sum(i.stored_cost_nano_usd), 0)')}`,
}

/** A source's runs, the latest first. */
export async function selectRuns(
  reader: Reader,
  sourceId: Id<'src'>,
  { skip, limit }: { skip: number; limit: number },
) {
  const rows = await reader
    .select(COLUMNS)
    .from(sourceRuns)
    .where(eq(sourceRuns.sourceId, sourceId))
    .orderBy(desc(sourceRuns.id))
    .limit(limit)
    .offset(skip)
  return rows.map(viewOf)
}

export async function runOf(reader: Reader, id: Id<'run'>): Promise<Run> {
  const [row] = await reader.select(COLUMNS).from(sourceRuns).where(eq(sourceRuns.id, id))
  if (!row) throw new Error(`no run ${id}`)
  return viewOf(row)
}

/** The latest run of each of these sources. */
export async function lastRuns(reader: Reader, ids: readonly Id<'src'>[]): Promise<Map<Id<'src'>, Run>> {
  if (ids.length === 0) return new Map()
  const isLatest = sql`${sourceRuns.id} = (select max(o.id) from source_runs o where o.source_id = ${sourceRuns.sourceId})`
  const rows = await reader
    .select(COLUMNS)
    .from(sourceRuns)
    .where(and(inArray(sourceRuns.sourceId, [...ids]), isLatest))
  return new Map(rows.map((row) => [row.run.sourceId, viewOf(row)]))
}

function viewOf({
  run,
  rows,
  storedCostNanoUsd,
}: {
  run: typeof sourceRuns.$inferSelect
  rows: bigint
  storedCostNanoUsd: NanoUsd
}): Run {
  const { id, sourceId, dueAtMs, actor, status, startedAtMs, finishedAtMs, attempts, fileCount, message } = run
  const imports = importRowsOf(run)
    .slice(0, MOST_NAMED)
    .map((row): ImportId => idText('imp', row))
  const isTriedAgain = status === 'failed' && actor === 'clock' && attempts < MOST_ATTEMPTS
  return {
    ...{ id, sourceId, dueAtMs, actor, status, startedAtMs, finishedAtMs, attempts, fileCount, imports, message },
    ...{ nextAttemptAtMs: isTriedAgain ? (run.leasedUntilMs as EpochMs) : null, rows: Number(rows), storedCostNanoUsd },
  }
}

export function importRowsOf({ importsJson }: { importsJson: string }): number[] {
  return JSON.parse(importsJson) as number[]
}
