import { expect, test } from 'vitest'
import { requests } from '../../db/schema/requests.ts'
import { dayOf } from '../../db/units/time.ts'
import { startHeliox } from '../testing.ts'
import { pricesHealth } from './unpriced.ts'

test('a few calls without a price are said and degrade nothing, more do; the echo counts for neither', async () => {
  const heliox = await startHeliox()
  let calls = 0
  const call = async (more: object) => {
    calls += 1
    await heliox.db.insert(requests).values({
      ...{ id: `req_${calls}`, startedAtMs: heliox.now(), day: dayOf(heliox.now()), endpoint: 'chat.completions' },
      ...{ modelAsked: 'mini', model: 'tiny-2', provider: 'own', isStream: false, status: 'completed' },
      ...{ inputTokens: 10, outputTokens: 5, costNanoUsd: null, costGrade: 'unpriced', ...more },
    })
  }
  for (let time = 0; time < 12; time += 1) await call({ modelAsked: 'echo', model: 'echo', provider: 'echo' })
  expect(await pricesHealth(heliox)).toEqual({ isFine: true, message: 'Every model that was called has a price' })
  await call({})
  expect(await pricesHealth(heliox)).toEqual({
    ...{ isFine: true, message: '1 model has no price and was called once in the last 30 days: mini (tiny-2)' },
  })
  for (let time = 0; time < 10; time += 1) await call({ modelAsked: 'large', model: 'large' })
  expect(await pricesHealth(heliox)).toEqual({
    isFine: false,
    message: '2 models have no price and were called 11 times in the last 30 days: large, mini (tiny-2)',
  })
  const days = { start: '2026-02-01', end: '2026-03-01' }
  const { bought } = await heliox.trpc.analytics.unitEconomics.query(days)
  expect(bought.map(({ model }) => model)).toEqual(['large', 'mini'])
})
