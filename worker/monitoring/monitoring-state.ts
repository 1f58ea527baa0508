import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { LedgerCheck } from '../analytics/check-ledger.ts'
import { answerMemoryOf } from '../answer-cache/answer-memory.ts'
import { Instant } from '../answer-fields.ts'
import type { Asking } from '../asking.ts'
import { rootCause } from '../errors.ts'
import { lastCheck } from '../ledger/kept.ts'
import { readTraffic, Traffic } from '../metrics/traffic.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { CLOCK_TASKS, endsByTask } from './clock-runs.ts'
import { DetailedHealth, detailedHealth } from './detailed-health.ts'

const count = () => z.number().int()

/** Whether Heliox itself is well: what /health/detailed says, with what is behind it. */
export const MonitoringState = z.object({
  health: DetailedHealth,
  clock: z.array(
    z.object({
      task: z.enum(CLOCK_TASKS),
      finishedAtMs: Instant.nullable().describe('When it last came to its end; null: never yet'),
      ends: z.array(z.object({ finishedAtMs: Instant })).describe('Its last 50 ends at most, the last first'),
    }),
  ),
  stalePoolDays: count().describe('Pool-days whose jobs or costs changed and that wait to be shared out'),
  ledgerCheck: LedgerCheck.nullable().describe('The last one; null: there was none yet'),
  imports: z.object({
    queued: count().describe('Files that wait to be read'),
    underWay: count().describe('Read or stored just now'),
    interrupted: count().describe('Stopped moving; they can be taken up again'),
    failedKept: count().describe('Failed, and their file is kept to be read again or thrown away'),
    oldestAtMs: Instant.nullable().describe(
      'When the oldest of those that wait or are under way began; null: none does',
    ),
  }),
  answerCache: z
    .object({ hit: count(), miss: count(), notModified: count(), bytes: count() })
    .describe('Questions to analytics since the isolate that answers began; each isolate counts for itself'),
  traffic: Traffic,
  databaseBytes: count().nullable().describe('Size of the database; null: it does not tell'),
})
export type MonitoringState = z.output<typeof MonitoringState>

/** How Heliox is, as of now. @throws HelioxError forbidden `auth.role`, `auth.key_scope` */
export async function monitoringState(
  scope: Scope,
  asking: Pick<Asking, 'settings' | 'backups'>,
): Promise<MonitoringState> {
  allow(scope, 'monitoring:read')
  const health = await detailedHealth({ ...scope, backups: asking.backups }, true)
  const [runs, stale, imports] = await readBatch(scope.db, [
    sql`select task, finished_at_ms as atMs from clock_runs`,
    sql`select count(*) as waiting from pool_days where is_stale = 1`,
    sql`select coalesce(sum(status = 'queued'), 0) as queued, coalesce(sum(status in ('reading', 'storing')), 0) as underWay,
      coalesce(sum(status = 'interrupted'), 0) as interrupted, coalesce(sum(status = 'failed'), 0) as failedKept,
      min(case when status in ('queued', 'reading', 'storing') then started_at_ms end) as oldestAtMs from imports
      where status in ('queued', 'reading', 'storing', 'interrupted') or (status = 'failed' and object_key <> '')`,
  ])
  const ended = (runs?.rows ?? []).map(({ task, atMs }) => ({ task: String(task), atMs: Number(atMs) as EpochMs }))
  const finished = new Map(ended.map(({ task, atMs }) => [task, atMs]))
  const ends = endsByTask(ended)
  const open = imports?.rows[0]
  const memory = answerMemoryOf(asking)
  const { hit, miss, not_modified: notModified } = memory.asked
  return {
    health,
    clock: CLOCK_TASKS.map((task) => ({
      ...{ task, finishedAtMs: finished.get(task) ?? null },
      ends: (ends.get(task) ?? []).map((finishedAtMs) => ({ finishedAtMs })),
    })),
    stalePoolDays: Number(stale?.rows[0]?.waiting ?? 0),
    ledgerCheck: await lastCheck(scope),
    imports: {
      queued: Number(open?.queued ?? 0),
      underWay: Number(open?.underWay ?? 0),
      interrupted: Number(open?.interrupted ?? 0),
      failedKept: Number(open?.failedKept ?? 0),
      oldestAtMs: open?.oldestAtMs == null ? null : (Number(open.oldestAtMs) as EpochMs),
    },
    answerCache: { hit, miss, notModified, bytes: memory.bytes() },
    traffic: await readTraffic(scope.db),
    databaseBytes: await databaseBytes(scope),
  }
}

/** Size of the database. Null: a hosted one may not tell. */
export async function databaseBytes({ db, log }: Pick<Scope, 'db' | 'log'>): Promise<number | null> {
  try {
    const [row] = await db.all<{ bytes: bigint }>(
      sql`select c.page_count * s.page_size as bytes from pragma_page_count() c, pragma_page_size() s`,
    )
    return row ? Number(row.bytes) : null
  } catch (error) {
    log.debug('monitoring.no_database_size', { error: String(rootCause(error)) })
    return null
  }
}
