import { sql } from 'drizzle-orm'
import { readVersion } from '../answer-cache/ledger-version.ts'
import type { MetricGroup } from './metrics.ts'

/** How often the ledger has changed, and what of it waits. Both from the database, so the same in every isolate. */
export const ledgerMetrics: MetricGroup = async (asking) => {
  const version = await readVersion(asking)
  const [row] = await asking.db.all<{ waiting: bigint }>(
    sql`select count(*) as waiting from pool_days where is_stale = 1`,
  )
  return [
    {
      name: 'heliox_ledger_version',
      type: 'gauge',
      help: 'Raised by every change of the ledger; answers are kept until it changes.',
      samples: [{ value: version }],
    },
    {
      name: 'heliox_ledger_stale_pools',
      type: 'gauge',
      help: 'Pool-days whose jobs or costs changed and that wait to be shared out.',
      samples: [{ value: row?.waiting ?? 0n }],
    },
  ]
}
