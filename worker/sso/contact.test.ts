import { expect, test } from 'vitest'
import { contactIn, tellsContact } from './contact.ts'

const email = 'ada@example.com'
const ENTRA = 'https://login.microsoftonline.com/2f1c8a1e-0000-4000-8000-000000000000/v2.0'

test.each([
  [{ email_verified: true }, true],
  [{ email_verified: 'true' }, true],
  [{ email_verified: 'false' }, false],
  [{ email_verified: false, iss: ENTRA, xms_edov: true }, false],
  [{ iss: ENTRA, xms_edov: true }, true],
  [{ iss: ENTRA, xms_edov: '1' }, true],
  [{ iss: ENTRA, xms_edov: 0 }, false],
  [{ iss: ENTRA }, false],
  [{ iss: 'https://evil.example/https://login.microsoftonline.com/', xms_edov: true }, false],
  [{ iss: 'https://login.microsoftonline.com.evil.example/', xms_edov: true }, false],
])('%j: verified is %s', (claims, isEmailVerified) => {
  expect(contactIn([{ email, ...claims }])).toEqual({ email, isEmailVerified })
})

test('an address and its verification are taken from one source', () => {
  const idToken = { email: 'new@example.com' }
  const userInfo = { email: 'old@example.com', email_verified: true }
  expect(contactIn([idToken, userInfo])).toEqual({ email: 'old@example.com', isEmailVerified: true })
  expect(contactIn([idToken, { email_verified: true }])).toEqual({ email: 'new@example.com', isEmailVerified: false })
  expect([tellsContact(idToken), tellsContact(userInfo)]).toEqual([false, true])
})

test('what is no text is no address', () => {
  expect(contactIn([{ email: ['a@example.com'], email_verified: true }]).email).toBe(null)
  expect(contactIn([{}, {}])).toEqual({ email: null, isEmailVerified: false })
})
