import { expect, test } from 'vitest'
import { lineQuestion, readLineFilters } from './line-filters.ts'

test('an address is read, and what it does not understand is left out', () => {
  const read = readLineFilters({ start: '2026-01-02', end: '2026-01-01', gpu_type: ' h100 ', skip: '50' })
  expect(read).toEqual({ start: '2026-01-02', end: '', provider: '', gpu_type: 'h100', source: '', skip: 50 })
  expect(readLineFilters({ start: 'soon', skip: '-1' })).toMatchObject({ start: '', skip: 0 })
})

test('the server is asked for what is set, under its names', () => {
  const filters = { start: '2026-01-02', end: '', provider: '', gpu_type: 'h100', source: '' }
  expect(lineQuestion(filters)).toEqual({ start: '2026-01-02', gpuType: 'h100' })
})
