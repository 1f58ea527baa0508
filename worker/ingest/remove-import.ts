import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { writeBatch } from '../../db/client.ts'
import { rowOf } from '../../db/units/ids.ts'
import { removeJobs } from '../analytics/job-days.ts'
import { shareStale, shareStatements } from '../analytics/share.ts'
import { usageChanged } from '../analytics/usage-changed.ts'
import { noteStatement } from '../audit/note.ts'
import { HelioxError } from '../errors.ts'
import { applyRules } from '../gpu-rules/apply-rules.ts'
import { IdText } from '../input-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { type ImportView, importView, readImport } from './import-view.ts'
import { takeBillsAway } from './store-bills.ts'
import { removeTokensOf } from './store-tokens.ts'
import { isUnderWay } from './watch-import.ts'

export const ImportRemoval = z.object({ importId: IdText('imp') })

/** Rows that one transaction takes away. */
const REMOVED_ROWS = 10_000n

/**
 * Takes an import away with its effect: what it brought and nobody has changed since. A bill that it had replaced counts
 * again, if its entries are still kept (a week); what the import changed of other imports' simple costs and jobs stays as
 * it is, since what it was before is not known. The import stays in the list as removed. Jobs go in bounded transactions;
 * cut off anywhere, the same call goes on.
 *
 * @throws HelioxError not_found `ingest.no_import`; conflict `ingest.under_way`; forbidden `auth.role`, `auth.whole_company`
 */
export async function removeImport(scope: Scope, { importId }: z.output<typeof ImportRemoval>): Promise<ImportView> {
  allow(scope, 'imports:write')
  const view = await importView(scope, importId)
  if (view.kind === 'costs' || view.kind === 'usage') {
    requireWholeCompany(scope, 'Removing what counts for the whole company')
    allow(scope, 'bills:write')
  }
  if (isUnderWay(view))
    throw new HelioxError('conflict', 'ingest.under_way', 'The import is still under way: cancel it first')
  if (view.status === 'removed' || view.isDryRun) return view
  const { db, now } = scope
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const gone =
    (await takeBillsAway(db, row, now())) +
    (await removeSimpleCosts(scope, row)) +
    (await removeJobsOf(scope, row)) +
    (await removeTokens(scope, row)) +
    (await removeUsage(scope, row))
  await shareStale(scope)
  if (view.kind === 'costs') await applyRules(scope) // a bill that counts again was read with the rules of its time
  const { format, source, fileName, status, inserted, updated } = view
  await writeBatch(db, [
    // What it had taken from another import's quarantine waits there again.
    sql`update quarantined_rows set resolved_by = 0 where resolved_by = ${row}`,
    sql`update imports set status = 'removed', message = ${removedWords(gone, view)}, progressed_at_ms = ${BigInt(now())}
      where id = ${row}`,
    noteStatement(scope, {
      ...{ action: 'imports.remove', targetId: importId, target: fileName || importId },
      ...{ before: { format, source, status, inserted, updated }, after: { status: 'removed', rows: gone } },
    }),
  ])
  return readImport(db, importId)
}

function removedWords(gone: number, { inserted, updated, unchanged }: ImportView): string {
  const stays = Math.max(0, inserted + updated - unchanged - gone)
  const rest = stays > 0 ? `; ${stays} that it changed, or that were changed since, stay as they are` : ''
  return `Removed: ${gone} ${gone === 1 ? 'row' : 'rows'} taken away${rest}`
}

async function removeSimpleCosts({ db, now }: Scope, row: bigint): Promise<number> {
  return inTurns(async (after) => {
    const some = sql`select id, entry_date, pool_id from cost_entries where id > ${after} and bill_id = 0
      and created_by = ${row} and changed_by = ${row} order by id limit ${REMOVED_ROWS}`
    const [last] = await db.all<{ id: bigint | null }>(sql`select max(id) as id from (${some})`)
    if (!last?.id) return null
    const these = sql`cost_entries where id > ${after} and id <= ${last.id} and bill_id = 0 and created_by = ${row}
      and changed_by = ${row}`
    const results = await writeBatch(db, [
      sql`insert into sharing_pool_days (day, pool_id) select distinct entry_date, pool_id from ${these}
        on conflict do nothing`,
      sql`delete from ${these}`,
      ...shareStatements(sql`select day, pool_id from sharing_pool_days where true`, now()),
    ])
    return { upTo: last.id, rows: results[1]?.rowsAffected ?? 0 }
  })
}

async function removeJobsOf({ db }: Scope, row: bigint): Promise<number> {
  const mine = (after: bigint): SQL => sql`select id from jobs where id > ${after} and created_by = ${row}
    and changed_by = ${row} order by id limit ${REMOVED_ROWS}`
  return inTurns(async (after) => {
    const [last] = await db.all<{ id: bigint | null; rows: bigint }>(
      sql`select max(id) as id, count(*) as rows from (${mine(after)})`,
    )
    if (!last?.id) return null
    await writeBatch(db, removeJobs(mine(after)))
    return { upTo: last.id, rows: Number(last.rows) }
  })
}

async function removeTokens({ db }: Scope, row: bigint): Promise<number> {
  return untilFewer(async () => {
    const results = await writeBatch(db, removeTokensOf(row, Number(REMOVED_ROWS)))
    return results[0]?.rowsAffected ?? 0
  })
}

async function removeUsage({ db }: Scope, row: bigint): Promise<number> {
  const mine = sql`usage_snapshots where created_by = ${row} and changed_by = ${row}`
  const results = await writeBatch(db, [
    ...usageChanged(sql`select entry_date, pool_id from ${mine}`),
    sql`delete from ${mine}`,
  ])
  return results.at(-1)?.rowsAffected ?? 0
}

/** Runs one transaction after the other until one takes less than it could. Answers how many rows went. */
async function untilFewer(turn: () => Promise<number>): Promise<number> {
  for (let rows = 0; ; ) {
    const gone = await turn()
    rows += gone
    if (gone < Number(REMOVED_ROWS)) return rows
  }
}

/** Runs one transaction after the other, each behind the last row of the one before it, until there is nothing left. */
async function inTurns(turn: (after: bigint) => Promise<{ upTo: bigint; rows: number } | null>): Promise<number> {
  let rows = 0
  for (let after = 0n; ; ) {
    const done = await turn(after)
    if (!done) return rows
    rows += done.rows
    after = done.upTo
  }
}
