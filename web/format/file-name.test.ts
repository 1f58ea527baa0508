import { expect, test } from 'vitest'
import type { Day } from '../../db/units/time.ts'
import { fileNameOf } from './file-name.ts'

const days = { start: '2026-01-01' as Day, end: '2026-01-14' as Day }

test('a file says its page, its grouping and its days', () => {
  expect(fileNameOf('explore', ['team'], days)).toBe('heliox-explore-team-2026-01-01..2026-01-14.csv')
  expect(fileNameOf('explore', ['day', 'tag:cost/centre'], days)).toBe(
    'heliox-explore-day-tag-cost-centre-2026-01-01..2026-01-14.csv',
  )
  expect(fileNameOf('models', [], days)).toBe('heliox-models-2026-01-01..2026-01-14.csv')
})
