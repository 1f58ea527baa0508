import { expect, test } from 'vitest'
import { readComparison, writeComparison } from './compare.ts'

test('an address says with what is compared; what it does not understand is the page’s default', () => {
  expect(readComparison('year')).toBe('year')
  expect(readComparison('toString')).toBe('none')
  expect(readComparison(undefined, 'previous')).toBe('previous')
  expect(readComparison(['year', 'none'])).toBe('none')
})

test('a page’s default needs no address, and its opposite does', () => {
  expect(writeComparison('none')).toBeNull()
  expect(writeComparison('none', 'previous')).toBe('none')
  expect(writeComparison('previous', 'previous')).toBeNull()
})
