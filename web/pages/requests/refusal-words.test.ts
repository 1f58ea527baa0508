import { expect, test } from 'vitest'
import { refusedWords } from './refusal-words.ts'

test('refused calls are said by reason, and a reason without words by its code', () => {
  const one = { lastAt: '', lastRequestId: '' }
  const byCode = [
    { ...one, code: 'insufficient_quota', callCount: 1_200 },
    { ...one, code: 'rate_limit_exceeded', callCount: 3 },
    { ...one, code: 'new_reason', callCount: 1 },
  ]
  expect(refusedWords({ byCode })).toBe('Refused: 1,200 over budget, 3 rate limited, 1 new_reason')
})
