import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { channels } from '../../db/schema/channels.ts'
import { AnsweredId } from '../answer-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'

/** A channel that rules may be told in. */
export const ChannelChoices = z.array(
  z.object({
    id: AnsweredId('chan'),
    name: z.string(),
    kind: z.string(),
    teamId: AnsweredId('team').nullable().describe('Null: the company’s, for rules of any team'),
    isEnabled: z.boolean(),
  }),
)

const MOST = 500

/** Where rules may be told, as far as the actor sees: a rule takes those of its own team and of the company. By name. */
export async function channelChoices(scope: Scope): Promise<z.output<typeof ChannelChoices>> {
  allow(scope, 'channels:read')
  const { id, name, kind, teamId, isEnabled } = channels
  return scope.db
    .select({ id, name, kind, teamId, isEnabled })
    .from(channels)
    .where(ofVisibleTeams(scope, channels.teamId))
    .orderBy(asc(channels.name), asc(channels.id))
    .limit(MOST)
}
