import fc from 'fast-check'
import { expect, test } from 'vitest'
import { usdText } from '../../db/units/money.ts'
import { EXPLORER_FIELDS, explore } from '../analytics/explore.ts'
import { clear, costFile, estate, jobFile, NOW, window } from '../analytics/testing.ts'
import { questionWith } from '../analytics/window.ts'
import { startHeliox } from '../testing.ts'
import { ReplayAsked } from './changes.ts'
import { replay } from './replay.ts'

const Explored = questionWith(EXPLORER_FIELDS)
const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n)

test('random estates: actual prices and utilisation return the actual cost exactly, and rows sum to it under any', async () => {
  const heliox = await startHeliox({ now: NOW })
  let [figures, changed] = [0, 0]
  const asking = fc.record({
    basis: fc.constantFrom('allocation' as const, 'usage' as const),
    percent: fc.integer({ min: -100, max: 300 }),
    gpus: fc.integer({ min: 0, max: 8 }),
    discount: fc.integer({ min: 0, max: 60 }),
    share: fc.integer({ min: 1, max: 100 }),
  })
  await fc.assert(
    fc.asyncProperty(estate, asking, async (random, { basis, percent, gpus, discount, share }) => {
      await clear(heliox)
      if (random.costs.length > 0) await heliox.send('cost-csv', costFile(random))
      if (random.jobs.length > 0) await heliox.send('jobs-json', jobFile(random))
      const ask = (more: object) => replay(heliox.scope, ReplayAsked.parse({ ...window, basis, ...more }))
      const actual = await ask({})
      const told = await explore(heliox.scope, Explored.parse({ ...window, basis, groupBy: 'team', top: 200 }))
      expect(actual.gpu.beforeNanoUsd).toBe(told.totalCostNanoUsd)
      expect(actual.gpu.afterNanoUsd).toBe(told.totalCostNanoUsd)
      if (told.totalCostNanoUsd > 0n) figures += 1
      const name = ({ provider, gpuType }: { provider: string; gpuType: string }) => `${provider}/${gpuType}`
      const same = await ask({
        gpuPrice: actual.pools.flatMap((pool) =>
          pool.gpuHourNanoUsd === null ? [] : [`${name(pool)}=${usdText(pool.gpuHourNanoUsd)}`],
        ),
        utilization: actual.pools.flatMap((pool) =>
          // More held than there was is no utilisation that can be asked for.
          pool.utilization && pool.utilization <= 1 ? [`${name(pool)}=${(pool.utilization * 100).toFixed(4)}`] : [],
        ),
        gpuPercent: ['*/*=0'],
      })
      expect(same).toEqual(actual)
      const other = await ask({
        ...{ gpuPercent: [`*/*=${percent}`], commit: [`*/*=${gpus}@${discount}`], utilization: [`*/*=${share}`] },
      })
      for (const rows of [other.teams, other.pools]) {
        expect(sum(rows.map(({ beforeNanoUsd }) => beforeNanoUsd))).toBe(other.gpu.beforeNanoUsd)
        expect(sum(rows.map(({ afterNanoUsd }) => afterNanoUsd))).toBe(other.gpu.afterNanoUsd)
      }
      if (other.gpu.differenceNanoUsd !== 0n) changed += 1
    }),
    { numRuns: 80, seed: 20260304 },
  )
  expect(figures).toBeGreaterThan(30)
  expect(changed).toBeGreaterThan(20)
}, 120_000)
