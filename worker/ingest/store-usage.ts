import { type SQL, sql } from 'drizzle-orm'
import { usageChanged } from '../analytics/usage-changed.ts'
import { jsonText } from '../json-text.ts'
import type { UsageDraft } from './importers/importer.ts'

/**
 * The statements of one transaction that take a chunk of measured usage into the ledger: a pool-day has one measurement,
 * so a file replaces what was there, entered by hand or derived from jobs, and the pool-day waits to be shared. The same
 * chunk again changes nothing. A second
 * row of the file with a key that it has had is quarantined: the first one stays. A dry run counts and stores nothing; it
 * finds a key that comes again within the chunk only.
 *
 * The first statement answers what is quarantined: `repeated` rows, and their `gpu_seconds`. Inserted, updated and
 * unchanged rows are added to the import.
 */
export function storeUsage(drafts: readonly UsageDraft[], importRow: bigint, isDryRun = false): SQL[] {
  const rows = jsonText(
    drafts.map((d) => [d.line, d.entryDate, d.provider, d.gpuType, d.gpuSeconds, d.measuredGpuSeconds]),
  )
  const chunk = sql`with draft as materialized (
      select r.line, r.day, r.provider, r.gpu_type, r.gpu_seconds, r.measured, p.id as pool_id, u.id as known,
        row_number() over (partition by r.day, r.provider, r.gpu_type order by r.place) > 1
          or coalesce(u.seen_by = ${importRow}, 0) as is_repeated,
        coalesce(u.gpu_seconds = r.gpu_seconds and u.measured_gpu_seconds is r.measured and u.source = '', 0) as is_same
      from (select key as place, value ->> 0 as line, value ->> 1 as day, value ->> 2 as provider, value ->> 3 as gpu_type,
        value ->> 4 as gpu_seconds, value ->> 5 as measured from json_each(${rows})) r
      left join pools p on p.provider = r.provider and p.gpu_type = r.gpu_type
      left join usage_snapshots u on u.entry_date = r.day and u.pool_id = p.id)`
  const counting = [
    sql`${chunk} select count(*) as repeated, coalesce(sum(gpu_seconds), 0) as gpu_seconds from draft where is_repeated`,
    sql`${chunk} insert into quarantined_rows (import_id, line, column_name, code, message)
      select ${importRow}, line, 'date', 'ingest.repeated',
        'the file has this date, provider and GPU type in an earlier line' from draft where is_repeated order by line`,
    sql`${chunk} update imports set (inserted, updated, unchanged) = (
        select imports.inserted + count(*) - count(known), imports.updated + count(known),
          imports.unchanged + coalesce(sum(is_same), 0) from draft where not is_repeated)
      where id = ${importRow}`,
  ]
  if (isDryRun) return counting
  return [
    ...counting,
    // Before a pool is known nothing can be measured in it: the chunk looks the same before this and after.
    sql`insert into pools (provider, gpu_type)
      select distinct value ->> 2, value ->> 3 from json_each(${rows}) where true on conflict do nothing`,
    ...usageChanged(sql`${chunk} select day, pool_id from draft where not is_repeated and not is_same`),
    sql`${chunk} insert into usage_snapshots (entry_date, pool_id, gpu_seconds, measured_gpu_seconds, source, created_by,
        changed_by, seen_by)
      select day, pool_id, gpu_seconds, measured, '', ${importRow}, ${importRow}, ${importRow} from draft
      where not is_repeated
      on conflict do update set
        changed_by = iif(gpu_seconds = excluded.gpu_seconds and measured_gpu_seconds is excluded.measured_gpu_seconds
          and source = '', changed_by, excluded.changed_by),
        gpu_seconds = excluded.gpu_seconds, measured_gpu_seconds = excluded.measured_gpu_seconds, source = '',
        seen_by = excluded.seen_by`,
  ]
}
