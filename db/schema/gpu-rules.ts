import { sql } from 'drizzle-orm'
import { check, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'
import { users } from './users.ts'

/**
 * What an administrator knows about bill lines that Heliox does not recognise: lines that match are this GPU, in bills
 * that are there and in those to come. An empty condition matches everything; at least one is set. The newest matching
 * rule wins.
 */
export const gpuRules = sqliteTable(
  'gpu_rules',
  {
    id: idColumn('rule'),
    /** Equal, lower-cased. */
    provider: text('provider').notNull().default(''),
    /** Equal. */
    service: text('service').notNull().default(''),
    sku: text('sku').notNull().default(''),
    instanceType: text('instance_type').notNull().default(''),
    /** A part of the item's name, without regard to case. */
    itemContains: text('item_contains').notNull().default(''),
    /** '' says: this is no GPU. */
    gpuType: text('gpu_type').notNull(),
    /** GPUs of one billed unit (an instance has eight); null: not known, so it gives no capacity. */
    gpuCount: intColumn('gpu_count'),
    note: text('note').notNull().default(''),
    userId: idRefColumn('user', 'user_id').references(() => users.id, { onDelete: 'set null' }),
    createdAtMs: instantColumn('created_at_ms').notNull(),
  },
  (t) => [
    check('gpu_rules_count_ck', sql`${t.gpuCount} > 0`),
    check(
      'gpu_rules_condition_ck',
      sql`${t.provider} || ${t.service} || ${t.sku} || ${t.instanceType} || ${t.itemContains} <> ''`,
    ),
  ],
)
