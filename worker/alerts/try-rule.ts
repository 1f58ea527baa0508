import { z } from 'zod'
import type { AlertRuleId } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import { expected, rootCause } from '../errors.ts'
import { allow } from '../permissions.ts'
import { readRule } from './alert-rule.ts'
import type { AlertScope } from './kinds/kind.ts'
import { lookAtRule } from './look-at-rule.ts'
import type { Params } from './rule-params.ts'

/** What a rule would find now. */
export const TriedRule = z.object({
  isKnown: z.boolean().describe('False: it cannot be known now'),
  message: z.string(),
  findings: z.array(
    z.object({
      groupKey: z.string(),
      teamId: AnsweredId('team').nullable(),
      title: z.string(),
      text: z.string(),
      facts: z.array(z.object({ name: z.string(), value: z.string() })),
      href: z.string(),
    }),
  ),
})

const MOST_SHOWN = 100

/** Looks once, writes nothing and tells nobody. @throws HelioxError not_found `alerts.no_rule` */
export async function tryRule(scope: AlertScope, { id }: { id: AlertRuleId }): Promise<z.output<typeof TriedRule>> {
  allow(scope, 'alerts:write')
  const row = await readRule(scope.db, scope, id)
  try {
    const found = await lookAtRule(scope, { ...row, params: JSON.parse(row.params) as Params })
    const message =
      found.length === 0
        ? 'It finds nothing now'
        : `It finds ${found.length === 1 ? 'one condition' : `${found.length} conditions`} now`
    const findings = found.slice(0, MOST_SHOWN).map((one) => ({ ...one, facts: [...one.facts] }))
    return { isKnown: true, message, findings }
  } catch (error) {
    const known = expected(error)
    if (!known) scope.log.error('alerts.look_failed', { rule: id, error: String(rootCause(error)) })
    return { isKnown: false, message: known?.message ?? 'The look failed: see the log', findings: [] }
  }
}
