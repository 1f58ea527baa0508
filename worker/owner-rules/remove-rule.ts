import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { ownerRules } from '../../db/schema/owner-rules.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { teamNames } from './owner.ts'
import { answered, nameOf, readRule } from './owner-rule.ts'

export const RuleRemoval = z.object({ id: IdText('own'), version: SeenVersion })

/**
 * Takes a rule off the list. What it decided stays decided until the rules are applied.
 *
 * @throws HelioxError not_found `owner_rules.no_rule`; precondition `request.version_changed`
 */
export async function removeRule(scope: Scope, { id, version }: z.output<typeof RuleRemoval>): Promise<void> {
  allow(scope, 'bill-rules:write')
  await writeTransaction(scope.db, async (tx) => {
    const rule = await readRule(tx, id)
    requireVersion(rule, version)
    const names = await teamNames(tx)
    await tx.delete(ownerRules).where(eq(ownerRules.id, id))
    const before = answered(rule, names)
    await note(tx, scope, {
      action: 'owner_rules.remove',
      ...{ targetId: id, target: nameOf(rule, names), before, after: null },
    })
  })
}
