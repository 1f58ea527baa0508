import * as oauth from 'oauth4webapi'
import type { EpochMs } from '../../../db/units/time.ts'
import { contactIn, tellsContact } from '../contact.ts'
import { roleByClaim } from '../role-by-claim.ts'
import type { OidcSettings } from '../settings.ts'
import { badAnswer, clientAuth, clientOf, tokensFor, WEB } from './code-flow.ts'
import type { Provider, Question, Vouched } from './provider.ts'

export type Relying = OidcSettings & { id: string }

/**
 * Any OpenID Connect provider, by the address it is found at: discovery, the code flow with PKCE (S256), state and
 * nonce, and an ID token whose signature is checked against the provider's keys, however trusted the way it came.
 */
export function openIdConnect(relying: Relying): Provider {
  return {
    id: relying.id,
    label: relying.label,
    async ask(question) {
      const server = await serverOf(relying, question)
      if (!server.authorization_endpoint) throw badAnswer('The provider names no authorization_endpoint')
      const address = new URL(server.authorization_endpoint)
      const parameters = {
        ...{ response_type: 'code', client_id: relying.clientId, redirect_uri: question.redirectUri },
        ...{ scope: relying.scopes, state: question.state, nonce: question.nonce },
        code_challenge: await oauth.calculatePKCECodeChallenge(question.verifier),
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
      return address
    },
    async hear(parameters, question) {
      const server = await serverOf(relying, question)
      const client = clientOf(relying, question)
      const web = webOf(relying)
      const auth = clientAuth(relying, server.token_endpoint_auth_methods_supported)
      const response = await tokensFor(server, client, auth, parameters, question, web)
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: question.nonce,
        requireIdToken: true,
      })
      await oauth.validateApplicationLevelSignature(server, response, web)
      const claims = oauth.getValidatedIdTokenClaims(tokens)
      if (!claims) throw badAnswer('The provider sent no ID token')
      return vouched(relying, claims, () => userInfo(server, client, tokens.access_token, claims.sub, web))
    },
  }
}

type Claims = { readonly [name: string]: unknown }

/** Most providers put the person into the ID token; by the standard they may keep all but `sub` for the second question. */
async function vouched(relying: Relying, idToken: oauth.IDToken, askMore: () => Promise<Claims>): Promise<Vouched> {
  const role = (claims: Claims) => relying.roles && roleByClaim(claims, relying.roles)
  const isEnough = tellsContact(idToken) && (!relying.roles || role(idToken) !== null)
  const more = isEnough ? {} : await askMore()
  return {
    ...{ issuer: idToken.iss, subject: idToken.sub },
    ...contactIn([idToken, more]),
    name: [idToken.name, more.name].find((name) => typeof name === 'string') ?? '',
    role: role(idToken) ?? role(more) ?? null,
  }
}

async function userInfo(
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  accessToken: string,
  subject: string,
  web: Web,
): Promise<Claims> {
  if (!server.userinfo_endpoint) return {}
  const response = await oauth.userInfoRequest(server, client, accessToken, web)
  return oauth.processUserInfoResponse(server, client, subject, response)
}

type Web = ReturnType<typeof webOf>

/** Plain http is for a provider on this machine, see `checkSso`. */
function webOf({ issuer }: Relying) {
  return { ...WEB, [oauth.allowInsecureRequests]: issuer.startsWith('http:') }
}

const KEPT_MS = 5 * 60_000
/** What providers say of themselves. Plain data, so requests may share it; the library keeps their keys by it. */
const servers = new Map<string, { server: oauth.AuthorizationServer; readAtMs: EpochMs }>()

async function serverOf(relying: Relying, { now }: Pick<Question, 'now'>): Promise<oauth.AuthorizationServer> {
  const known = servers.get(relying.issuer)
  const ageMs = now() - (known?.readAtMs ?? 0)
  if (known && ageMs >= 0 && ageMs < KEPT_MS) return known.server
  const issuer = new URL(relying.issuer)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...webOf(relying) })
  const server = await oauth.processDiscoveryResponse(issuer, response)
  servers.set(relying.issuer, { server, readAtMs: now() })
  return server
}
