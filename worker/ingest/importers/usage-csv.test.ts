import { expect, test } from 'vitest'
import { costCsv } from './cost-csv.ts'
import { NOTHING_SAID } from './testing.ts'
import { usageCsv } from './usage-csv.ts'

const read = (text: string) => {
  const reader = usageCsv.open(NOTHING_SAID)
  return [...reader.push(text), ...reader.end()]
}

test('columns stand in any order and case, others are passed over, and what was measured may be left out', () => {
  expect(read('GPU_Hours,note,Date,provider,gpu_type\n24,x,2026-02-01, AWS , H100 \n')).toEqual([
    {
      ...{ kind: 'usage', line: 2, entryDate: '2026-02-01', provider: 'aws', gpuType: 'h100' },
      ...{ gpuSeconds: 86_400, measuredGpuSeconds: null },
    },
  ])
})

test('GPU-hours that a cost bought are no measurement: such a file is a cost-csv and nothing else', () => {
  const text = 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-02-01,aws,h100,1,1\n'
  expect(usageCsv.recognises(text)).toBeNull()
  expect(costCsv.recognises(text)).not.toBeNull()
  expect(() => read(text)).toThrow(/no cost_usd; this is a cost-csv file/)
  expect(costCsv.recognises('date,provider,gpu_type,gpu_hours\n')).toBeNull()
})
