import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import type { SsoClient, SsoSettings } from '../settings.ts'
import { badAnswer, clientOf, tokensFor, WEB } from './code-flow.ts'
import type { Provider, Question, Vouched } from './provider.ts'

/** Where GitHub is; a test has its own on loopback. Source: docs.github.com, "Authorizing OAuth apps" (read 2026-11-21). */
export const GITHUB = { site: 'https://github.com', api: 'https://api.github.com' }
export type GitHubPlaces = typeof GITHUB

/** GitHub accounts, by the verified primary address. */
export function github({ github: client }: SsoSettings): Provider | null {
  return client && gitHubAt(GITHUB, client)
}

/** GitHub speaks OAuth 2.0 without OpenID Connect: who the person is, its API says to the holder of the token. */
export function gitHubAt({ site, api }: GitHubPlaces, credentials: SsoClient): Provider {
  const server: oauth.AuthorizationServer = {
    issuer: `${site}/login/oauth`, // what its answers carry as `iss`, since August 2026
    authorization_endpoint: `${site}/login/oauth/authorize`,
    token_endpoint: `${site}/login/oauth/access_token`,
  }
  const web = { ...WEB, [oauth.allowInsecureRequests]: site.startsWith('http:') }
  return {
    id: 'github',
    label: 'Continue with GitHub',
    async ask({ redirectUri, state, verifier }) {
      const address = new URL(server.authorization_endpoint ?? '')
      const parameters = {
        ...{ response_type: 'code', client_id: credentials.clientId, redirect_uri: redirectUri },
        ...{ scope: 'read:user user:email', state },
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
      return address
    },
    async hear(parameters: URLSearchParams, question: Question) {
      const client = clientOf(credentials, question)
      const auth = oauth.ClientSecretPost(credentials.clientSecret)
      const response = await tokensFor(server, client, auth, parameters, question, web)
      const { access_token } = await oauth.processAuthorizationCodeResponse(server, client, response)
      const read = async <S extends z.ZodType>(path: string, schema: S) => {
        const headers = new Headers({ accept: 'application/vnd.github+json' })
        const answer = await oauth.protectedResourceRequest(access_token, 'GET', new URL(path, api), headers, null, web)
        const body = schema.safeParse(answer.ok ? await answer.json().catch(() => null) : null)
        if (!body.success) throw badAnswer(`GitHub answered ${path} with ${answer.status}, or not what it should`)
        return body.data
      }
      return vouched(await read('/user', GitHubUser), await read('/user/emails', GitHubEmails))
    },
  }
}

const GitHubUser = z.object({ id: z.int().positive(), name: z.string().nullish(), login: z.string() })
const GitHubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/** The number, not the login, is the person: logins change hands. */
function vouched(user: z.output<typeof GitHubUser>, emails: z.output<typeof GitHubEmails>): Vouched {
  const primary = emails.find((address) => address.primary)
  return {
    ...{ issuer: 'github', subject: String(user.id) },
    email: primary?.email ?? null,
    isEmailVerified: primary?.verified ?? false,
    name: user.name || user.login,
    role: null,
  }
}
