import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { budgets } from '../../db/schema/budgets.ts'
import { apiKeys } from '../../db/schema/keys.ts'
import { teams } from '../../db/schema/teams.ts'
import { users } from '../../db/schema/users.ts'
import { BUDGET_MODES, BUDGET_PERIODS, BUDGET_SCOPES } from '../../db/units/budget-scopes.ts'
import type { BudgetId } from '../../db/units/ids.ts'
import { AnsweredDay, AnsweredId, Instant, Usd, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { visibleTeamRows } from '../permissions.ts'
import type { Scope } from '../scope.ts'

/** A budget as it is stored, with the name of whom it is for. */
export const StoredBudget = z.object({
  id: AnsweredId('bdgt'),
  scope: z.enum(BUDGET_SCOPES),
  scopeId: z
    .string()
    .nullable()
    .describe('Null: the company')
    .meta({ examples: ['team_3'] }),
  name: z.string().nullable().describe('Of the team, person, key or model; null: the company, or who is gone'),
  period: z.enum(BUDGET_PERIODS),
  limitNanoUsd: Usd.nullable(),
  limitTokens: z.number().int().nullable(),
  mode: z.enum(BUDGET_MODES),
  createdAtMs: Instant,
})
export type StoredBudget = z.output<typeof StoredBudget>

/** The same with how it stands in its running period. */
export const Budget = StoredBudget.extend({
  spentNanoUsd: Usd.describe('By calls that have ended'),
  heldNanoUsd: Usd.describe('By calls that are under way, at most'),
  spentTokens: z.number().int(),
  heldTokens: z.number().int(),
  spentPercent: z.number().nullable().describe('Of the limit; null: the limit is 0'),
  periodStart: AnsweredDay,
  beginsAgainAtMs: Instant.describe('When the period is over'),
  alerts: z
    .array(z.object({ percent: z.number().int(), toldAtMs: Instant }))
    .describe('Parts of it that were passed in this period, and when that was noticed'),
  refused: z
    .object({ callCount: z.number().int(), sinceAtMs: Instant, lastAtMs: Instant })
    .nullable()
    .describe('Calls that it had no room for in this period and since it was last changed; null: none'),
  version: Version,
})
export type Budget = z.output<typeof Budget>

/** What can read: the database, or a transaction. */
type Reader = Pick<Db, 'select'>

/** Whose budgets the actor sees: all, or those of their teams, of keys of their teams, and their own. */
export function visibleBudgets(scope: Pick<Scope, 'actor'>): SQL | undefined {
  const rows = visibleTeamRows(scope)
  if (rows === null) return undefined
  const own = sql`(select value from json_each(${rows}))`
  return or(
    sql`${budgets.scope} = 'team' and cast(substr(${budgets.scopeId}, 6) as integer) in ${own}`,
    sql`${budgets.scope} = 'key' and cast(substr(${budgets.scopeId}, 5) as integer) in
      (select id from api_keys where team_id in ${own})`,
    and(eq(budgets.scope, 'user'), eq(budgets.scopeId, scope.actor.userId ?? '')),
  )
}

/** The visible budgets that `where` describes, oldest first. */
export async function selectBudgets(
  reader: Reader,
  scope: Pick<Scope, 'actor'>,
  where?: SQL,
  page?: { skip: number; limit: number },
): Promise<StoredBudget[]> {
  const query = reader
    .select({ budget: budgets, team: teams.name, user: users.email, key: apiKeys.name })
    .from(budgets)
    .leftJoin(teams, sql`${budgets.scope} = 'team' and ${teams.id} = cast(substr(${budgets.scopeId}, 6) as integer)`)
    .leftJoin(users, sql`${budgets.scope} = 'user' and ${users.id} = cast(substr(${budgets.scopeId}, 6) as integer)`)
    .leftJoin(apiKeys, sql`${budgets.scope} = 'key' and ${apiKeys.id} = cast(substr(${budgets.scopeId}, 5) as integer)`)
    .where(and(visibleBudgets(scope), where))
    .orderBy(budgets.id)
    .$dynamic()
  const rows = await (page ? query.limit(page.limit).offset(page.skip) : query)
  return rows.map(({ budget, team, user, key }) => ({
    ...budget,
    scopeId: budget.scopeId || null,
    name: budget.scope === 'model' ? budget.scopeId : (team ?? user ?? key),
  }))
}

/** @throws HelioxError not_found `budgets.no_budget`, for another team's as for one that never was */
export async function readBudget(reader: Reader, scope: Pick<Scope, 'actor'>, id: BudgetId): Promise<StoredBudget> {
  const [budget] = await selectBudgets(reader, scope, eq(budgets.id, id))
  if (!budget) throw new HelioxError('not_found', 'budgets.no_budget', `There is no budget ${id}`)
  return budget
}
