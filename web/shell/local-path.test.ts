import { expect, test } from 'vitest'
import { localPath } from './local-path.ts'

test('a path of this site is kept with its choice', () => {
  expect(localPath('/imports?skip=20')).toBe('/imports?skip=20')
})

test.each([
  undefined,
  '',
  'imports',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  '/sign-in?next=/sign-in',
])('%j leads to the overview', (text) => {
  expect(localPath(text)).toBe('/')
})
