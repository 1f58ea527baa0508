import { expect, test } from 'vitest'
import { changeOf, formatShare } from './change.ts'

test('a change says direction, amount and share in words', () => {
  expect(changeOf('150.00', '100.00')).toEqual({
    direction: 'up',
    amount: '$50.00',
    percent: '50.0%',
    words: 'up $50.00 (50.0%) from the period before',
  })
  expect(changeOf('150.00', '100.00', 'the year before')?.words).toBe('up $50.00 (50.0%) from the year before')
  expect(changeOf('75.00', '100.00')).toMatchObject({ direction: 'down', amount: '$25.00', percent: '25.0%' })
  expect(changeOf('100.00', '100.00')?.words).toBe('the same as the period before')
})

test('a difference of one nano-dollar is a difference', () => {
  expect(changeOf('100.000000001', '100.00')).toMatchObject({ direction: 'up', amount: '$0.000000001' })
})

test('without spend before there is nothing to compare with', () => {
  expect(changeOf('10.00', '0.00')).toBeNull()
  expect(changeOf('10.00', '-5.00')).toBeNull() // a credit: a share of it would mean nothing
})

test('a share that is there is never 0%', () => {
  expect(formatShare('231.41', '2670379.02')).toBe('< 0.1%')
  expect(formatShare('0.00', '100.00')).toBe('0%')
  expect(formatShare('12.50', '100.00')).toBe('12.5%')
  expect(formatShare('1.00', '0.00')).toBeNull()
})
