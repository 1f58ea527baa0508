import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { openRest, type RestRoute, rest } from '../rest.ts'
import { bearerToken } from './actor.ts'
import { sessionIdIn, takeSessionCookie } from './cookie.ts'
import { me, Profile } from './me.ts'
import { LinkAsked, OpenLink, openLink } from './password-link.ts'
import { refresh } from './refresh.ts'
import { Registration, register } from './register.ts'
import { Credentials, type SignedIn, signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { tokenPair } from './token-pair.ts'
import { PasswordChosen, usePasswordLink } from './use-password-link.ts'

/** The document's form says `username`; JSON may say `email`. */
const Login = z
  .object({
    username: Credentials.shape.email.optional(),
    email: Credentials.shape.email.optional(),
    password: Credentials.shape.password,
  })
  .refine(({ username, email }) => Boolean(username || email), {
    path: ['username'],
    message: 'your e-mail is missing',
  })

const Refresh = z.object({ refreshToken: z.string().min(1, 'is missing').max(500) })
const Logout = z.object({ refreshToken: z.string().max(500).nullish() })

const Tokens = z
  .object({
    accessToken: z.string().describe('For `Authorization: Bearer`'),
    refreshToken: z.string().describe('Good for one refresh, within 30 days'),
    tokenType: z.literal('bearer'),
    expiresIn: z
      .number()
      .int()
      .describe('Seconds until the access token ends')
      .meta({ examples: [1800] }),
  })
  .meta({ id: 'Tokens' })
const SignedOut = z.object({ status: z.literal('success'), message: z.string() })

export const authRoutes: RestRoute[] = [
  openRest(
    'POST',
    '/auth/register',
    {
      ...{ summary: 'Create an account', input: Registration, answers: Profile, status: 201 },
      document: { operationId: 'authRegister', description: 'A viewer without a team, where registration is open.' },
    },
    register,
  ),
  openRest(
    'POST',
    '/auth/login',
    {
      ...{ summary: 'Get tokens for an e-mail and a password', input: Login, answers: Tokens },
      document: {
        ...{ errors: ['unauthenticated'], bodyTypes: ['application/json', 'application/x-www-form-urlencoded'] },
        description: 'The e-mail as `username`, as OAuth 2.0 forms call it, or as `email`.',
      },
    },
    async (asking, input) => {
      const email = input.username || input.email || ''
      return tokens(asking, await signIn(asking, { email, password: input.password }, 'token'))
    },
  ),
  openRest(
    'POST',
    '/auth/refresh',
    {
      ...{ summary: 'Get new tokens for a refresh token', input: Refresh, answers: Tokens },
      document: {
        errors: ['unauthenticated'],
        description: 'Ends the old pair. A refresh token that comes a second time ends the whole session.',
      },
    },
    async (asking, input) => {
      return tokens(asking, await refresh(asking, input.refreshToken))
    },
  ),
  openRest(
    'POST',
    '/auth/logout',
    {
      ...{ summary: 'End the session', input: Logout, answers: SignedOut },
      document: { description: 'Of whatever is sent: access token, refresh token or cookie. Dead ones are no error.' },
    },
    async (asking, input) => {
      const sessionId = sessionIdIn(asking.request)
      const accessToken = bearerToken(asking.request.headers.get('authorization') ?? '')
      await signOut(asking, { accessToken, refreshToken: input.refreshToken ?? null, sessionId })
      if (sessionId !== null) takeSessionCookie(asking)
      return { status: 'success', message: 'Signed out' }
    },
  ),
  openRest(
    'POST',
    '/auth/link',
    {
      ...{ summary: 'Who an invitation or a password link is for', input: LinkAsked, answers: OpenLink },
      document: { errors: ['not_found'] },
    },
    openLink,
  ),
  openRest(
    'POST',
    '/auth/password-link',
    {
      ...{
        summary: 'Set the password that a link is for, once, and get tokens',
        input: PasswordChosen,
        answers: Tokens,
      },
      document: { errors: ['not_found'] },
    },
    async (asking, input) => tokens(asking, await usePasswordLink(asking, input, 'token')),
  ),
  rest('GET', '/auth/me', { summary: 'Who am I', input: z.object({}), answers: Profile }, me),
]

/** The documented answer of login and refresh (RFC 6749, 5.1: `expires_in` in seconds, kept in no cache). */
async function tokens(asking: Asking, signedIn: SignedIn) {
  const { accessToken, refreshToken, expiresInSeconds } = await tokenPair(asking, signedIn)
  asking.answerHeaders.set('cache-control', 'no-store')
  return { accessToken, refreshToken, tokenType: 'bearer', expiresIn: expiresInSeconds }
}
