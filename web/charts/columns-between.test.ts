import { expect, test } from 'vitest'
import { columnsBetween } from './columns-between.ts'

test('a drag covers the columns that it touches, to the left as to the right', () => {
  // ten columns of ten pixels: 15 is in the second, 34 in the fourth
  expect(columnsBetween(15, 34, 100, 10)).toEqual([1, 3])
  expect(columnsBetween(34, 15, 100, 10)).toEqual([1, 3])
})

test('a drag beyond the columns ends with the last one', () => {
  expect(columnsBetween(-5, 100, 100, 10)).toEqual([0, 9])
})
