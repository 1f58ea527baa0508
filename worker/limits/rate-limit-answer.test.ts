import { expect, test } from 'vitest'
import { rateLimited, sayRateLimit } from './rate-limit-answer.ts'

test('an answer says how much of a limit is left, in whole seconds and never below nothing', () => {
  const headers = new Headers()
  sayRateLimit(headers, { limit: 100, remaining: -3, resetSeconds: 12.2 })
  expect(Object.fromEntries(headers)).toEqual({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '13',
  })
})

test('a refusal tells how long to wait, in its words and its headers', () => {
  const waitOf = (resetSeconds: number) => {
    const headers = new Headers()
    const { kind, code, message } = rateLimited(headers, { limit: 100, resetSeconds })
    expect({ kind, code, left: headers.get('x-ratelimit-remaining') }).toEqual({
      kind: 'limit_reached',
      code: 'request.rate_limited',
      left: '0',
    })
    return [headers.get('retry-after'), message]
  }
  expect(waitOf(0)).toEqual(['1', 'Too many requests: try again in 1 second'])
  expect(waitOf(59.5)).toEqual(['60', 'Too many requests: try again in 60 seconds'])
  expect(waitOf(899)).toEqual(['899', 'Too many requests: try again in 15 minutes'])
})
