import { expect, test } from 'vitest'
import { isNarrowed, questionOf, readHistory } from './history-choice.ts'

test('an address is read, and what makes no sense in it is left out', () => {
  const choice = readHistory({
    status: 'queued',
    kind: 'constructor',
    format: ['focus-csv', 'x'],
    file: ' a ',
    skip: '-1',
  })
  expect(questionOf(choice)).toEqual({ status: 'queued', format: 'focus-csv', fileName: 'a', skip: 0 })
  expect(questionOf(readHistory({ status: 'done', kind: 'tokens', skip: '20' }))).toEqual({ kind: 'tokens', skip: 20 })
})

test('a page of the whole history is not narrowed', () => {
  expect(isNarrowed(readHistory({ skip: '20' }))).toBe(false)
  expect(isNarrowed(readHistory({ source: 'aws' }))).toBe(true)
})
