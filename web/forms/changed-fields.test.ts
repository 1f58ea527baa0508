import { expect, test } from 'vitest'
import { changedTexts, textsIn } from './changed-fields.ts'

const form = new FormData()
form.set('date', ' 2026-01-13 ')
form.set('account', '')

test('fields are read trimmed, and one that is not there says nothing', () => {
  expect(textsIn(form, ['date', 'account', 'region'])).toEqual({ date: '2026-01-13', account: '', region: '' })
})

test('something new sends what is said, a change what is said otherwise, emptied fields too', () => {
  const now = textsIn(form, ['date', 'account', 'region'])
  expect(changedTexts(now, null)).toEqual({ date: '2026-01-13' })
  expect(changedTexts(now, { date: '2026-01-13', account: '42', region: '' })).toEqual({ account: '' })
})
