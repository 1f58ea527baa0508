import { expect, test } from 'vitest'
import type { Explored } from './insight-queries.ts'
import { dearest, topMovers } from './movers.ts'

const row = (name: string, totalCostUsd: string, previousTotalCostUsd: string, kind = 'owner') => ({
  ...{ names: [name], kind, totalCostUsd, previousTotalCostUsd },
})
const answer = (...rows: object[]) => ({ rows }) as unknown as Explored

test('the greatest change is first, whichever way it goes, and remainders do not move', () => {
  const teams = answer(row('a', '10.00', '5.00'), row('b', '1.00', '100.00'), row('c', '2.00', '2.00'))
  const models = answer(
    row('m', '30.000000001', '0.00'),
    row('__idle__', '900.00', '0.00', 'idle'),
    row('', '50.00', '0.00'),
  )
  const movers = topMovers(
    [
      ['team', teams],
      ['model', models],
      ['gpu_type', undefined],
    ],
    3,
  )
  expect(
    movers.map(({ where, row: { names }, changeUsd, direction }) => [where, names[0], changeUsd, direction]),
  ).toEqual([
    ['team', 'b', '-99.00', 'down'],
    ['model', 'm', '30.000000001', 'up'],
    ['team', 'a', '5.00', 'up'],
  ])
})

test('the dearest is who has a name and a cost', () => {
  expect(dearest(answer(row('', '9.00', '0.00'), row('a', '3.00', '0.00')))?.names).toEqual(['a'])
  expect(dearest(answer(row('a', '0.00', '1.00'), row('__idle__', '9.00', '0.00', 'idle')))).toBeUndefined()
})
