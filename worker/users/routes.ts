import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { type RestRoute, rest } from '../rest.ts'
import { inviteUser } from './invite-user.ts'
import { UserWithLink, withAddress } from './link-address.ts'
import { listUsers, Users, UsersAsked, user } from './list-users.ts'
import { removeUser, UserRemoval } from './remove-user.ts'
import { resetLink } from './reset-link.ts'
import { updateUser } from './update-user.ts'
import { Invitation, UserChanges } from './user-input.ts'
import { User } from './user-view.ts'

const UserAsked = z.object({ id: IdText('user') })

export const usersRoutes: RestRoute[] = [
  rest('GET', '/users', { summary: 'People, by e-mail', input: UsersAsked, answers: Users }, listUsers),
  rest('GET', '/users/:id', { summary: 'One person', input: UserAsked, answers: User }, user),
  rest(
    'POST',
    '/users',
    { summary: 'Invite a person; the answer holds the link', input: Invitation, answers: UserWithLink, status: 201 },
    async (scope, invitation, asking) => withAddress(await inviteUser(scope, invitation), asking),
  ),
  rest(
    'PUT',
    '/users/:id',
    { summary: 'Change a person’s name, role, teams or state', input: UserChanges, answers: User },
    updateUser,
  ),
  rest('DELETE', '/users/:id', { summary: 'Remove a person', input: UserRemoval, status: 204 }, removeUser),
  rest(
    'POST',
    '/users/:id/reset-link',
    { summary: 'A new link to set a password with; it ends the older ones', input: UserAsked, answers: UserWithLink },
    async (scope, asked, asking) => withAddress(await resetLink(scope, asked), asking),
  ),
]
