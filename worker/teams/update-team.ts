import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { note } from '../audit/note.ts'
import { ofHeliox, SERVING_TEAM } from '../deployments/serving-team.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { requireFreeName } from './create-team.ts'
import { alone, readTeam, type Team, type TeamAlone } from './team.ts'
import type { TeamChange } from './team-input.ts'

/**
 * Changes a team. Finance may change its budget and nothing else.
 *
 * @throws HelioxError not_found `teams.no_team`; precondition `request.version_changed`; conflict `teams.name_taken`;
 *   forbidden `auth.role`
 */
export async function updateTeam(scope: Scope, input: z.output<typeof TeamChange>): Promise<TeamAlone> {
  allow(scope, 'budgets:write')
  const { id, version, name, description, budgetUsd } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readTeam(tx, scope, id)
    requireVersion(before, version)
    if (before.name === SERVING_TEAM) throw ofHeliox()
    const after: Team = {
      ...before,
      name: name ?? before.name,
      description: description === undefined ? before.description : (description ?? ''),
      budgetNanoUsd: budgetUsd === undefined ? before.budgetNanoUsd : budgetUsd,
    }
    if (after.name !== before.name || after.description !== before.description) allow(scope, 'teams:write')
    await requireFreeName(tx, after.name, id)
    const fields = { name: after.name, description: after.description, budgetNanoUsd: after.budgetNanoUsd }
    await tx.update(teams).set(fields).where(eq(teams.id, id))
    if (isChanged(before, after))
      await note(tx, scope, { action: 'teams.update', targetId: id, target: after.name, before, after })
    return alone(tx, after)
  })
}
