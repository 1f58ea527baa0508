import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import type { Scope } from '../scope.ts'
import type { Reader } from '../teams/team.ts'

/**
 * Who owns the jobs that deployments are: a team of Heliox's own that no person, file or rule can name. Serving is split
 * among teams by their tokens (`unitEconomics`), not by who holds the GPUs.
 */
export const SERVING_TEAM = '__serving__'

/** `source` of the jobs that deployments are. */
export const DEPLOYMENT_SOURCE = 'deployment'

/** Door: that team's id; null as long as nothing has been deployed. */
export async function servingTeam(reader: Reader): Promise<TeamId | null> {
  const [row] = await reader
    .select({ id: teams.id })
    .from(teams)
    .where(sql`${teams.name} = ${SERVING_TEAM} collate nocase`)
  return row?.id ?? null
}

/** The same, made if there is none yet. */
export async function findOrCreateServingTeam(tx: Tx, scope: Scope): Promise<TeamId> {
  const known = await servingTeam(tx)
  if (known) return known
  const description = 'Deployments of models. Unit economics shows which teams’ tokens they served.'
  const fields = { name: SERVING_TEAM, description, createdAtMs: scope.now() }
  const [made] = await tx.insert(teams).values(fields).returning()
  if (!made) throw new Error('the team was not stored')
  await note(tx, scope, { action: 'teams.create', targetId: made.id, target: SERVING_TEAM, after: made })
  return made.id
}

/** Door: what a change of that team is refused with. */
export function ofHeliox(): HelioxError {
  const message = `${SERVING_TEAM} is Heliox’s own team, of deployments: it takes no jobs, people or changes`
  return new HelioxError('invalid', 'teams.of_heliox', message)
}
