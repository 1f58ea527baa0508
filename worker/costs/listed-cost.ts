import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { idText, rowOf } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import type { Scope } from '../scope.ts'
import { Cost } from './cost.ts'

/** An entry with what brought it. */
export const ListedCost = Cost.extend({
  importId: AnsweredId('imp')
    .nullable()
    .describe('The import that last brought its amounts; null: entered by hand. A later change by hand does not show'),
  fileName: z.string().describe('Of that import; empty where it had none'),
})
export type ListedCost = z.output<typeof ListedCost>

type Origin = { id: bigint | number; imp: bigint | number; fileName: string }

/** Entries with what brought each: the import that last changed it, else that brought it, else that of its bill. */
export async function withOrigins({ db }: Pick<Scope, 'db'>, costs: readonly Cost[]): Promise<ListedCost[]> {
  const ids = JSON.stringify(costs.map(({ id }) => rowOf('cost', id)))
  const origins = await db.all<Origin>(sql`select c.id, i.id as imp, i.file_name as fileName
    from json_each(${ids}) asked join cost_entries c on c.id = asked.value left join bills b on b.id = c.bill_id
    join imports i on i.id = coalesce(nullif(c.changed_by, 0), nullif(c.created_by, 0), b.import_id)`)
  const byRow = new Map(origins.map((origin) => [Number(origin.id), origin]))
  return costs.map((cost) => {
    const origin = byRow.get(rowOf('cost', cost.id) ?? 0)
    const importId = origin ? idText('imp', Number(origin.imp)) : null
    return { ...cost, importId, fileName: origin?.fileName ?? '' }
  })
}
