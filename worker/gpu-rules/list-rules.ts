import { count, desc } from 'drizzle-orm'
import { z } from 'zod'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { GpuRule, RULE_COLUMNS } from './gpu-rule.ts'

export const RulesAsked = z.object(Paging)

export const RulesPage = PageOf('rules', GpuRule)

/** Rules, the newest first: that is the order in which they are asked. */
export async function listRules(scope: Scope, asked: z.output<typeof RulesAsked>): Promise<z.output<typeof RulesPage>> {
  allow(scope, 'bill-rules:read')
  const newestFirst = scope.db.select(RULE_COLUMNS).from(gpuRules).orderBy(desc(gpuRules.id))
  const rules = await newestFirst.limit(asked.limit).offset(asked.skip)
  const [all] = await scope.db.select({ total: count().mapWith(Number) }).from(gpuRules)
  return pageOf('rules', rules, all?.total ?? 0, asked, false)
}
