import { sql } from 'drizzle-orm'
import { readBatch } from '../../db/client.ts'
import { lastCheck } from '../ledger/kept.ts'
import { notedDifference } from '../metrics/note-reconciliation.ts'
import { CLOCK_TASKS } from './clock-runs.ts'
import type { MetricGroup } from './metrics.ts'
import { databaseBytes } from './monitoring-state.ts'
import type { Metric } from './prometheus-text.ts'

const STATUSES = [
  'queued',
  'reading',
  'storing',
  'interrupted',
  'success',
  'partial_success',
  'failed',
  'cancelled',
  'removed',
] as const
const NANO = 1_000_000_000

/** What comes in, what waits, and whether the clock and the ledger are well; all of it from the database. */
export const operationsMetrics: MetricGroup = async ({ db, now, log, showsMoney }) => {
  const [statuses, last, waiting, runs] = await readBatch(db, [
    sql`select status, count(*) as count from imports where is_dry_run = 0 group by 1`,
    sql`select max(finished_at_ms) as atMs from imports where status in ('success', 'partial_success') and is_dry_run = 0`,
    sql`select 'imports' as queue, min(started_at_ms) as atMs from imports where status in ('queued', 'reading', 'storing')
      union all select 'deliveries', min(created_at_ms) from deliveries where status in ('queued', 'sending')`,
    sql`select task, finished_at_ms as atMs from clock_runs where task not like '%@%'`,
  ])
  const counted = new Map(statuses?.rows.map(({ status, count }) => [status, Number(count)]))
  const lastAt = last?.rows[0]?.atMs
  const ends = new Map(runs?.rows.map(({ task, atMs }) => [task, Number(atMs)]))
  const check = await lastCheck({ db })
  const noted = await notedDifference(db)
  const bytes = await databaseBytes({ db, log })
  const difference = noted?.differenceNanoUsd ?? null
  return [
    gauge(
      'heliox_imports',
      'Imports that are kept in the list, by how they stand.',
      ...STATUSES.map((status) => ({ labels: { status }, value: counted.get(status) ?? 0 })),
    ),
    gauge(
      'heliox_import_last_success_timestamp_seconds',
      'When the last import that brought something came to its end; absent before the first.',
      ...(lastAt == null ? [] : [{ value: Number(lastAt) / 1000 }]),
    ),
    gauge(
      'heliox_queue_oldest_age_seconds',
      'How long the oldest of what waits or is under way has been there; 0: nothing is.',
      ...(waiting?.rows ?? []).map(({ queue, atMs }) => ({
        ...{ labels: { queue: String(queue) }, value: atMs == null ? 0 : Math.max(0, now() - Number(atMs)) / 1000 },
      })),
    ),
    gauge(
      'heliox_clock_last_end_timestamp_seconds',
      'When each of the clock’s tasks last came to its end; absent before the first time.',
      ...CLOCK_TASKS.flatMap((task) => {
        const atMs = ends.get(task)
        return atMs === undefined ? [] : [{ labels: { task }, value: atMs / 1000 }]
      }),
    ),
    gauge(
      'heliox_ledger_holds',
      'Whether the last check found the ledger to be what bills and jobs make of it; absent before the first.',
      ...(check ? [{ value: check.holds ? 1 : 0 }] : []),
    ),
    gauge(
      'heliox_reconciliation_difference_found',
      'Whether what was billed over the last 35 complete days differs from what was shared out, as noted every five minutes.',
      ...(difference === null ? [] : [{ value: difference === 0n ? 0 : 1 }]),
    ),
    gauge(
      'heliox_reconciliation_difference_usd',
      'Billed minus shared out over those days.',
      ...(difference === null || !showsMoney ? [] : [{ value: Number(difference) / NANO }]),
    ),
    gauge(
      'heliox_database_bytes',
      'Size of the database; absent where it does not tell.',
      ...(bytes === null ? [] : [{ value: bytes }]),
    ),
  ]
}

function gauge(name: string, help: string, ...samples: Metric['samples'][number][]): Metric {
  return { name, type: 'gauge', help, samples }
}
