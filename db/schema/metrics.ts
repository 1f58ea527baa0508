import { primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { intColumn } from './columns.ts'

/**
 * What /metrics counts, whichever isolate saw it: cells only grow, by what isolates and the meter add to them, so counters
 * go on through restarts. Beside them a row for each isolate (`isolate`, `active_connections`), which is overwritten and
 * forgotten; see worker/metrics/write-cells.ts.
 */
export const metricCells = sqliteTable(
  'metric_cells',
  {
    /** Of the metric, as it is served. */
    name: text('name').notNull(),
    /** JSON of the values of its labels, in the order in which the metric declares them. */
    labels: text('labels').notNull(),
    /** Of a histogram: upper edge in seconds, or "+Inf"; what is in a lower bucket is not in this one. Else ''. */
    bucket: text('bucket').notNull(),
    count: intColumn('count').notNull(),
    /** Of what was observed: microseconds, tokens or nano-dollars, as the metric declares. */
    sum: intColumn('sum').notNull(),
  },
  (t) => [primaryKey({ columns: [t.name, t.labels, t.bucket] })],
)
