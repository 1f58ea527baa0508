import { sql } from 'drizzle-orm'
import type { MetricGroup } from '../monitoring/metrics.ts'

/** How long ago the last good backup was made. Left out before the first. */
export const backupMetrics: MetricGroup = async ({ db, now }) => {
  const [row] = await db.all<{ atMs: bigint }>(sql`select finished_at_ms as atMs from clock_runs where task = 'backup'`)
  return [
    {
      name: 'heliox_last_backup_age_seconds',
      type: 'gauge',
      help: 'Seconds since the last backup that was made and read back.',
      samples: row ? [{ value: Math.max(0, Math.floor((now() - Number(row.atMs)) / 1000)) }] : [],
    },
  ]
}
