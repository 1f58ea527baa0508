import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Db, writeTransaction } from '../../db/client.ts'
import { storedAnswers, teamGateway } from '../../db/schema/gateway.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { AnsweredId, Version } from '../answer-fields.ts'
import { note } from '../audit/note.ts'
import { NO_RULES } from '../gateway/snapshot.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readTeam } from '../teams/team.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import type { TeamGatewayChange } from './team-gateway-input.ts'

/** What a team has decided about its calls of models. */
export const TeamGateway = z.object({
  teamId: AnsweredId('team'),
  keepsBodies: z.boolean().describe('Whether messages and answers of its calls are kept'),
  bodyDays: z.number().int().describe('For how many days'),
  redacts: z.boolean().describe('Whether e-mail addresses, phone and card numbers, and keys are struck out of them'),
  cacheTtlSeconds: z.number().int().nullable().describe('How long an answer stands for the same question; null: never'),
  saysCost: z.boolean().describe('Whether answers carry x-heliox-cost-usd and the like'),
  version: Version,
})
export type TeamGateway = z.output<typeof TeamGateway>

/** What a team has decided. @throws HelioxError not_found `teams.no_team` */
export async function teamGatewayOf(scope: Scope, { id }: { id: TeamId }): Promise<TeamGateway> {
  allow(scope, 'requests:read')
  await readTeam(scope.db, scope, id)
  return versioned(await readRules(scope.db, id))
}

/**
 * Changes what is given. Administrators alone: it decides whether what people write is kept, which is the company's to
 * answer for. Turning the store of answers off forgets what is in it; bodies that are no longer kept go with the next clock.
 *
 * @throws HelioxError not_found `teams.no_team`; precondition `request.version_changed`
 */
export async function updateTeamGateway(
  scope: Scope,
  { id, version, ...given }: z.output<typeof TeamGatewayChange>,
): Promise<TeamGateway> {
  allow(scope, 'teams:write')
  return writeTransaction(scope.db, async (tx) => {
    const team = await readTeam(tx, scope, id)
    const before = await readRules(tx, id)
    requireVersion(before, version)
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const after: Omit<TeamGateway, 'version'> = { ...before, ...said }
    if (!isChanged(before, after)) return versioned(before)
    const { teamId, ...rules } = after
    await tx
      .insert(teamGateway)
      .values({ teamId, ...rules })
      .onConflictDoUpdate({ target: teamGateway.teamId, set: rules })
    if (rules.cacheTtlSeconds === null) await tx.delete(storedAnswers).where(eq(storedAnswers.teamId, id))
    await note(tx, scope, { action: 'teams.gateway', targetId: id, target: team.name, before, after })
    return versioned(after)
  })
}

async function readRules(reader: Pick<Db, 'select'>, teamId: TeamId): Promise<Omit<TeamGateway, 'version'>> {
  const [row] = await reader.select().from(teamGateway).where(eq(teamGateway.teamId, teamId))
  return row ?? { teamId, ...NO_RULES }
}
