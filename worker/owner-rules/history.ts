import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { teamNames } from './owner.ts'
import { RuleSet, SET_COLUMNS, type SetRow, setAnswer } from './rule-set.ts'

export const HistoryAsked = z.object(Paging)
export const HistoryPage = PageOf('sets', RuleSet)

/** The rules as they were applied, the last first: when, by whom, and what moved. */
export async function ruleHistory(
  { db, ...scope }: Scope,
  asked: z.output<typeof HistoryAsked>,
): Promise<z.output<typeof HistoryPage>> {
  allow(scope, 'bill-rules:read')
  const rows = await db.all<SetRow>(sql`select ${SET_COLUMNS} from owner_rule_sets order by id desc
    limit ${BigInt(asked.limit)} offset ${BigInt(asked.skip)}`)
  const [all] = await db.all<{ total: bigint; last: bigint }>(
    sql`select count(*) as total, coalesce(max(id), 0) as last from owner_rule_sets`,
  )
  const names = await teamNames(db)
  const sets = rows.map((row) => setAnswer(row, Number(all?.last ?? 0), names))
  return pageOf('sets', sets, Number(all?.total ?? 0), asked, false)
}
