import { expect, test } from 'vitest'
import { roleByClaim } from './role-by-claim.ts'

const byValue = { admins: 'admin', builders: 'developer', all: 'viewer' } as const

test('the highest of the mapped values counts, in a list or alone', () => {
  expect(roleByClaim({ groups: ['all', 'admins', 'chess'] }, { claim: 'groups', byValue })).toBe('admin')
  expect(roleByClaim({ role: 'builders' }, { claim: 'role', byValue })).toBe('developer')
})

test('a name with dots is a name before it is a path', () => {
  const claims = { 'https://example.com/roles': ['all'], realm_access: { roles: ['builders'] } }
  expect(roleByClaim(claims, { claim: 'https://example.com/roles', byValue })).toBe('viewer')
  expect(roleByClaim(claims, { claim: 'realm_access.roles', byValue })).toBe('developer')
})

test('what is not there, not text, or of the language itself, gives nothing', () => {
  const nothing = [{}, { groups: null }, { groups: [1, null] }, { groups: 'constructor' }, { groups: { all: true } }]
  for (const claims of nothing) expect(roleByClaim(claims, { claim: 'groups', byValue })).toBe(null)
  expect(roleByClaim({}, { claim: 'constructor.name', byValue: { Object: 'admin' } })).toBe(null)
})
