import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { aboutOf } from './about.ts'

const days = { start: '2026-11-09' as Day, end: '2026-11-22' as Day }

test('a saved drawing says what it is of, its days, its basis and its total, where that is known', () => {
  expect(aboutOf('By team', days, 'allocation', '1.50')).toBe('By team, Nov 9 – 22, 2026, by allocation, total $1.50')
  expect(aboutOf('By team', days, 'usage', undefined)).toBe('By team, Nov 9 – 22, 2026, by usage')
})
