import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { ownerRuleSets } from '../../db/schema/owner-rules.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type Bounds, goThroughHistory } from './go-through-history.ts'
import { teamNames } from './owner.ts'
import { AT_THE_START, RuleSet, SET_COLUMNS, type SetRow, setAnswer } from './rule-set.ts'
import { decideAlike, readInForce, rulesToApply } from './rules-in-force.ts'

export const Applied = z.object({
  isNew: z.boolean().describe('False: these rules were in force already, and nothing changed'),
  set: RuleSet.nullable().describe('What is in force; null: no rule was ever applied'),
})
export type Applied = z.output<typeof Applied>

/**
 * Puts the list of rules in force as it stands: for what comes in from this moment, and for history, which is gone through
 * in bounded transactions. No amount changes, so every total stays as it is to the nano-dollar at every instant. What is
 * not through when this answers, or was cut off, the clock completes. The same rules again change nothing.
 *
 * @param bounds smaller in tests
 * @throws HelioxError not_found `owner_rules.no_team`; invalid `owner_rules.too_many_teams`
 */
export async function applyOwnerRules(scope: Scope, bounds: Partial<Bounds> = {}): Promise<Applied> {
  allow(scope, 'bill-rules:write')
  const isNew = await writeTransaction(scope.db, async (tx) => {
    const rules = await rulesToApply(tx)
    const before = await readInForce(tx)
    if (decideAlike(rules, before?.rules ?? [])) return false
    if (before && !before.isDone)
      await tx.run(sql`update owner_rule_sets set is_done = 1, moved = json_set(moved, '$.isReplaced', json('true'))
        where is_done = 0`)
    const [set] = await tx
      .insert(ownerRuleSets)
      .values({
        ...{ appliedAtMs: scope.now(), appliedBy: scope.actor.label, appliedByUserId: scope.actor.userId },
        ...{ rules: JSON.stringify(rules), moved: JSON.stringify(AT_THE_START) },
      })
      .returning({ id: ownerRuleSets.id })
    await note(tx, scope, {
      action: 'owner_rules.apply',
      ...{ targetId: set?.id ?? '', target: `${rules.length} rules` },
      ...{
        before: before && { ruleIds: before.rules.map(({ id }) => id) },
        after: { ruleIds: rules.map(({ id }) => id) },
      },
    })
    return true
  })
  await goThroughHistory(scope, bounds)
  const [row] = await scope.db.all<SetRow>(sql`select ${SET_COLUMNS} from owner_rule_sets order by id desc limit 1`)
  return { isNew, set: row ? setAnswer(row, Number(row.id), await teamNames(scope.db)) : null }
}
