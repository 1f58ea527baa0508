import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { idText } from '../../db/units/ids.ts'
import type { OpenImport } from './open-import.ts'
import { DIMENSION, ENTRY } from './store-costs.ts'
import { KEY } from './store-jobs.ts'

/** Files that the sentence names. */
const NAMED = 3

/**
 * A sentence for who did not say whose rows these are, where some of them changed rows that other files had brought: files
 * of different origin share a source unless it is named, and then one replaces the other without a word. Null: nothing of
 * the kind. Rows of a file with the same name are a correction; those of a bill are told apart by their account.
 */
export async function changedOthers(db: Db, { importer, source, row, isDryRun }: OpenImport): Promise<string | null> {
  if (isDryRun || source !== importer.defaultSource) return null
  const changed: SQL[] = []
  if (importer.kind === 'costs' && !importer.isBill)
    changed.push(sql`select c.created_by from staged_costs s join imports i on i.id = s.import_id
      join pools p on p.provider = s.provider and p.gpu_type = s.gpu_type join cost_dimensions d on d.key = ${DIMENSION}
      join cost_entries c on ${ENTRY}
      where s.import_id = ${row} and c.changed_by = ${row} and c.created_by <> ${row}`)
  if (importer.kind === 'jobs' || importer.alsoJobs)
    changed.push(sql`select j.created_by from staged_jobs s join imports i on i.id = s.import_id join jobs j on ${KEY}
      where s.import_id = ${row} and j.changed_by = ${row} and j.created_by <> ${row}`)
  if (changed.length === 0) return null
  const files = await db.all<{ fileName: string; id: bigint; rows: bigint }>(sql`
    select o.file_name as fileName, max(o.id) as id, count(*) as rows
    from (${sql.join(changed, sql` union all `)}) as x
      join imports o on o.id = x.created_by join imports me on me.id = ${row}
    where o.file_name <> me.file_name group by iif(o.file_name = '', o.id, 0), o.file_name
    order by count(*) desc, max(o.id) limit 1000`)
  const rows = files.reduce((sum, file) => sum + file.rows, 0n)
  if (rows === 0n) return null
  const names = files.slice(0, NAMED).map(({ fileName, id }) => fileName || idText('imp', id))
  const others = files.length > NAMED ? [`${files.length - NAMED} more`] : []
  const all = [...names, ...others]
  const list = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0]
  return `${rows} ${rows === 1n ? 'row' : 'rows'} that ${list} had brought ${rows === 1n ? 'was' : 'were'} changed: if these are of another origin, name a source to keep them apart`
}
