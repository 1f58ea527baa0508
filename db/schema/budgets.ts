import { sql } from 'drizzle-orm'
import { check, index, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { BudgetMode, BudgetPeriod, BudgetScope } from '../units/budget-scopes.ts'
import type { Day } from '../units/time.ts'
import { idColumn, idRefColumn, instantColumn, intColumn, nanoUsdColumn } from './columns.ts'

/** What may be spent on calls of the gateway per UTC day or month. All that apply to a call must hold. */
export const budgets = sqliteTable(
  'budgets',
  {
    id: idColumn('bdgt'),
    scope: text('scope').$type<BudgetScope>().notNull(),
    /** "team_3", "user_2", "key_7", a model as asked; '' for the company. */
    scopeId: text('scope_id').notNull().default(''),
    period: text('period').$type<BudgetPeriod>().notNull(),
    /** One of the two. */
    limitNanoUsd: nanoUsdColumn('limit_nano_usd'),
    limitTokens: intColumn('limit_tokens'),
    /** hard refuses what would pass it, soft only says so. */
    mode: text('mode').$type<BudgetMode>().notNull(),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    index('budgets_scope_idx').on(t.scope, t.scopeId),
    check('budgets_scope_ck', sql`${t.scope} in ('company', 'team', 'user', 'key', 'model')`),
    check('budgets_period_ck', sql`${t.period} in ('day', 'month')`),
    check('budgets_mode_ck', sql`${t.mode} in ('hard', 'soft')`),
    check('budgets_limit_ck', sql`(${t.limitNanoUsd} is null) <> (${t.limitTokens} is null)`),
    check('budgets_sign_ck', sql`coalesce(${t.limitNanoUsd}, ${t.limitTokens}) >= 0`),
  ],
)

/** That a budget has passed a part of itself in a period: said once. */
export const budgetAlerts = sqliteTable(
  'budget_alerts',
  {
    budgetId: idRefColumn('bdgt', 'budget_id')
      .notNull()
      .references(() => budgets.id, { onDelete: 'cascade' }),
    /** First UTC day of the period. */
    periodStart: text('period_start').$type<Day>().notNull(),
    /** 50, 80 or 100. */
    percent: intColumn('percent').notNull(),
    atMs: instantColumn('at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.budgetId, t.periodStart, t.percent] })],
)
