import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clear, costFile, estate, jobFile, NOW, window } from '../analytics/testing.ts'
import { startHeliox } from '../testing.ts'
import { aMonth } from './monthly.ts'
import { recommendations } from './recommendations.ts'

test('random estates: the savings that are told together are at most the cost of the days, and add up', async () => {
  const heliox = await startHeliox({ now: NOW })
  let told = 0
  await fc.assert(
    fc.asyncProperty(estate, async (random) => {
      await clear(heliox)
      if (random.costs.length > 0) await heliox.send('cost-csv', costFile(random))
      if (random.jobs.length > 0) await heliox.send('jobs-json', jobFile(random))
      const answer = await recommendations(heliox.scope, window)
      if (answer.start === null || answer.end === null) return
      const days = (Date.parse(answer.end) - Date.parse(answer.start)) / 86_400_000 + 1
      const cost = await heliox.json<{ total_cost_usd: string }[]>(
        `/api/v1/analytics/cost/daily?start=${answer.start}&end=${answer.end}`,
      )
      const [whole, part] = [
        cost.reduce((sum, row) => sum + nanoOf(row.total_cost_usd), 0n),
        answer.totals.potentialNanoUsd,
      ]
      const rows = answer.recommendations
      // Each row is rounded to a month by itself.
      expect(part <= aMonth(whole, days) + BigInt(rows.length)).toBe(true)
      expect(rows.reduce((sum, { countedNanoUsd }) => sum + countedNanoUsd, 0n)).toBe(part)
      for (const row of rows) expect(row.evidence.length).toBeGreaterThan(0)
      if (rows.length > 0) told += 1
    }),
    { numRuns: 60, seed: 20260305 },
  )
  expect(told).toBeGreaterThan(10)
}, 120_000)

function nanoOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}
