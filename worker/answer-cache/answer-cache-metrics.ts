import type { MetricGroup } from '../monitoring/metrics.ts'
import { answerMemoryOf } from './answer-memory.ts'

/** Whether answers of analytics come from what is kept. Each isolate keeps its own, and counts for itself. */
export const answerCacheMetrics: MetricGroup = async (asking) => {
  const memory = answerMemoryOf(asking)
  return [
    {
      name: 'heliox_analytics_cache_requests_total',
      type: 'counter',
      help: 'Questions to analytics since this isolate began: answered from memory or its location’s cache (hit), made anew (miss), held by the client (not_modified).',
      samples: Object.entries(memory.asked).map(([result, value]) => ({ labels: { result }, value })),
    },
    {
      name: 'heliox_analytics_cache_bytes',
      type: 'gauge',
      help: 'Size of the answers that this isolate keeps in memory.',
      samples: [{ value: memory.bytes() }],
    },
  ]
}
