import { z } from 'zod'
import { openRest, type RestRoute, rest } from '../rest.ts'
import { Credentials } from './account-input.ts'
import { bearerToken } from './actor.ts'
import { changePassword, PasswordChange } from './change-password.ts'
import { sessionIdIn, takeSessionCookie } from './cookie.ts'
import { Ended, endOtherSessions, endSession, SessionId } from './end-sessions.ts'
import { listSessions, SessionPage, Sessions } from './list-sessions.ts'
import { me, Profile } from './me.ts'
import { LinkAsked, OpenLink, openLink } from './password-link.ts'
import { refresh } from './refresh.ts'
import { Registration, register } from './register.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { handOver, Tokens, tokensOf } from './token-pair.ts'
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
const PasswordAnswer = z.object({
  status: z.literal('success'),
  endedSessions: z.number().int().describe('How many other sessions have ended'),
  tokens: Tokens.nullable().describe('What an API client goes on with; null for a browser, which got a cookie'),
})
const Logout = z.object({ refreshToken: z.string().max(500).nullish() })

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
      return tokensOf(asking, await signIn(asking, { email, password: input.password }, 'token'))
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
      return tokensOf(asking, await refresh(asking, input.refreshToken))
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
      ...{ summary: 'Set the password that a link is for, once, and get tokens', input: PasswordChosen },
      ...{ answers: Tokens, document: { errors: ['not_found'] } },
    },
    async (asking, input) => tokensOf(asking, await usePasswordLink(asking, input, 'token')),
  ),
  rest('GET', '/auth/me', { summary: 'Who am I', input: z.object({}), answers: Profile }, me),
  rest(
    'POST',
    '/auth/password',
    { summary: 'Change my password', input: PasswordChange, answers: PasswordAnswer },
    async (scope, input, asking) => {
      const { endedSessions, session } = await changePassword(scope, input, asking)
      return { status: 'success', endedSessions, tokens: await handOver(asking, session) }
    },
  ),
  rest(
    'GET',
    '/auth/sessions',
    { summary: 'Where I am signed in', input: SessionPage, answers: Sessions },
    listSessions,
  ),
  rest(
    'DELETE',
    '/auth/sessions',
    { summary: 'End all my sessions but this one', input: z.object({}), answers: Ended },
    endOtherSessions,
  ),
  rest(
    'DELETE',
    '/auth/sessions/:id',
    { summary: 'End one of my sessions', input: SessionId, status: 204 },
    async (scope, input, asking) => {
      await endSession(scope, input)
      if (input.id === scope.actor.sessionFamily) takeSessionCookie(asking)
    },
  ),
]
