import { z } from 'zod'
import { ROLES } from '../../db/units/roles.ts'
import { Email } from '../auth/email-input.ts'
import { IdText, LineText, SeenVersion } from '../input-fields.ts'

/** The teams that a person is in: a team that is named twice counts once. */
export const TeamIds = z
  .array(IdText('team'))
  .max(100, 'must have at most 100 teams')
  .transform((ids) => [...new Set(ids)])

/** Whom to invite. Administrators and finance see everything without a team. */
export const Invitation = z.object({
  email: Email,
  name: LineText(200).default(''),
  role: z.enum(ROLES),
  teamIds: TeamIds.default([]),
})

/** What is absent stays. `teamIds` are all the teams, not those to add; a name of '' is none. */
export const UserChanges = z.object({
  id: IdText('user'),
  name: LineText(200).optional(),
  role: z.enum(ROLES).optional(),
  teamIds: TeamIds.optional(),
  isDisabled: z.boolean('expected true or false').optional(),
  version: SeenVersion,
})
