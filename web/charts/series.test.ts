import { expect, test } from 'vitest'
import { drawnSeries, type Series, sumUsd } from './series.ts'

const series = (name: string, ...costUsd: Series['costUsd']): Series => ({ name, kind: 'owner', costUsd })

test('a sum keeps every digit', () => {
  expect(sumUsd(['0.1', '0.2'])).toBe('0.30') // floats make it 0.30000000000000004
  expect(sumUsd(['9007199.254740993', '0.000000001'])).toBe('9007199.254740994')
  expect(sumUsd([])).toBe('0.00')
})

test('the dearest keep a colour of their own, the others are drawn as one, remainders stay last', () => {
  const idle: Series = { name: '__idle__', kind: 'idle', costUsd: ['9.00', '9.00'] }
  const drawn = drawnSeries(
    [idle, series('b', '1.00', '0.10'), series('a', '5.00', '5.00'), series('c', '0.25', '0.20')],
    2,
  )
  expect(drawn.map(({ name, members }) => [name, members])).toEqual([
    ['a', 1],
    ['2 smaller ones', 2],
    ['__idle__', 1],
  ])
  expect(drawn[1]?.costUsd).toEqual(['1.25', '0.30'])
})

test('a credit is as large as a cost', () => {
  expect(drawnSeries([series('small', '1.00'), series('credit', '-5.00')], 8)[0]?.name).toBe('credit')
})
