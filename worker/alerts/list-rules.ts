import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { alertRules } from '../../db/schema/alerts.ts'
import type { AlertRuleId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { AlertRulesAsked } from './alert-input.ts'
import { AlertRule, countRules, selectRules } from './alert-rule.ts'
import { alertKinds as kinds } from './rule-params.ts'

export const AlertRulePage = PageOf('rules', AlertRule)

/** Rules: the company's first, then those of teams. People of teams see those of their teams. */
export async function listRules(
  scope: Scope,
  page: z.output<typeof AlertRulesAsked>,
): Promise<z.output<typeof AlertRulePage>> {
  allow(scope, 'alerts:read')
  const rules = await selectRules(scope.db, scope, undefined, page)
  return pageOf('rules', rules, await countRules(scope.db, scope), page, visibleTeams(scope) !== null)
}

/** One rule. @throws HelioxError not_found `alerts.no_rule` */
export async function oneRule(scope: Scope, { id }: { id: AlertRuleId }): Promise<AlertRule> {
  allow(scope, 'alerts:read')
  const [rule] = await selectRules(scope.db, scope, eq(alertRules.id, id))
  if (!rule) throw new HelioxError('not_found', 'alerts.no_rule', `There is no rule ${id}`)
  return rule
}

/** The kinds of rules, and what each needs to know. */
export async function alertKinds(scope: Scope) {
  allow(scope, 'alerts:read')
  return kinds()
}
