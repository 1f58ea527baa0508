import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import {
  FILTERS,
  queryStringOf,
  questionOf,
  readChoice,
  TEAM_BASES,
  withFilter,
  withoutFilter,
  writeChoice,
} from './choice.ts'

const today = '2026-01-14' as Day

test('an address is read with defaults for what it does not say or what is unknown', () => {
  expect(readChoice({ basis: 'free', group: 'constructor' })).toEqual({
    range: { preset: '14d' },
    zone: 'UTC',
    basis: 'allocation',
    group: 'provider',
    filters: [],
  })
})

test('a link to a basis that the reader may not choose is read as the default', () => {
  expect(readChoice({ basis: 'exposure' }).basis).toBe('exposure')
  expect(readChoice({ basis: 'exposure' }, TEAM_BASES).basis).toBe('allocation')
  expect(readChoice({ basis: 'usage' }, TEAM_BASES).basis).toBe('usage')
})

test('filters may repeat; the same one twice is one', () => {
  const { filters } = readChoice({ provider: ['aws', 'gcp', 'aws'], team_id: 'team_3', model_name: '' })
  expect(filters).toEqual([
    { name: 'provider', value: 'aws' },
    { name: 'provider', value: 'gcp' },
    { name: 'team_id', value: 'team_3' },
  ])
})

test('a change writes only what it changes, and clears filters that are gone', () => {
  expect(writeChoice({ basis: 'usage' })).toEqual({ basis: 'usage' })
  expect(writeChoice({ basis: 'allocation' })).toEqual({ basis: null })
  const none = Object.fromEntries(Object.keys(FILTERS).map((name) => [name, []]))
  expect(writeChoice({ filters: [{ name: 'gpu_type', value: 'h100' }] })).toEqual({ ...none, gpu_type: ['h100'] })
})

test('the question names only the filters that are on', () => {
  const choice = readChoice({ range: '7d', basis: 'usage', provider: 'aws', model_name: 'bert' })
  expect(questionOf(choice, today)).toEqual({
    start: '2026-01-08',
    end: '2026-01-14',
    basis: 'usage',
    provider: ['aws'],
    modelName: ['bert'],
  })
  expect(queryStringOf(choice, today)).toBe('start=2026-01-08&end=2026-01-14&basis=usage&provider=aws&model_name=bert')
})

test('days are UTC unless the address names a zone that there is', () => {
  expect(readChoice({ zone: 'Europe/Berlin' }).zone).toBe('Europe/Berlin')
  expect(readChoice({ zone: 'Mars/Olympus' }).zone).toBe('UTC')
  expect(writeChoice({ zone: 'Europe/Berlin' })).toEqual({ zone: 'Europe/Berlin' })
  expect(writeChoice({ zone: 'UTC' })).toEqual({ zone: null })
  const choice = readChoice({ range: '7d', zone: 'Europe/Berlin' })
  expect(questionOf(choice, today)).toEqual({
    ...{ start: '2026-01-08', end: '2026-01-14', timeZone: 'Europe/Berlin', basis: 'allocation' },
  })
  expect(queryStringOf(choice, today)).toBe(
    'start=2026-01-08&end=2026-01-14&time_zone=Europe%2FBerlin&basis=allocation',
  )
})

test('adding a filter twice keeps one, taking it off leaves the others', () => {
  const [aws, gcp] = [{ name: 'provider', value: 'aws' } as const, { name: 'provider', value: 'gcp' } as const]
  expect(withFilter(withFilter([gcp], aws), aws)).toEqual([gcp, aws])
  expect(withoutFilter([aws, gcp], aws)).toEqual([gcp])
})
