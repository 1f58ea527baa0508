import { type SQL, sql } from 'drizzle-orm'
import { type Db, writeBatch } from '../../db/client.ts'
import type { Cell } from './counted.ts'

/** An isolate's report: what it counted since its last one, as number `seq` of its own. */
export type Report = { isolate: string; seq: number; cells: readonly Cell[]; openCount: number; atMs: number }

/** How long what an isolate said of its open requests is believed; longer than any pause between reports of a busy one. */
export const BELIEVED_MS = 30_000
/** Rows of isolates that have said nothing for so long are forgotten. A report that comes again after that would count twice. */
const FORGOTTEN_MS = 24 * 60 * 60_000

/**
 * Adds a report to the cells, in one transaction. A report that is there already (its answer was lost on the way, and it is sent
 * again with the same number) adds nothing.
 */
export async function writeReport(db: Db, { isolate, seq, cells, openCount, atMs }: Report): Promise<void> {
  const rows = JSON.stringify(
    cells.map(({ name, labels, bucket, count, sum }) => [name, labels, bucket, count, `${sum}`]),
  )
  const at = BigInt(atMs)
  await writeBatch(db, [
    sql`insert into metric_cells (name, labels, bucket, count, sum)
      select value ->> 0, value ->> 1, value ->> 2, value ->> 3, cast(value ->> 4 as integer) from json_each(${rows})
      where not exists (select 1 from metric_cells where name = ${ISOLATE} and labels = ${isolate} and bucket = ''
        and count >= ${BigInt(seq)})
      ${ADDED}`,
    overwritten(ISOLATE, isolate, BigInt(seq), at),
    overwritten(OPEN, isolate, BigInt(openCount), at),
    sql`delete from metric_cells where name in (${ISOLATE}, ${OPEN}) and sum < ${at - BigInt(FORGOTTEN_MS)}`,
  ])
}

/** Rows of isolates: `labels` is its id, `sum` when it said so. `count`: the number of its last report; its open requests. */
const ISOLATE = 'isolate'
export const OPEN = 'active_connections'

/** How a row that is there already takes what is added. */
export const ADDED: SQL = sql`on conflict (name, labels, bucket) do update
  set count = metric_cells.count + excluded.count, sum = metric_cells.sum + excluded.sum`

function overwritten(name: string, isolate: string, count: bigint, at: bigint): SQL {
  return sql`insert into metric_cells (name, labels, bucket, count, sum) values (${name}, ${isolate}, '', ${count}, ${at})
    on conflict (name, labels, bucket) do update set count = excluded.count, sum = excluded.sum
    where excluded.sum >= metric_cells.sum`
}
