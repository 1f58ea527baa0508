import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import { note } from '../audit/note.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import { applyMoves } from './apply-moves.ts'
import { fieldsOf, requireOtherConditions } from './create-rule.ts'
import { type GpuRule, type GpuRuleChanged, nameOf, readRule } from './gpu-rule.ts'
import { type Affected, movesAfter } from './moves.ts'
import { readRules } from './rule-book.ts'
import type { RuleChange as RuleChangeInput } from './rule-input.ts'

type RuleChange = z.output<typeof RuleChangeInput>

/**
 * Changes a rule, and applies the change to the bills that are there: lines that it no longer matches become again what
 * they are recognised as without it, lines that it matches move. The same rule again completes what was cut off.
 *
 * @throws HelioxError not_found `gpu_rules.no_rule`; precondition `request.version_changed`; invalid
 *   `gpu_rules.no_condition`, `gpu_rules.count_without_type`; conflict `gpu_rules.same_conditions`
 */
export async function updateRule(scope: Scope, input: RuleChange): Promise<GpuRuleChanged> {
  allow(scope, 'bill-rules:write')
  const { id, version } = input
  const { before, after } = await writeTransaction(scope.db, async (tx) => {
    const before = await readRule(tx, id)
    requireVersion(before, version)
    const after = changedRule(before, input)
    await requireOtherConditions(tx, after, id)
    const { id: _, createdAtMs: __, ...fields } = after
    await tx.update(gpuRules).set(fields).where(eq(gpuRules.id, id))
    if (isChanged(before, after))
      await note(tx, scope, { action: 'gpu_rules.update', targetId: id, target: nameOf(after), before, after })
    return { before, after }
  })
  const moves = await movesAfter(scope.db, await readRules(scope.db), affectedBy(before, after))
  const moved = await applyMoves(scope, moves, { targetId: id, target: nameOf(after) })
  return { ...versioned(after), moved }
}

/** The rule as it would be. @throws as `createRule` */
export function changedRule(before: GpuRule, input: Omit<RuleChange, 'id' | 'version'>): GpuRule {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  // What becomes no GPU has no number any more, without anybody having to say so.
  const count = input.gpuType === '' && input.gpuCount === undefined ? { gpuCount: null } : {}
  return { ...before, ...fieldsOf({ ...before, ...given, ...count }) }
}

/** Lines that a change is about: those that the rule decided before, and those that it matches after. */
export function affectedBy(before: GpuRule, after: GpuRule | null): Affected[] {
  return [{ rule: before, only: before.gpuType }, ...(after ? [{ rule: after, only: null }] : [])]
}
