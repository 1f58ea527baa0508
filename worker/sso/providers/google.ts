import type { SsoSettings } from '../settings.ts'
import { openIdConnect } from './openid-connect.ts'
import type { Provider } from './provider.ts'

/** Source: Google's discovery document, accounts.google.com/.well-known/openid-configuration (read 2026-11-21). */
const GOOGLE = {
  ...{ id: 'google', label: 'Continue with Google', issuer: 'https://accounts.google.com' },
  ...{ scopes: 'openid email profile', roles: null },
}

/** Google accounts, of Workspace or not: SSO_DOMAINS says whose people may come in. */
export function google({ google: client }: SsoSettings): Provider | null {
  return client && openIdConnect({ ...GOOGLE, ...client })
}
