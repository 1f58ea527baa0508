import { expect, test } from 'vitest'
import type { Day } from '../../../db/units/time.ts'
import { readRequests, requestsOf, requestsQuestion } from './requests-question.ts'

const DAYS = { start: '2026-03-01' as Day, end: '2026-03-02' as Day }

test('an address becomes a question, and what makes no sense in it is left out', () => {
  const chosen = readRequests({
    team_id: 'team_3',
    status: 'burning',
    errors: 'true',
    min_latency_ms: '500',
    model: ' a ',
  })
  expect(requestsQuestion(chosen, DAYS)).toEqual({
    ...DAYS,
    ...{ teamId: 'team_3', errors: 'true', minLatencyMs: 500, model: 'a' },
  })
  expect(requestsQuestion(readRequests({ key_id: 'team_3', min_cost_usd: 'much' }), DAYS)).toEqual(DAYS)
})

test('a door to the calls of something holds only what is set', () => {
  expect(requestsOf({ model: 'a/b', team_id: '' })).toBe('/requests?model=a%2Fb')
  expect(requestsOf({})).toBe('/requests')
})
