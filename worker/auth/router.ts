import { type Asking, scopeAs } from '../asking.ts'
import { HelioxError } from '../errors.ts'
import { providerList } from '../sso/providers/index.ts'
import { publicProcedure, router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { Credentials } from './account-input.ts'
import { changePassword, PasswordChange } from './change-password.ts'
import { giveSessionCookie, sessionIdIn, takeSessionCookie } from './cookie.ts'
import { giveDeviceCookie } from './device-cookie.ts'
import { endOtherSessions, endSession, SessionId } from './end-sessions.ts'
import { listSessions, SessionPage } from './list-sessions.ts'
import { me, profileOf } from './me.ts'
import type { SignedIn } from './open-session.ts'
import { LinkAsked, openLink } from './password-link.ts'
import { Registration, register } from './register.ts'
import { signIn, startSession } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { handOver } from './token-pair.ts'
import { PasswordChosen, usePasswordLink } from './use-password-link.ts'

export const authRouter = router({
  /** For the page's first question: null, not an error, for strangers and for credentials that are refused. */
  me: publicProcedure.query(async ({ ctx }) => {
    const actor = await ctx.actor().catch(nobody)
    const user = actor && (await me(scopeAs(ctx, actor)))
    return toWire({ user, registration: ctx.settings.allowRegistration, ...providerList(ctx.settings.sso) })
  }),
  signIn: publicProcedure.input(Credentials).mutation(async ({ ctx, input }) => {
    return enter(ctx, await signIn(ctx, input, 'browser'))
  }),
  register: publicProcedure.input(Registration).mutation(async ({ ctx, input }) => {
    const { id } = await register(ctx, input)
    return enter(ctx, await startSession(ctx, id, 'browser'))
  }),
  /** A question that travels as a mutation: a query's input would stand in the address, and the secret in a log. */
  link: publicProcedure.input(LinkAsked).mutation(({ ctx, input }) => openLink(ctx, input).then(toWire)),
  usePasswordLink: publicProcedure.input(PasswordChosen).mutation(async ({ ctx, input }) => {
    return enter(ctx, await usePasswordLink(ctx, input, 'browser'))
  }),
  signOut: publicProcedure.mutation(async ({ ctx }) => {
    await leave(ctx)
    takeSessionCookie(ctx)
    return { status: 'success' as const }
  }),
  changePassword: signedIn.input(PasswordChange).mutation(async ({ ctx, input }) => {
    const { endedSessions, session } = await changePassword(ctx.scope, input, ctx)
    return { status: 'success' as const, endedSessions, tokens: await handOver(ctx, session) }
  }),
})

/** Where the asker is signed in. */
export const sessionsRouter = router({
  list: signedIn.input(SessionPage).query(async ({ ctx, input }) => toWire(await listSessions(ctx.scope, input))),
  end: signedIn.input(SessionId).mutation(async ({ ctx, input }) => {
    await endSession(ctx.scope, input)
    if (input.id === ctx.scope.actor.sessionFamily) takeSessionCookie(ctx)
    return { status: 'success' as const }
  }),
  endOthers: signedIn.mutation(({ ctx }) => endOtherSessions(ctx.scope)),
})

/** Hands out the cookie of a new session; the one the browser came with ends, since nobody could use it again. */
async function enter(ctx: Asking, { userId, sessionId }: SignedIn) {
  await leave(ctx)
  const user = await profileOf(ctx.db, userId)
  if (user.email !== null) giveDeviceCookie(ctx, user.email)
  giveSessionCookie(ctx, sessionId)
  return toWire({ user })
}

async function leave(ctx: Asking): Promise<void> {
  await signOut(ctx, { accessToken: null, refreshToken: null, sessionId: sessionIdIn(ctx.request) })
}

function nobody(error: unknown): null {
  if (error instanceof HelioxError && error.kind === 'unauthenticated') return null
  throw error
}
