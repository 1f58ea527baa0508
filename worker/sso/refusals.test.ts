import { expect, test } from 'vitest'
import { SSO_WORDS, ssoWords } from '../../web/pages/sign-in/sso-words.ts'
import { refusalOf, SSO_REFUSALS } from './refusals.ts'

test('the page has words for every reason that the Worker may give, and for no other', () => {
  expect(Object.keys(SSO_WORDS).sort()).toEqual([...SSO_REFUSALS].sort())
  expect(new Set(Object.values(SSO_WORDS)).size).toBe(SSO_REFUSALS.length)
})

test('a code from a crafted link is not shown', () => {
  expect(ssoWords('<b>Call 555-0100</b>')).toBe('Signing in did not work. Try again.')
  expect(ssoWords('constructor')).toBe('Signing in did not work. Try again.')
})

test('a bug is no refusal', () => {
  expect(refusalOf(new TypeError('x is not a function'))).toBe(null)
})
