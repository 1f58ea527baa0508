import { answerCacheMetrics } from '../answer-cache/answer-cache-metrics.ts'
import type { Asking } from '../asking.ts'
import { backendMetrics } from '../backends/backend-metrics.ts'
import { backupMetrics } from '../backups/backup-metrics.ts'
import { deliveryMetrics } from '../deliveries/delivery-metrics.ts'
import { rootCause } from '../errors.ts'
import { buildMetrics } from './build-metrics.ts'
import { ledgerMetrics } from './ledger-metrics.ts'
import { type Metric, prometheusText } from './prometheus-text.ts'

/** What belongs together. Open to strangers, so nothing in it names a person, a team or an amount. */
export type MetricGroup = (asking: Pick<Asking, 'db' | 'settings' | 'now' | 'log' | 'meter'>) => Promise<Metric[]>

/** Adding metrics: write their group's file, then its line here. */
const GROUPS: Readonly<Record<string, MetricGroup>> = {
  build: buildMetrics,
  answer_cache: answerCacheMetrics,
  ledger: ledgerMetrics,
  gateway: backendMetrics,
  deliveries: deliveryMetrics,
  backups: backupMetrics,
}

/** All metrics as Prometheus reads them. A group that cannot be read, as without a database, is left out and says so. */
export async function metricsText(asking: Pick<Asking, 'db' | 'settings' | 'now' | 'log' | 'meter'>): Promise<string> {
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
