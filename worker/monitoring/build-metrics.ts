import manifest from '../../package.json' with { type: 'json' }
import type { MetricGroup } from './metrics.ts'

/** Which Heliox answers. */
export const buildMetrics: MetricGroup = async () => [
  {
    name: 'heliox_build_info',
    type: 'gauge',
    help: 'Always 1; the labels say which Heliox answers.',
    samples: [{ labels: { version: manifest.version }, value: 1 }],
  },
]
