import { expect, test } from 'vitest'
import { lastDayOf, readKeyForm } from './key-form.ts'

function formOf(fields: Record<string, string | string[]>): FormData {
  const form = new FormData()
  for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) form.append(name, value)
  return form
}

test('an empty field is no limit, and a list of models is cut at its commas', () => {
  const form = formOf({
    name: ' nightly ',
    team: '',
    scopes: ['ingest', 'usage:read'],
    models: '',
    rpm: '',
    limit: '',
    expires: '',
  })
  expect(readKeyForm(form, '')).toEqual({
    ...{ name: 'nightly', teamId: null, scopes: ['ingest', 'usage:read'], models: null, rpm: null, tpm: null },
    monthlyLimitUsd: null,
  })
  const full = formOf({ name: 'x', models: 'bert, gpt-4 ,,', rpm: '60', limit: '12.50', expires: '2026-12-31' })
  expect(readKeyForm(full, '')).toEqual({
    ...{ name: 'x', scopes: [], models: ['bert', 'gpt-4'], rpm: 60, tpm: null, monthlyLimitUsd: '12.50' },
    expiresAt: '2027-01-01T00:00:00.000Z',
  })
})

test('the day of expiry is the last on which the key works, and is sent only when it was changed', () => {
  expect(lastDayOf('2027-01-01T00:00:00.000Z')).toBe('2026-12-31')
  expect(lastDayOf('2027-01-01T00:00:01.000Z')).toBe('2027-01-01')
  expect(lastDayOf(null)).toBe('')
  const form = (day: string) => formOf({ name: 'x', expires: day })
  expect(readKeyForm(form('2027-01-01'), '2027-01-01')).not.toHaveProperty('expiresAt')
  expect(readKeyForm(form(''), '2027-01-01')).toMatchObject({ expiresAt: null })
})
