import { sql } from 'drizzle-orm'
import { check, index, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OwnerRuleField } from '../units/owner-rule-fields.ts'
import { idColumn, idRefColumn, instantColumn, intColumn } from './columns.ts'

export { OWNER_RULE_FIELDS, type OwnerRuleField } from '../units/owner-rule-fields.ts'

/**
 * Whose a charge or a job is that its file does not say, or says otherwise. The rule with the lowest priority number that
 * matches wins. Editing rules changes nothing by itself: they hold from the moment they are applied.
 */
export const ownerRules = sqliteTable(
  'owner_rules',
  {
    id: idColumn('own'),
    priority: intColumn('priority').notNull(),
    field: text('field').$type<OwnerRuleField>().notNull(),
    /** Which tag, for `tag`; '' otherwise. */
    tagKey: text('tag_key').notNull().default(''),
    /** As written, `*` for any run of characters; compared case-insensitively. */
    pattern: text('pattern').notNull(),
    /** JSON of `OwnerOf`: a team, or a split over teams. */
    owner: text('owner').notNull(),
    note: text('note').notNull().default(''),
    createdAtMs: instantColumn('created_at_ms').notNull(),
    updatedAtMs: instantColumn('updated_at_ms').notNull(),
  },
  (t) => [
    index('owner_rules_priority_idx').on(t.priority, t.id),
    check('owner_rules_field_ck', sql`${t.field} in ('account', 'tag', 'service', 'user', 'job_name', 'region')`),
  ],
)

/** The rules as they were applied, one row per time: the last one is in force, the others are history. */
export const ownerRuleSets = sqliteTable('owner_rule_sets', {
  id: idColumn('set'),
  appliedAtMs: instantColumn('applied_at_ms').notNull(),
  appliedBy: text('applied_by').notNull(),
  appliedByUserId: idRefColumn('user', 'applied_by_user_id'),
  /** JSON list of the rules, in their order. */
  rules: text('rules').notNull(),
  /** JSON: what moved, in dollars and jobs. */
  moved: text('moved').notNull().default(''),
  /** Its jobs and charges have been gone through. */
  isDone: intColumn('is_done').notNull().default(sql`0`),
})
