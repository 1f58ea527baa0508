import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import type { Id } from '../../db/units/ids.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'

/** Which lines are meant, all that is set together, and which GPU they are. */
export const GpuRule = z.object({
  id: AnsweredId('rule'),
  provider: z.string().meta({ examples: ['aws'] }),
  service: z.string(),
  sku: z.string(),
  instanceType: z.string(),
  itemContains: z.string().describe('A part of the item’s name, without regard to case'),
  gpuType: z.string().describe('Empty: these lines are no GPU'),
  gpuCount: z.number().int().nullable().describe('GPUs of one billed unit; null: not known, so it gives no capacity'),
  note: z.string(),
  createdAtMs: Instant,
})
export type GpuRule = z.output<typeof GpuRule>

/** What a change moved in the bills that are there. */
export const Moved = z.object({
  entryCount: z.number().int().describe('Entries of the ledger'),
  lineCount: z.number().int().describe('Lines of bills behind them'),
})
export type Moved = z.output<typeof Moved>

export const GpuRuleAlone = GpuRule.extend({ version: Version })
export type GpuRuleAlone = z.output<typeof GpuRuleAlone>

export const GpuRuleChanged = GpuRuleAlone.extend({ moved: Moved })
export type GpuRuleChanged = z.output<typeof GpuRuleChanged>

/** @throws HelioxError invalid `gpu_rules.no_condition` */
export function requireCondition(
  rule: Pick<GpuRule, 'provider' | 'service' | 'sku' | 'instanceType' | 'itemContains'>,
) {
  if (rule.provider + rule.service + rule.sku + rule.instanceType + rule.itemContains !== '') return
  const message = 'A rule needs at least one condition: a provider, service, SKU, instance type, or a part of the item'
  throw new HelioxError('invalid', 'gpu_rules.no_condition', message)
}

/** What is no GPU has none to count. @throws HelioxError invalid `gpu_rules.count_without_type` */
export function requireTypeForCount({ gpuType, gpuCount }: Pick<GpuRule, 'gpuType' | 'gpuCount'>) {
  if (gpuType !== '' || gpuCount === null) return
  const message = 'A line that is no GPU has no number of GPUs: leave it out'
  throw new HelioxError('invalid', 'gpu_rules.count_without_type', message)
}

/** The stored columns of a rule that an answer has. */
export const RULE_COLUMNS = {
  id: gpuRules.id,
  provider: gpuRules.provider,
  service: gpuRules.service,
  sku: gpuRules.sku,
  instanceType: gpuRules.instanceType,
  itemContains: gpuRules.itemContains,
  gpuType: gpuRules.gpuType,
  gpuCount: gpuRules.gpuCount,
  note: gpuRules.note,
  createdAtMs: gpuRules.createdAtMs,
}

/** What can read: the database, or a transaction. */
export type Reader = Pick<Scope['db'], 'select'>

/** One rule. @throws HelioxError not_found `gpu_rules.no_rule` */
export async function gpuRule(scope: Scope, { id }: { id: Id<'rule'> }): Promise<GpuRuleAlone> {
  allow(scope, 'bill-rules:read')
  return versioned(await readRule(scope.db, id))
}

/** The stored rule. @throws HelioxError not_found `gpu_rules.no_rule` */
export async function readRule(reader: Reader, id: Id<'rule'>): Promise<GpuRule> {
  const [row] = await reader.select(RULE_COLUMNS).from(gpuRules).where(eq(gpuRules.id, id))
  if (!row) throw new HelioxError('not_found', 'gpu_rules.no_rule', `There is no rule ${id}`)
  return row
}

/** What the audit log calls it: its conditions and what they mean. */
export function nameOf(rule: Omit<GpuRule, 'id' | 'note' | 'createdAtMs'>): string {
  const { provider, service, sku, instanceType, itemContains, gpuType, gpuCount } = rule
  const conditions = [provider, service, sku, instanceType, itemContains && `…${itemContains}…`].filter(Boolean)
  const meaning = gpuType === '' ? 'no GPU' : `${gpuCount === null ? '' : `${gpuCount} × `}${gpuType}`
  return `${conditions.join(', ')} → ${meaning}`.slice(0, 300)
}
