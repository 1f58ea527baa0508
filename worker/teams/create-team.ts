import { and, ne, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { alone, type TeamAlone } from './team.ts'
import type { NewTeam } from './team-input.ts'

/**
 * Makes a team.
 *
 * @throws HelioxError conflict `teams.name_taken`, whatever the case of its letters
 */
export async function createTeam(scope: Scope, input: z.output<typeof NewTeam>): Promise<TeamAlone> {
  allow(scope, 'teams:write')
  const { name, description, budgetUsd } = input
  return writeTransaction(scope.db, async (tx) => {
    await requireFreeName(tx, name)
    const fields = { name, description: description ?? '', budgetNanoUsd: budgetUsd ?? null, createdAtMs: scope.now() }
    const [made] = await tx.insert(teams).values(fields).returning()
    if (!made) throw new Error('the team was not stored')
    await note(tx, scope, { action: 'teams.create', targetId: made.id, target: name, after: made })
    return alone(tx, made)
  })
}

/** For a team that is made or renamed. @throws HelioxError conflict `teams.name_taken` */
export async function requireFreeName(tx: Tx, name: string, except?: TeamId): Promise<void> {
  const [other] = await tx
    .select({ name: teams.name })
    .from(teams)
    .where(and(sql`${teams.name} = ${name} collate nocase`, except && ne(teams.id, except)))
  if (other) throw new HelioxError('conflict', 'teams.name_taken', `There is a team called ${other.name} already`)
}
