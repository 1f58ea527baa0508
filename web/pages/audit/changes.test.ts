import { expect, test } from 'vitest'
import { changesOf, fieldText, valueText } from './changes.ts'

test('only what differs is a change, and of a new thing all that it has', () => {
  expect(changesOf({ rpm: 5, name: 'a', scopes: ['x'] }, { rpm: 9, name: 'a', scopes: ['x'] })).toEqual([
    { field: 'rpm', before: 5, after: 9 },
  ])
  expect(changesOf(null, { name: 'a', rpm: null })).toEqual([{ field: 'name', before: null, after: 'a' }])
  expect(changesOf({ name: 'a' }, null)).toEqual([{ field: 'name', before: 'a', after: null }])
  expect(changesOf(null, null)).toEqual([])
})

test('a value reads without its JSON', () => {
  expect([null, undefined, '', [], 0, false].map(valueText)).toEqual(['–', '–', '–', '–', '0', 'false'])
  expect(valueText(['ingest', 'usage:read'])).toBe('ingest, usage:read')
  expect(valueText({ a: 1 })).toBe('{"a":1}')
})

test('a field reads as words', () => {
  expect(fieldText('monthlyLimitUsd')).toBe('monthly limit usd')
})
