import { expect, test } from 'vitest'
import { type Day, dayOf, parseInstant } from '../db/units/time.ts'
import { demoCosts, demoDays, demoJobs, demoUsage } from './demo.ts'

const NOW = '2026-03-20T15:00:00Z'
const now = parseInstant(NOW)!

async function whole(text: AsyncIterable<string>): Promise<string> {
  let all = ''
  for await (const piece of text) all += piece
  return all
}

test('the demo is the same for everybody on a given day, and stays clear of the documented fortnight', async () => {
  expect(await whole(demoCosts(dayOf(now)))).toBe(await whole(demoCosts(dayOf(now))))
  expect(await whole(demoUsage(dayOf(now)))).toBe(await whole(demoUsage(dayOf(now))))
  expect(await whole(demoJobs(now))).toBe(await whole(demoJobs(now)))
  const days = demoDays('2026-03-20' as Day)
  expect(days).toHaveLength(90 - 14)
  expect(days.filter((day) => day >= '2026-01-01' && day <= '2026-01-14')).toEqual([])
  expect([days[0], days.at(-1)]).toEqual(['2025-12-21', '2026-03-20'])
})
