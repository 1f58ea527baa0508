import type { SsoSettings } from '../settings.ts'
import { openIdConnect } from './openid-connect.ts'
import type { Provider } from './provider.ts'

/** The company's own provider: Keycloak, Entra ID, Okta, Auth0, or any other that speaks OpenID Connect. */
export function oidc({ oidc: settings }: SsoSettings): Provider | null {
  return settings && openIdConnect({ id: 'oidc', ...settings })
}
