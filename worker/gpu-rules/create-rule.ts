import { and, eq, ne } from 'drizzle-orm'
import type { z } from 'zod'
import { type Tx, writeTransaction } from '../../db/client.ts'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import type { Id } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { applyMoves } from './apply-moves.ts'
import {
  type GpuRule,
  type GpuRuleChanged,
  nameOf,
  RULE_COLUMNS,
  requireCondition,
  requireTypeForCount,
} from './gpu-rule.ts'
import { movesAfter } from './moves.ts'
import { readRules } from './rule-book.ts'
import type { NewRule as NewRuleInput } from './rule-input.ts'

type NewRule = z.output<typeof NewRuleInput>

/**
 * Makes a rule, and applies it to the bills that are there: lines that match move to their new GPU type, with the
 * capacity that their hours bought. Newer rules go before older ones, so this one decides wherever it matches.
 *
 * @throws HelioxError invalid `gpu_rules.no_condition`, `gpu_rules.count_without_type`; conflict `gpu_rules.same_conditions`
 */
export async function createRule(scope: Scope, input: NewRule): Promise<GpuRuleChanged> {
  allow(scope, 'bill-rules:write')
  const fields = fieldsOf(input)
  const made = await writeTransaction(scope.db, async (tx) => {
    await requireOtherConditions(tx, fields)
    const [rule] = await tx
      .insert(gpuRules)
      .values({ ...fields, userId: scope.actor.userId, createdAtMs: scope.now() })
      .returning(RULE_COLUMNS)
    if (!rule) throw new Error('the rule was not stored')
    await note(tx, scope, { action: 'gpu_rules.create', targetId: rule.id, target: nameOf(rule), after: rule })
    return rule
  })
  const moves = await movesAfter(scope.db, await readRules(scope.db), [{ rule: made, only: null }])
  const moved = await applyMoves(scope, moves, { targetId: made.id, target: nameOf(made) })
  return { ...versioned(made), moved }
}

/** Two rules for the very same lines would be one too many. @throws HelioxError conflict `gpu_rules.same_conditions` */
export async function requireOtherConditions(
  tx: Tx,
  rule: Pick<GpuRule, 'provider' | 'service' | 'sku' | 'instanceType' | 'itemContains'>,
  except?: Id<'rule'>,
): Promise<void> {
  const names = ['provider', 'service', 'sku', 'instanceType', 'itemContains'] as const
  const [same] = await tx
    .select({ id: gpuRules.id })
    .from(gpuRules)
    .where(and(...names.map((name) => eq(gpuRules[name], rule[name])), except && ne(gpuRules.id, except)))
  if (!same) return
  const message = `${same.id} has exactly these conditions: change that one`
  throw new HelioxError('conflict', 'gpu_rules.same_conditions', message)
}

/** A rule's fields, '' and null for what is left out. @throws as `createRule` */
export function fieldsOf(input: NewRule): Omit<GpuRule, 'id' | 'createdAtMs'> {
  const {
    provider = '',
    service = '',
    sku = '',
    instanceType = '',
    itemContains = '',
    gpuType,
    note: said = '',
  } = input
  const fields = {
    provider,
    service,
    sku,
    instanceType,
    itemContains,
    gpuType,
    gpuCount: input.gpuCount ?? null,
    note: said,
  }
  requireCondition(fields)
  requireTypeForCount(fields)
  return fields
}
