import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { ownerRules } from '../../db/schema/owner-rules.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion } from '../versions.ts'
import { requireTeams, storedOwner, teamNames } from './owner.ts'
import { answered, nameOf, type OwnerRuleAlone, readRule, requireSense } from './owner-rule.ts'
import type { RuleChange } from './rule-input.ts'

/**
 * Changes a rule. It changes nothing else until the rules are applied.
 *
 * @throws HelioxError not_found `owner_rules.no_rule`, `owner_rules.no_team`; precondition `request.version_changed`; what
 *   `requireSense` throws
 */
export async function updateRule(scope: Scope, input: z.output<typeof RuleChange>): Promise<OwnerRuleAlone> {
  allow(scope, 'bill-rules:write')
  const { id, version, owner: givenOwner, ...given } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readRule(tx, id)
    requireVersion(before, version)
    const names = await teamNames(tx)
    const owner = givenOwner ? storedOwner(givenOwner) : before.owner
    if (givenOwner) requireTeams(owner, names)
    const keyless = given.field !== undefined && given.field !== 'tag' && given.tagKey === undefined
    const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const changed = { ...before, ...said, ...(keyless ? { tagKey: '' } : {}), owner }
    requireSense(changed)
    if (!isChanged(before, changed)) return answered(before, names)
    const after = { ...changed, updatedAtMs: scope.now() }
    const { id: _, createdAtMs: __, ...fields } = after
    await tx
      .update(ownerRules)
      .set({ ...fields, owner: JSON.stringify(owner) })
      .where(eq(ownerRules.id, id))
    await note(tx, scope, {
      action: 'owner_rules.update',
      ...{ targetId: id, target: nameOf(after, names), before: answered(before, names), after: answered(after, names) },
    })
    return answered(after, names)
  })
}
