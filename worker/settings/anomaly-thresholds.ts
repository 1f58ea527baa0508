import { AnomalyThresholdFields, type AnomalyThresholds } from './anomaly-thresholds-input.ts'
import type { Setting } from './setting.ts'

/** From when on a deviation of cost is said to be an anomaly, until a question says otherwise. */
export const anomalyThresholds = {
  title: 'When a day’s cost is an anomaly',
  value: AnomalyThresholdFields,
  // No amount of dollars fits every company: what it spends on a median day does.
  fallback: { minImpactUsd: '0.00', minShareOfMedianDay: 0.01, sensitivity: 'medium' },
} satisfies Setting<AnomalyThresholds>
