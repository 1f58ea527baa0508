import { sql } from 'drizzle-orm'
import { check, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { flagColumn, idColumn, instantColumn, nanoUsdColumn } from './columns.ts'

/** Who owns jobs. The name is kept as written and compared without regard to case. */
export const teams = sqliteTable(
  'teams',
  {
    id: idColumn('team'),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** Per calendar month; null: no budget set, which is not a budget of zero. */
    budgetNanoUsd: nanoUsdColumn('budget_nano_usd'),
    isDemo: flagColumn('is_demo').notNull().default(sql`0`),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    uniqueIndex('teams_name_key').on(sql`${t.name} collate nocase`), // find a team by the name in a file
    check('teams_name_ck', sql`length(trim(${t.name})) between 1 and 200`),
    check('teams_budget_ck', sql`${t.budgetNanoUsd} >= 0`),
  ],
)
