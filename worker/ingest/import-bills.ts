import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { BILL_STATUSES } from '../../db/schema/bills.ts'
import { type ImportId, idText, rowOf } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { AnsweredId, Usd } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { importView } from './import-view.ts'

/** A bill as one export brought it: rows of the file, and what they add up to. */
const Brought = z.object({
  billId: AnsweredId('bill'),
  importId: AnsweredId('imp').nullable(),
  status: z.enum(BILL_STATUSES),
  part: z.string(),
  lineCount: z.number().int(),
  billedNanoUsd: Usd,
  effectiveNanoUsd: Usd,
  isKept: z.boolean().describe('Its entries are still there: it would count again if what replaced it were removed'),
})

/** What became of one account's invoice of one period: before and after. */
export const Restatement = Brought.extend({
  billingAccount: z.string(),
  billingPeriod: z.string().describe('First day of the invoice period'),
  replaced: z.array(Brought).describe('The exports whose place it took'),
  supersededBy: AnsweredId('bill').nullable().describe('The bill that took its place since'),
  supersededByImport: AnsweredId('imp').nullable().describe('… and the import that brought that one'),
})
export const Restatements = z.array(Restatement)

/**
 * The bills that an import brought, with what each of them replaced, by account and period. Empty for imports of other
 * kinds, and for who does not see the whole company.
 *
 * @throws HelioxError not_found `ingest.no_import`
 */
export async function importBills(
  scope: Scope,
  { importId }: { importId: ImportId },
): Promise<z.output<typeof Restatements>> {
  allow(scope, 'imports:read')
  await importView(scope, importId)
  if (visibleTeams(scope) !== null) return []
  const row = BigInt(rowOf('imp', importId) ?? 0)
  const mine = sql`select id from bills where import_id = ${row} and status <> 'pending'`
  const rows = await scope.db.all<Row>(sql`
    select id, import_id as importId, status, part, line_count as lines, billed_nano_usd as billed,
      effective_nano_usd as effective, billing_account as account, billing_period as period, superseded_by as supersededBy,
      (select o.import_id from bills o where o.id = bills.superseded_by) as supersededByImport,
      exists (select 1 from bill_days d where d.bill_id = bills.id) as isKept, import_id = ${row} as isMine
    from bills where id in (${mine}) or superseded_by in (${mine})
    order by billing_period, billing_account, part, id limit 5000`)
  return rows
    .filter(({ isMine }) => isMine === 1n)
    .map((bill) => ({
      ...brought(bill),
      ...{ billingAccount: bill.account, billingPeriod: bill.period },
      supersededBy: bill.supersededBy === null ? null : idText('bill', bill.supersededBy),
      supersededByImport: bill.supersededByImport ? idText('imp', bill.supersededByImport) : null,
      replaced: rows.filter(({ supersededBy }) => supersededBy === bill.id).map(brought),
    }))
}

type Row = {
  id: bigint
  importId: bigint | null
  status: (typeof BILL_STATUSES)[number]
  part: string
  lines: bigint
  billed: bigint
  effective: bigint
  account: string
  period: string
  supersededBy: bigint | null
  supersededByImport: bigint | null
  isKept: bigint
  isMine: bigint
}

function brought({ id, importId, status, part, lines, billed, effective, isKept }: Row): z.output<typeof Brought> {
  return {
    billId: idText('bill', id),
    importId: importId ? idText('imp', importId) : null,
    ...{ status, part, lineCount: Number(lines) },
    ...{ billedNanoUsd: nanoUsd(billed), effectiveNanoUsd: nanoUsd(effective) },
    isKept: isKept === 1n,
  }
}
