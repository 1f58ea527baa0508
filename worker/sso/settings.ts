import { z } from 'zod'
import { ROLES, type Role } from '../../db/schema/users.ts'

/** An application as a provider of identity has registered it. */
export type SsoClient = { clientId: string; clientSecret: string }

/** Who may vouch for people, and what follows from it; null: not set up. */
export type SsoSettings = {
  oidc: OidcSettings | null
  google: SsoClient | null
  github: SsoClient | null
  /** E-mail domains, lower-cased, whose people get an account at their first sign-in. */
  domains: readonly string[]
}

/** An empty `clientSecret` makes a public client, which PKCE alone protects. */
export type OidcSettings = SsoClient & {
  issuer: string
  label: string
  scopes: string
  /** Which claim names roles, and what its values mean; null: roles are given in Heliox alone. */
  roles: { claim: string; byValue: Readonly<Record<string, Role>> } | null
}

export const NO_SSO: SsoSettings = { oidc: null, google: null, github: null, domains: [] }

const Text = z.string().trim().default('')

/** The settings of this room, beside the others of the environment. */
export const SSO_ENVIRONMENT = {
  OIDC_ISSUER: Text,
  OIDC_CLIENT_ID: Text,
  OIDC_CLIENT_SECRET: Text,
  OIDC_LABEL: Text,
  OIDC_SCOPES: Text,
  OIDC_ROLE_CLAIM: Text,
  OIDC_ROLES: Text,
  GOOGLE_CLIENT_ID: Text,
  GOOGLE_CLIENT_SECRET: Text,
  GITHUB_CLIENT_ID: Text,
  GITHUB_CLIENT_SECRET: Text,
  SSO_DOMAINS: Text,
}

type Environment = z.output<z.ZodObject<typeof SSO_ENVIRONMENT>>
type Name = keyof Environment

const DEFAULT_SCOPES = 'openid email profile'
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

/** Reports each setting that is wrong, or that means nothing beside the others, in words and never with its value. */
export function checkSso(env: Environment, fail: (name: Name, message: string) => void): void {
  if (env.OIDC_ISSUER) checkIssuer(env.OIDC_ISSUER, (message) => fail('OIDC_ISSUER', message))
  if (env.OIDC_ISSUER && !env.OIDC_CLIENT_ID) fail('OIDC_CLIENT_ID', 'is missing beside OIDC_ISSUER')
  for (const name of OIDC_DETAILS)
    if (env[name] && !env.OIDC_ISSUER) fail(name, 'means nothing without OIDC_ISSUER, which is missing')
  if (env.OIDC_SCOPES && !env.OIDC_SCOPES.split(/\s+/).includes('openid')) fail('OIDC_SCOPES', 'must contain openid')
  if (env.OIDC_ROLE_CLAIM && !env.OIDC_ROLES)
    fail('OIDC_ROLES', 'is missing beside OIDC_ROLE_CLAIM: it says which value of the claim is which role')
  if (env.OIDC_ROLES && !env.OIDC_ROLE_CLAIM)
    fail('OIDC_ROLE_CLAIM', 'is missing beside OIDC_ROLES: it names the claim to read')
  if (env.OIDC_ROLES && !rolesIn(env.OIDC_ROLES))
    fail('OIDC_ROLES', `must be JSON such as {"gpu-admins":"admin"}, its roles being ${ROLES.join(', ')}`)
  for (const provider of ['GOOGLE', 'GITHUB'] as const) {
    const [id, secret] = [`${provider}_CLIENT_ID`, `${provider}_CLIENT_SECRET`] as const
    if (env[id] && !env[secret]) fail(secret, `is missing beside ${id}`)
    if (env[secret] && !env[id]) fail(id, `is missing beside ${secret}`)
  }
  if (env.SSO_DOMAINS && !domainsIn(env.SSO_DOMAINS))
    fail('SSO_DOMAINS', 'must be a JSON list of e-mail domains such as ["example.com"]')
  if (domainsIn(env.SSO_DOMAINS)?.length && !env.OIDC_ISSUER && !env.GOOGLE_CLIENT_ID && !env.GITHUB_CLIENT_ID)
    fail('SSO_DOMAINS', 'means nothing without a provider: set OIDC_ISSUER, GOOGLE_CLIENT_ID or GITHUB_CLIENT_ID')
}

const OIDC_DETAILS = [
  ...(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_LABEL', 'OIDC_SCOPES'] as const),
  ...(['OIDC_ROLE_CLAIM', 'OIDC_ROLES'] as const),
] satisfies Name[]

/** The settings in an environment that `checkSso` found nothing against. */
export function ssoSettings(env: Environment): SsoSettings {
  const clientOf = (clientId: string, clientSecret: string) => (clientId ? { clientId, clientSecret } : null)
  const oidc = env.OIDC_ISSUER ? clientOf(env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET) : null
  const byValue = rolesIn(env.OIDC_ROLES)
  return {
    oidc: oidc && {
      ...oidc,
      issuer: env.OIDC_ISSUER,
      label: env.OIDC_LABEL || 'Single sign-on',
      scopes: env.OIDC_SCOPES || DEFAULT_SCOPES,
      roles: byValue ? { claim: env.OIDC_ROLE_CLAIM, byValue } : null,
    },
    google: clientOf(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET),
    github: clientOf(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET),
    domains: domainsIn(env.SSO_DOMAINS) ?? [],
  }
}

function checkIssuer(text: string, fail: (message: string) => void): void {
  const url = URL.parse(text)
  if (!url || url.search || url.hash || url.username) fail('must be an address such as https://login.example.com')
  else if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
    fail('must begin with https:// (http:// only for this machine itself)')
}

const RolesByValue = z.record(z.string().min(1), z.enum(ROLES)).refine((roles) => Object.keys(roles).length > 0)
const Domains = z.array(z.string().trim().toLowerCase().regex(DOMAIN))

function rolesIn(text: string): Record<string, Role> | null {
  return RolesByValue.safeParse(jsonOrNull(text)).data ?? null
}

function domainsIn(text: string): string[] | null {
  return Domains.safeParse(jsonOrNull(text)).data ?? null
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
