import { z } from 'zod'
import type { Id } from '../../db/units/ids.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { applyMoves } from './apply-moves.ts'
import { type Moved, nameOf, readRule } from './gpu-rule.ts'
import { movesAfter } from './moves.ts'
import { readRules } from './rule-book.ts'

export const RuleNamed = z.object({ id: IdText('rule') })

/**
 * Applies a rule to the bills that are there once more: for a change that was cut off, and for bills that were being read
 * while the rule was made. What is as it should be stays untouched.
 *
 * @throws HelioxError not_found `gpu_rules.no_rule`
 */
export async function applyRule(scope: Scope, { id }: { id: Id<'rule'> }): Promise<Moved> {
  allow(scope, 'bill-rules:write')
  const rule = await readRule(scope.db, id)
  const moves = await movesAfter(scope.db, await readRules(scope.db), [{ rule, only: null }])
  return applyMoves(scope, moves, { targetId: id, target: nameOf(rule) })
}
