import type { MetricGroup } from '../monitoring/metrics.ts'
import { answerMemoryOf } from './answer-memory.ts'

/** What is kept of answers of analytics, by the isolate that answers; how often it was of use is counted for all of them. */
export const answerCacheMetrics: MetricGroup = async (asking) => {
  const memory = answerMemoryOf(asking)
  return [
    {
      name: 'heliox_analytics_cache_bytes',
      type: 'gauge',
      help: 'Size of the answers that this isolate keeps in memory.',
      samples: [{ value: memory.bytes() }],
    },
  ]
}
