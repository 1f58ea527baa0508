import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { inviteUser } from './invite-user.ts'
import { withAddress } from './link-address.ts'
import { listUsers, UsersAsked, user } from './list-users.ts'
import { removeUser, UserRemoval } from './remove-user.ts'
import { resetLink } from './reset-link.ts'
import { updateUser } from './update-user.ts'
import { Invitation, UserChanges } from './user-input.ts'

const UserAsked = z.object({ id: IdText('user') })

export const usersRouter = router({
  list: signedIn.input(UsersAsked).query(({ ctx, input }) => listUsers(ctx.scope, input).then(toWire)),
  get: signedIn.input(UserAsked).query(({ ctx, input }) => user(ctx.scope, input).then(toWire)),
  invite: signedIn
    .input(Invitation)
    .mutation(async ({ ctx, input }) => toWire(withAddress(await inviteUser(ctx.scope, input), ctx))),
  update: signedIn.input(UserChanges).mutation(({ ctx, input }) => updateUser(ctx.scope, input).then(toWire)),
  remove: signedIn.input(UserRemoval).mutation(async ({ ctx, input }) => {
    await removeUser(ctx.scope, input)
    return { status: 'success' as const }
  }),
  resetLink: signedIn
    .input(UserAsked)
    .mutation(async ({ ctx, input }) => toWire(withAddress(await resetLink(ctx.scope, input), ctx))),
})
