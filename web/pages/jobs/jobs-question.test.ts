import { expect, test } from 'vitest'
import type { Day } from '../../../db/units/time.ts'
import { jobsQuestion, listParams, narrowingOf, readJobs } from './jobs-question.ts'

const DAYS = { start: '2026-01-01' as Day, end: '2026-01-14' as Day }
const VIEW = { sort: 'cost', isDescending: true }

test('an address is read, and what makes no sense in it is left out', () => {
  expect(readJobs({ time: 'any', q: ' train ', import: 'imp_3', row: 'job_7' })).toEqual({
    ...{ isAnyTime: true, words: 'train', importId: 'imp_3', row: 'job_7' },
  })
  expect(readJobs({ time: 'some', import: '3', row: 'team_1' })).toEqual({
    ...{ isAnyTime: false, words: '', importId: '', row: '' },
  })
})

test('the question has what is set, several values of one filter, and no filter of bills', () => {
  const filters = [
    { name: 'provider', value: 'aws' },
    { name: 'provider', value: 'gcp' },
    { name: 'account', value: 'a' },
  ] as const
  expect(jobsQuestion(readJobs({ q: 'a' }), DAYS, filters, VIEW)).toEqual({
    ...{ ...DAYS, provider: ['aws', 'gcp'], q: 'a', sort: 'cost', order: 'desc' },
  })
  expect(jobsQuestion(readJobs({ time: 'any' }), DAYS, [], { ...VIEW, isDescending: false })).toEqual({
    ...{ sort: 'cost', order: 'asc' },
  })
})

test('the total is asked for by what narrows the list, whatever its order', () => {
  const question = jobsQuestion(readJobs({ q: 'a' }), DAYS, [], VIEW)
  expect(narrowingOf(question)).toEqual({ ...DAYS, q: 'a' })
})

test('a job keeps the choice of its list, and nothing that is the page’s own', () => {
  expect(listParams('?start=2026-01-01&team_id=team_1&team_id=team_2&row=job_7')).toBe(
    '?start=2026-01-01&team_id=team_1&team_id=team_2',
  )
  expect(listParams('?basis=usage&skip=31')).toBe('')
  expect(listParams('')).toBe('')
})
