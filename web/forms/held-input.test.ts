import { expect, test } from 'vitest'
import { hereOf, holdInput, isSessionOver } from './held-input.ts'

type Me = { user: { id: string } | null }
const ANNA: Me = { user: { id: 'user_1' } }
const NOBODY: Me = { user: null }

test('a session that is over waits for the form that is open, and no longer', () => {
  expect(hereOf(NOBODY, ANNA)).toBe(NOBODY)
  const release = holdInput()
  expect([hereOf(NOBODY, ANNA), isSessionOver()]).toEqual([ANNA, true])
  expect([hereOf(ANNA, ANNA), isSessionOver()]).toEqual([ANNA, false])
  release()
  release()
  expect([hereOf(NOBODY, ANNA), isSessionOver()]).toEqual([NOBODY, false])
  const second = holdInput()
  expect(hereOf(NOBODY, ANNA)).toBe(ANNA)
  second()
})

test('a stranger stays a stranger, whatever is open', () => {
  const release = holdInput()
  expect(hereOf(NOBODY, undefined)).toBe(NOBODY)
  expect(hereOf(NOBODY, NOBODY)).toBe(NOBODY)
  release()
})
