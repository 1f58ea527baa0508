import { expect, test } from 'vitest'
import { failureOf, Refusal } from './api.ts'
import { fieldProblem, withoutFields } from './field-problem.ts'

const REFUSED = new Refusal(400, {
  message: 'Invalid request',
  details: ['name: is missing', 'models -> 0: is empty'],
  code: 'request.invalid',
  requestId: null,
})

test('what was wrong with a field goes when the field is mended, the rest stays', () => {
  const left = withoutFields(REFUSED, ['name'])
  expect(fieldProblem(left, 'name')).toBeUndefined()
  expect(fieldProblem(left, 'models')).toBe('Is empty')
  expect(withoutFields(REFUSED, ['name', 'models'])).toBeNull()
  expect(withoutFields(REFUSED, ['rpm'])).toBe(REFUSED)
})

test('what is about no field stays until it is sent again', () => {
  const unreachable = new TypeError('fetch failed')
  expect(withoutFields(unreachable, ['name'])).toBe(unreachable)
  expect(failureOf(unreachable).code).toBe('no_answer')
})
