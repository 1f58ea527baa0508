import { expect, test } from 'vitest'
import { ratePerMinute, secondsText, shareText } from './traffic-words.ts'

test('a rate is of the time between two looks, and none before any has passed', () => {
  const from = '2026-03-01T12:00:00Z'
  expect([ratePerMinute(5, from, '2026-03-01T12:00:30Z'), ratePerMinute(5, from, from)]).toEqual(['10.0', '–'])
})

test('shares and times are in words, also where there is none', () => {
  expect([shareText(0, 0), shareText(0, 5), shareText(1, 80)]).toEqual(['–', '0 %', '1.25 %'])
  expect([null, 0.0034, 1.25].map(secondsText)).toEqual(['–', '3.4 ms', '1.25 s'])
})
