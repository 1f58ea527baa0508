import { expect, test } from 'vitest'
import { keptBody } from './kept-body.ts'
import { redacted } from './redact.ts'

test.each([
  ['mail ada.b+c@mail.example.co.uk now', 'mail [e-mail] now'],
  ['Authorization: Bearer abc.def-123456', 'Authorization: Bearer [key]'],
  ['use sk-proj-abcdefghijklmnop or AKIAIOSFODNN7EXAMPLE', 'use [key] or [key]'],
  [`key hlx_${'a'.repeat(56)}!`, 'key [key]!'],
  ['card 4111 1111 1111 1111, exp 12/27', 'card [card], exp 12/27'],
  ['call +49 170 1234567 or (555) 123-4567 x', 'call [phone] or [phone] x'],
  [
    'on 2026-01-13 12:00 there were 3.14159265358 of 1234567890123456',
    'on 2026-01-13 12:00 there were 3.14159265358 of 1234567890123456',
  ],
])('%s', (text, expected) => {
  expect(redacted(text)).toBe(expected)
})

test('a long text without spaces takes no time, and is cut', () => {
  const startedAt = performance.now()
  const body = JSON.parse(keptBody([{ role: 'user', content: 'a1'.repeat(2_000_000) }], null, true))
  expect(body).toEqual({ messages: [{ role: 'user', content: '' }], response: null, is_cut: true })
  redacted('a1_'.repeat(80_000))
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})
