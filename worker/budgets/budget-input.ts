import { z } from 'zod'
import { BUDGET_MODES, BUDGET_PERIODS, BUDGET_SCOPES, type BudgetScope } from '../../db/units/budget-scopes.ts'
import { rowOf } from '../../db/units/ids.ts'
import { IdText, LineText, SeenVersion, UsdLimit } from '../input-fields.ts'

const LimitUsd = UsdLimit.nullish()
const LimitTokens = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullish()
const LIMIT_WORDS = 'give limit_usd or limit_tokens, one of the two'

const PREFIX = { team: 'team', user: 'user', key: 'key' } as const

/** What people decide about a budget. */
export const NewBudget = z
  .object({
    scope: z.enum(BUDGET_SCOPES).describe('Whose calls count'),
    scopeId: LineText(200)
      .nullish()
      .describe('A team, person or key by id, a model by the name that is asked for; nothing for the company')
      .meta({ examples: ['team_3'] }),
    period: z.enum(BUDGET_PERIODS).describe('Calendar day or month, UTC'),
    limitUsd: LimitUsd.describe('Of dollars; a model without a price spends none'),
    limitTokens: LimitTokens.describe('Of tokens, in and out'),
    mode: z.enum(BUDGET_MODES).describe('hard refuses what would pass it, soft only says so'),
  })
  .superRefine(({ scope, scopeId, limitUsd, limitTokens }, context) => {
    const said = scopeProblem(scope, scopeId ?? '')
    if (said) context.addIssue({ code: 'custom', path: ['scopeId'], message: said })
    if (((limitUsd ?? null) === null) === ((limitTokens ?? null) === null))
      context.addIssue({ code: 'custom', path: ['limitUsd'], message: LIMIT_WORDS })
  })

/** Its limit, or whether it refuses. Whose it is and of which period stays: make another one. */
export const BudgetChange = z
  .object({
    id: IdText('bdgt'),
    version: SeenVersion,
    limitUsd: LimitUsd,
    limitTokens: LimitTokens,
    mode: z.enum(BUDGET_MODES).optional(),
  })
  .superRefine(({ limitUsd, limitTokens }, context) => {
    if (typeof limitUsd === 'bigint' && typeof limitTokens === 'number')
      context.addIssue({ code: 'custom', path: ['limitUsd'], message: LIMIT_WORDS })
  })

export const BudgetNamed = z.object({ id: IdText('bdgt') })
export const BudgetRemoval = z.object({ id: IdText('bdgt'), version: SeenVersion })

function scopeProblem(scope: BudgetScope, id: string): string | null {
  if (scope === 'company') return id === '' ? null : 'the company has no id: leave it out'
  if (scope === 'model') return id === '' ? 'must name a model' : null
  return rowOf(PREFIX[scope], id) === null ? `expected an id such as ${PREFIX[scope]}_17` : null
}
