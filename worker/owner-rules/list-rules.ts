import { z } from 'zod'
import { PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { teamNames } from './owner.ts'
import { OwnerRule, readRules, ruleAnswer } from './owner-rule.ts'
import { RuleSetState, readState } from './rule-set.ts'

export const RulesAsked = z.object(Paging)

export const RulesPage = PageOf('rules', OwnerRule).extend({
  inForce: RuleSetState.nullable().describe('What was applied last; null: nothing ever was'),
  isApplied: z.boolean().describe('False: the list decides otherwise than what is in force'),
})

/** The rules in the order in which they are asked, and whether they are in force as they stand. */
export async function listRules(scope: Scope, asked: z.output<typeof RulesAsked>): Promise<z.output<typeof RulesPage>> {
  allow(scope, 'bill-rules:read')
  const names = await teamNames(scope.db)
  const rules = await readRules(scope.db)
  const shown = rules.slice(asked.skip, asked.skip + asked.limit).map((rule) => ruleAnswer(rule, names))
  return { ...pageOf('rules', shown, rules.length, asked, false), ...(await readState(scope.db)) }
}
