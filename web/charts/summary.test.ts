import { expect, test } from 'vitest'
import type { UsdText } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { formatFullDay } from '../format/day.ts'
import type { DrawnSeries } from './series.ts'
import { summariseHours, summariseRows, summariseTrend } from './summary.ts'

const days = ['2026-01-01', '2026-01-02'] as Day[]
const series = (name: string, ...costUsd: UsdText[]): DrawnSeries => ({ name, kind: 'owner', costUsd, members: 1 })

test('a trend says its days, its exact total, the dearest day and the dearest names', () => {
  const words = summariseTrend({
    days,
    series: [series('aws', '100.00', '50.00'), series('gcp', '0.1', '7.2'), series('own', '0.2', '0.00')],
    isAdditive: true,
    full: formatFullDay,
  })
  // 100 + 0.1 + 0.2 on the first day; 100.3 + 57.2 in all
  expect(words).toBe(
    '2 columns from Thu, Jan 1, 2026 to Fri, Jan 2, 2026. $157.50 in total, most on Thu, Jan 1, 2026: $100.30. Largest: aws $150.00, gcp $7.30, own $0.20. The table has every figure.',
  )
})

test('what does not add up has no total', () => {
  const words = summariseTrend({
    days,
    series: [series('aws', '1.00', '2.00')],
    isAdditive: false,
    full: formatFullDay,
  })
  expect(words).not.toContain('total')
})

test('rows say how many they are and the shares of the dearest, whatever their order', () => {
  const row = (name: string, totalCostUsd: UsdText) => ({
    ...{ name, kind: 'owner' as const, totalCostUsd, jobCount: 1 },
    ...{ gpuHours: '1' as const, unmeasuredGpuHours: '0' as const },
  })
  expect(summariseRows([row('nlp', '25.00'), row('vision', '75.00')], '100.00', true)).toBe(
    '2 rows of $100.00 in total. Largest: vision $75.00 (75.0%), nlp $25.00 (25.0%). The table has every figure.',
  )
  expect(summariseRows([], '0.00', true)).toBe('Nothing to show.')
})

test('hours are summed over all days', () => {
  const words = summariseHours(days, [{ name: 'Busy', hours: [8, 2.5] }], formatFullDay)
  expect(words).toContain('Busy 10.5 GPU-hours')
})
