import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { note } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { MOST_RULES, readRules } from './owner-rule.ts'

export const NewOrder = z.object({
  ids: z
    .array(IdText('own'))
    .max(MOST_RULES)
    .describe('Every rule once, the first one first: priorities become 10, 20, 30 …'),
})

/**
 * Puts the rules in another order. It changes nothing else until the rules are applied.
 *
 * @throws HelioxError conflict `owner_rules.other_rules`: the list is not that of all rules there are
 */
export async function reorderRules(scope: Scope, { ids }: z.output<typeof NewOrder>): Promise<{ ids: string[] }> {
  allow(scope, 'bill-rules:write')
  return writeTransaction(scope.db, async (tx) => {
    const before = (await readRules(tx)).map(({ id }) => id)
    if (JSON.stringify(before.toSorted()) !== JSON.stringify(ids.toSorted()))
      throw new HelioxError('conflict', 'owner_rules.other_rules', 'There are other rules by now: read them again')
    if (JSON.stringify(before) === JSON.stringify(ids)) return { ids }
    const rows = JSON.stringify(ids.map((id) => rowOf('own', id)))
    await tx.run(sql`update owner_rules set priority = (o.key + 1) * 10, updated_at_ms = ${BigInt(scope.now())}
      from json_each(${rows}) o where owner_rules.id = o.value and priority <> (o.key + 1) * 10`)
    await note(tx, scope, {
      action: 'owner_rules.reorder',
      ...{ targetId: '', target: 'all rules', before: { ids: before }, after: { ids } },
    })
    return { ids }
  })
}
