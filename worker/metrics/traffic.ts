import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { COUNTED, INF } from './counted.ts'
import { type Bucket, quantile } from './quantile.ts'

const Seconds = (words: string) =>
  z.number().nullable().describe(`${words}, interpolated in its bucket as Prometheus does; null: none`)
const times = {
  p50Seconds: Seconds('Half took no longer'),
  p95Seconds: Seconds('95 % took no longer'),
  p99Seconds: Seconds('99 % took no longer'),
}

/** What /metrics has counted of requests and of the database, since the counts began. */
export const Traffic = z.object({
  requestCount: z.number().int().describe('Without probes and scrapes'),
  errorCount: z.number().int().describe('Answered with 5xx'),
  ...times,
  database: z.object({ roundTripCount: z.number().int(), ...times }),
  endpoints: z
    .array(
      z.object({
        method: z.string().meta({ examples: ['GET'] }),
        endpoint: z.string().meta({ examples: ['/api/v1/teams'] }),
        requestCount: z.number().int(),
        errorCount: z.number().int(),
        ...times,
      }),
    )
    .describe('By method and pattern of the route, the busiest 50 first'),
})
export type Traffic = z.output<typeof Traffic>

const MOST_ENDPOINTS = 50
const PROBE = /^\/(health|metrics)(\/|$)/
type Row = { name: string; labels: string; bucket: string; count: bigint }

/** Requests by method and endpoint with how many failed and how long they took. A door: the page of monitoring. */
export async function readTraffic(db: Db): Promise<Traffic> {
  const rows = await db.all<Row>(sql`select name, labels, bucket, count from metric_cells
    where name in ('api_requests_total', 'api_request_duration_seconds', 'heliox_database_seconds')`)
  const of = (wanted: keyof typeof COUNTED) => rows.filter(({ name }) => name === wanted)
  const counts = new Map<string, { requestCount: number; errorCount: number }>()
  for (const { labels, count } of of('api_requests_total')) {
    const [method = '', endpoint = '', status = ''] = JSON.parse(labels) as string[]
    if (PROBE.test(endpoint)) continue
    const key = JSON.stringify([method, endpoint])
    const known = counts.get(key) ?? { requestCount: 0, errorCount: 0 }
    known.requestCount += Number(count)
    if (status.startsWith('5')) known.errorCount += Number(count)
    counts.set(key, known)
  }
  const durations = of('api_request_duration_seconds').filter(({ labels }) => counts.has(labels))
  const edges = COUNTED.api_request_duration_seconds.edges
  const byEndpoint = Map.groupBy(durations, ({ labels }) => labels)
  const endpoints = [...counts].map(([key, sums]) => {
    const [method = '', endpoint = ''] = JSON.parse(key) as string[]
    return { method, endpoint, ...sums, ...timesOf(edges, byEndpoint.get(key) ?? []) }
  })
  const trips = of('heliox_database_seconds')
  return {
    requestCount: endpoints.reduce((sum, one) => sum + one.requestCount, 0),
    errorCount: endpoints.reduce((sum, one) => sum + one.errorCount, 0),
    ...timesOf(edges, durations),
    database: {
      roundTripCount: trips.reduce((sum, { count }) => sum + Number(count), 0),
      ...timesOf(COUNTED.heliox_database_seconds.edges, trips),
    },
    endpoints: endpoints.sort((a, b) => b.requestCount - a.requestCount).slice(0, MOST_ENDPOINTS),
  }
}

function timesOf(edges: readonly number[], rows: readonly Row[]) {
  let count = 0
  const buckets: Bucket[] = [...edges.map(String), INF].map((le) => {
    for (const row of rows) if (row.bucket === le) count += Number(row.count)
    return { edge: le === INF ? Number.POSITIVE_INFINITY : Number(le), count }
  })
  return {
    p50Seconds: quantile(0.5, buckets),
    p95Seconds: quantile(0.95, buckets),
    p99Seconds: quantile(0.99, buckets),
  }
}
