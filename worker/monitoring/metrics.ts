import { answerCacheMetrics } from '../answer-cache/answer-cache-metrics.ts'
import type { Asking } from '../asking.ts'
import { backendMetrics } from '../backends/backend-metrics.ts'
import { backupMetrics } from '../backups/backup-metrics.ts'
import { budgetMetrics } from '../budgets/budget-metrics.ts'
import { deliveryMetrics } from '../deliveries/delivery-metrics.ts'
import { rootCause } from '../errors.ts'
import { cellMetrics } from '../metrics/cell-metrics.ts'
import { buildMetrics } from './build-metrics.ts'
import { ledgerMetrics } from './ledger-metrics.ts'
import { operationsMetrics } from './operations-metrics.ts'
import { type Metric, prometheusText } from './prometheus-text.ts'

/** What is asked for metrics. `showsMoney`: the scraper has sent METRICS_TOKEN. */
export type MetricsAsked = Pick<Asking, 'db' | 'settings' | 'now' | 'log' | 'meter'> & { showsMoney: boolean }

/** What belongs together. Open to strangers, so nothing in it names a person or a team, nor an amount unless it `showsMoney`. */
export type MetricGroup = (asked: MetricsAsked) => Promise<Metric[]>

/** Adding metrics: write their group's file, then its line here. */
const GROUPS: Readonly<Record<string, MetricGroup>> = {
  build: buildMetrics,
  requests: cellMetrics,
  answer_cache: answerCacheMetrics,
  ledger: ledgerMetrics,
  gateway: backendMetrics,
  deliveries: deliveryMetrics,
  backups: backupMetrics,
  budgets: budgetMetrics,
  operations: operationsMetrics,
}

/** All metrics as Prometheus reads them. A group that cannot be read, as without a database, is left out and says so. */
export async function metricsText(asking: MetricsAsked): Promise<string> {
  const metrics: Metric[] = []
  const readable: Metric['samples'][number][] = []
  for (const [group, read] of Object.entries(GROUPS)) {
    const found = await read(asking).catch((error: unknown) => {
      asking.log.error('metrics.group_failed', { group, error: String(rootCause(error)) })
      return null
    })
    metrics.push(...(found ?? []))
    readable.push({ labels: { group }, value: found ? 1 : 0 })
  }
  metrics.push({
    name: 'heliox_metrics_group_up',
    type: 'gauge',
    help: 'Whether the metrics of this group could be read; 0: they are missing here.',
    samples: readable,
  })
  return prometheusText(metrics)
}
