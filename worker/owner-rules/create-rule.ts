import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { ownerRules } from '../../db/schema/owner-rules.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { readOwner, requireTeams, storedOwner, teamNames } from './owner.ts'
import { answered, MOST_RULES, nameOf, type OwnerRuleAlone, requireSense } from './owner-rule.ts'
import type { NewRule } from './rule-input.ts'

/**
 * Writes a rule down. It changes nothing until the rules are applied.
 *
 * @throws HelioxError not_found `owner_rules.no_team`; conflict `owner_rules.too_many`; what `requireSense` throws
 */
export async function createRule(scope: Scope, input: z.output<typeof NewRule>): Promise<OwnerRuleAlone> {
  allow(scope, 'bill-rules:write')
  const { field, tagKey = '', pattern, note: said = '' } = input
  return writeTransaction(scope.db, async (tx) => {
    const owner = storedOwner(input.owner)
    requireSense({ field, tagKey, owner })
    const names = await teamNames(tx)
    requireTeams(owner, names)
    const at = { createdAtMs: scope.now(), updatedAtMs: scope.now() }
    const priority = input.priority ?? (await behindAll(tx))
    const [row] = await tx
      .insert(ownerRules)
      .values({ priority, field, tagKey, pattern, owner: JSON.stringify(owner), note: said, ...at })
      .returning()
    if (!row) throw new Error('the rule was not stored')
    const after = answered({ ...row, owner: readOwner(row.owner) }, names)
    await note(tx, scope, {
      action: 'owner_rules.create',
      ...{ targetId: row.id, target: nameOf({ ...row, owner }, names), after },
    })
    return after
  })
}

/** The priority that comes last. @throws HelioxError conflict `owner_rules.too_many` */
async function behindAll(tx: Tx): Promise<number> {
  const [row] = await tx.all<{ count: bigint; last: bigint }>(
    sql`select count(*) as count, coalesce(max(priority), 0) as last from owner_rules`,
  )
  if (Number(row?.count ?? 0) >= MOST_RULES)
    throw new HelioxError('conflict', 'owner_rules.too_many', `There are ${MOST_RULES} rules already`)
  return Math.min(Number(row?.last ?? 0) + 10, 1_000_000)
}
