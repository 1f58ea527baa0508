import { expect, test } from 'vitest'
import { queryStringOf, questionOf, readFilters } from './filters.ts'

test('an address is read, and what makes no sense in it is left out', () => {
  const filters = readFilters({ start: '2026-03-02', end: '2026-03-01', action: ' keys ', target: 'key_1', skip: '-1' })
  expect(questionOf(filters)).toEqual({ skip: 0, start: '2026-03-02', action: 'keys', targetId: 'key_1' })
  expect(questionOf(readFilters({ start: '2026-02-30', search: ['a', 'b'] }))).toEqual({ skip: 0, search: 'a' })
})

test('the file is asked for with the same filters, and without the page', () => {
  const filters = readFilters({ end: '2026-03-01', actor: 'ada@example.com', target: 'key_1', skip: '50' })
  expect(queryStringOf(filters)).toBe('end=2026-03-01&actor=ada%40example.com&target_id=key_1')
})
