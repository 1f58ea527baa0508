import { expect, test } from 'vitest'
import { settingsOf } from '../env.ts'
import { HelioxError } from '../errors.ts'
import { settingsIn } from '../local/settings.ts'
import { NO_SSO } from './settings.ts'

const BASE = {
  ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1' },
  ...{ SECRET_KEY: 'a-secret-key-of-this-test-0123456789', ADMIN_API_KEY: 'an-admin-key-of-this-test' },
}
const OIDC = { OIDC_ISSUER: 'https://login.example.com/realms/acme', OIDC_CLIENT_ID: 'heliox' }
const ssoOf = (more: Record<string, string>) => settingsOf({ ...BASE, ...more }).sso

/** The lines that a start with these settings is refused with. */
function complaints(more: Record<string, string>): readonly string[] {
  try {
    settingsOf({ ...BASE, ...more })
    return []
  } catch (error) {
    if (error instanceof HelioxError) return error.details
    throw error
  }
}

test('without settings nobody vouches, and with empty ones neither', () => {
  expect(ssoOf({})).toEqual(NO_SSO)
  expect(ssoOf({ OIDC_ISSUER: '', SSO_DOMAINS: '', GITHUB_CLIENT_ID: ' ' })).toEqual(NO_SSO)
})

test('an issuer and a client are enough; the rest has defaults', () => {
  expect(ssoOf({ ...OIDC, SSO_DOMAINS: '["Example.com"]' })).toEqual({
    oidc: {
      ...{ issuer: OIDC.OIDC_ISSUER, clientId: 'heliox', clientSecret: '', roles: null },
      ...{ label: 'Single sign-on', scopes: 'openid email profile' },
    },
    ...{ google: null, github: null, domains: ['example.com'] },
  })
})

test.each([
  [{ OIDC_ISSUER: OIDC.OIDC_ISSUER }, 'OIDC_CLIENT_ID: is missing beside OIDC_ISSUER'],
  [{ OIDC_CLIENT_ID: 'heliox' }, 'OIDC_CLIENT_ID: means nothing without OIDC_ISSUER, which is missing'],
  [{ OIDC_LABEL: 'Acme' }, 'OIDC_LABEL: means nothing without OIDC_ISSUER, which is missing'],
  [{ ...OIDC, OIDC_ISSUER: 'login.example.com' }, 'OIDC_ISSUER: must be an address such as https://login.example.com'],
  [
    { ...OIDC, OIDC_ISSUER: 'http://login.example.com' },
    'OIDC_ISSUER: must begin with https:// (http:// only for this machine itself)',
  ],
  [
    { ...OIDC, OIDC_ISSUER: 'http://127.0.0.1.evil.example' },
    'OIDC_ISSUER: must begin with https:// (http:// only for this machine itself)',
  ],
  [{ ...OIDC, OIDC_SCOPES: 'email profile' }, 'OIDC_SCOPES: must contain openid'],
  [
    { ...OIDC, OIDC_ROLE_CLAIM: 'groups' },
    'OIDC_ROLES: is missing beside OIDC_ROLE_CLAIM: it says which value of the claim is which role',
  ],
  [
    { ...OIDC, OIDC_ROLES: '{"a":"admin"}' },
    'OIDC_ROLE_CLAIM: is missing beside OIDC_ROLES: it names the claim to read',
  ],
  [
    { ...OIDC, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: '{"a":"root"}' },
    'OIDC_ROLES: must be JSON such as {"gpu-admins":"admin"}, its roles being admin, finance, developer, viewer',
  ],
  [{ GITHUB_CLIENT_ID: 'x' }, 'GITHUB_CLIENT_SECRET: is missing beside GITHUB_CLIENT_ID'],
  [{ GOOGLE_CLIENT_SECRET: 'x' }, 'GOOGLE_CLIENT_ID: is missing beside GOOGLE_CLIENT_SECRET'],
  [
    { ...OIDC, SSO_DOMAINS: 'example.com' },
    'SSO_DOMAINS: must be a JSON list of e-mail domains such as ["example.com"]',
  ],
  [
    { ...OIDC, SSO_DOMAINS: '["@example.com"]' },
    'SSO_DOMAINS: must be a JSON list of e-mail domains such as ["example.com"]',
  ],
  [{ ...OIDC, SSO_DOMAINS: '["*"]' }, 'SSO_DOMAINS: must be a JSON list of e-mail domains such as ["example.com"]'],
  [
    { SSO_DOMAINS: '["example.com"]' },
    'SSO_DOMAINS: means nothing without a provider: set OIDC_ISSUER, GOOGLE_CLIENT_ID or GITHUB_CLIENT_ID',
  ],
])('%j refuses to start: %s', (settings, sentence) => {
  expect(complaints(settings)).toEqual([sentence])
})

test.each(['http://127.0.0.1:9000', 'http://localhost:9000/realms/acme', 'http://[::1]:9000'])(
  'a provider on this machine may speak plain http: %s',
  (issuer) => {
    expect(complaints({ ...OIDC, OIDC_ISSUER: issuer })).toEqual([])
  },
)

test('a local run hands them to the Worker', () => {
  expect(settingsIn({ ...OIDC, SSO_DOMAINS: '[]', PATH: '/bin' })).toEqual({ ...OIDC, SSO_DOMAINS: '[]' })
})
