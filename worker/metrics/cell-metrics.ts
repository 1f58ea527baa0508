import { sql } from 'drizzle-orm'
import type { MetricGroup } from '../monitoring/metrics.ts'
import type { Metric } from '../monitoring/prometheus-text.ts'
import { COUNTED, type Counted, INF } from './counted.ts'
import { countsOf } from './isolate-counts.ts'
import { BELIEVED_MS, OPEN } from './write-cells.ts'

type Row = { name: string; labels: string; bucket: string; count: bigint; sum: bigint }

/** All that is counted, as the database has it, after what this isolate still held has been written. */
export const cellMetrics: MetricGroup = async (asking) => {
  const counts = countsOf(asking)
  await counts.write(() => asking.db, asking.log)
  const rows = await asking.db.all<Row>(sql`select name, labels, bucket, count, sum from metric_cells`)
  const byName = Map.groupBy(rows, ({ name }) => name)
  const metrics = Object.entries<Counted>(COUNTED).flatMap(([name, counted]): Metric[] => {
    if (counted.isMoney && !asking.showsMoney) return []
    const cells = byName.get(name) ?? []
    const samples = counted.type === 'histogram' ? histogram(counted, cells) : counter(counted, cells)
    return [{ name, type: counted.type, help: counted.help, samples }]
  })
  const since = BigInt(Date.now() - BELIEVED_MS)
  const elsewhere = (byName.get(OPEN) ?? []).filter(({ labels, sum }) => labels !== counts.id && sum >= since)
  const standing = await asking.meter?.standing()
  const open = elsewhere.reduce((total, { count }) => total + Number(count), counts.isAnswering + (standing?.open ?? 0))
  return [
    ...metrics,
    {
      name: 'active_connections',
      type: 'gauge',
      help: 'Requests that are being answered: by this isolate, by others as they last said within 30 s, and calls of models that have not ended.',
      samples: [{ value: open }],
    },
  ]
}

type Samples = Metric['samples']

function counter({ labels, sumsPer, from0 = [] }: Counted, cells: readonly Row[]): Samples {
  const values = new Map<string, number>(from0.map((one) => [JSON.stringify(one), 0]))
  for (const { labels: key, count, sum } of cells)
    values.set(key, sumsPer === undefined ? Number(count) : Number(sum) / sumsPer)
  return [...values].map(([key, value]) => ({ labels: labelled(labels, key), value }))
}

/** Prometheus counts into every bucket what is in the lower ones. */
function histogram({ labels, edges = [] }: Counted, cells: readonly Row[]): Samples {
  return [...Map.groupBy(cells, (cell) => cell.labels)].flatMap(([key, own]) => {
    const named = labelled(labels, key)
    const inBucket = new Map(own.map(({ bucket, count }) => [bucket, Number(count)]))
    let below = 0
    const buckets = [...edges.map(String), INF].map((le) => {
      below += inBucket.get(le) ?? 0
      return { suffix: '_bucket', labels: { ...named, le }, value: below } as const
    })
    const micros = own.reduce((total, { sum }) => total + sum, 0n)
    return [
      ...buckets,
      { suffix: '_sum', labels: named, value: Number(micros) / 1_000_000 },
      { suffix: '_count', labels: named, value: below },
    ]
  })
}

function labelled(names: readonly string[], key: string): Record<string, string> {
  const values = JSON.parse(key) as string[]
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))
}
