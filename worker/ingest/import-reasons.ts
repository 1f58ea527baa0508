import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { rowOf } from '../../db/units/ids.ts'
import { addExact, type ExactUsd, exactOfText, exactText, ZERO_EXACT } from '../../db/units/money.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { IdText, Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { FileUsd, importView } from './import-view.ts'

export const ReasonsAsked = z.object({ importId: IdText('imp'), ...Paging })

/** All quarantined rows of an import that were refused with one code for one column. */
export const Reason = z.object({
  code: z.string().meta({ examples: ['ingest.bad_date'] }),
  column: z.string().nullable().describe('Null: the row as a whole'),
  count: z.number().int(),
  resolvedCount: z.number().int().describe('Of these, rows that another import has read again'),
  retryableCount: z.number().int().describe('Of these, rows that were kept and not read again yet'),
  unpricedCount: z.number().int().describe('Of these, rows without an amount that could be read'),
  costUsd: FileUsd.nullable().describe('What the readable amounts add up to, exactly; null: there is none'),
  firstLine: z.number().int(),
  message: z.string().describe('What is said of the first of them'),
})
export type Reason = z.output<typeof Reason>

export const ReasonPage = PageOf('reasons', Reason)

/** Amounts are added up by the database as three whole numbers, 9 digits behind the point each; finer ones by us. */
const FINEST_SUMMED = 18
const STEP = 10_000

/**
 * Why rows of an import were refused, most rows first: ten thousand bad rows are a few lines here, with their dollars to
 * the last digit. Memory does not grow with the rows.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importReasons(
  scope: Scope,
  { importId, skip, limit }: z.output<typeof ReasonsAsked>,
): Promise<z.output<typeof ReasonPage>> {
  allow(scope, 'imports:read')
  await importView(scope, importId)
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const groups = await scope.db.all<Group>(sql`
    with amounts as (select code, column_name, line, message, record, resolved_by, cost_usd,
        cost_usd is not null and length(cost_usd) - instr(cost_usd, '.') <= ${FINEST_SUMMED} as is_summed,
        iif(substr(cost_usd, 1, 1) = '-', -1, 1) as sign,
        cast(ltrim(substr(cost_usd, 1, instr(cost_usd, '.') - 1), '-') as integer) as whole,
        substr(cost_usd, instr(cost_usd, '.') + 1) || '000000000000000000' as fraction
      from quarantined_rows where import_id = ${row})
    select code, column_name as "column", count(*) as count, sum(resolved_by <> 0) as resolved,
      sum(resolved_by = 0 and record <> '') as retryable, count(cost_usd) as priced, min(line) as firstLine, message,
      coalesce(sum(iif(is_summed, sign * whole, 0)), 0) as whole,
      coalesce(sum(iif(is_summed, sign * cast(substr(fraction, 1, 9) as integer), 0)), 0) as high,
      coalesce(sum(iif(is_summed, sign * cast(substr(fraction, 10, 9) as integer), 0)), 0) as low,
      count(cost_usd) - sum(is_summed) as finer, count(*) over () as groups
    from amounts group by code, column_name order by count desc, code, column_name
    limit ${BigInt(limit)} offset ${BigInt(skip)}`)
  const reasons: Reason[] = []
  for (const group of groups) reasons.push(reasonOf(group, group.finer > 0n ? await finer(scope, row, group) : null))
  const total = groups[0] ? Number(groups[0].groups) : 0
  return pageOf('reasons', reasons, total, { skip, limit }, false)
}

type Group = {
  code: string
  column: string | null
  message: string
} & Record<
  ('count' | 'resolved' | 'retryable' | 'priced' | 'firstLine' | 'groups' | 'finer') | ('whole' | 'high' | 'low'),
  bigint
>

function reasonOf({ code, column, message, ...group }: Group, more: ExactUsd | null): Reason {
  const nine = 1_000_000_000n
  const summed = { digits: (group.whole * nine + group.high) * nine + group.low, scale: FINEST_SUMMED }
  return {
    ...{ code, column, message, count: Number(group.count), firstLine: Number(group.firstLine) },
    ...{ resolvedCount: Number(group.resolved), retryableCount: Number(group.retryable) },
    unpricedCount: Number(group.count - group.priced),
    costUsd: group.priced === 0n ? null : exactText(more ? addExact(summed, more) : summed),
  }
}

/** The sum of a group's amounts that the database cannot add up. */
async function finer({ db }: Scope, row: bigint, { code, column }: Group): Promise<ExactUsd> {
  let sum = ZERO_EXACT
  for (let after = 0n; ; ) {
    const rows = await db.all<{ id: bigint; costUsd: string }>(sql`select id, cost_usd as costUsd from quarantined_rows
      where import_id = ${row} and id > ${after} and code = ${code} and column_name is ${column}
        and length(cost_usd) - instr(cost_usd, '.') > ${FINEST_SUMMED} order by id limit ${STEP}`)
    for (const { costUsd } of rows) sum = addExact(sum, exactOfText(costUsd))
    if (rows.length < STEP) return sum
    after = rows[rows.length - 1]?.id ?? after
  }
}
