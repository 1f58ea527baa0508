import { expect, test } from 'vitest'
import { returnPath } from './return-path.ts'

test('a path of this site is kept with its choice', () => {
  expect(returnPath('/imports?skip=20#row')).toBe('/imports?skip=20#row')
})

test.each([
  undefined,
  '',
  'imports',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  '/sign-in?next=/sign-in',
  '/api/v1/auth/sso/oidc',
  '/imports/../api/v1/auth/sso/oidc',
  `/${'x'.repeat(1000)}`,
])('%j leads to the overview', (text) => {
  expect(returnPath(text)).toBe('/')
})
