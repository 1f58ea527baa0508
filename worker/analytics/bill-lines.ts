import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { idText } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import { AnsweredDay, AnsweredId, GpuTime, PageOf, pageOf, Usd } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow, requireWholeCompany } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { inWindow, ofPools } from './conditions.ts'
import { requireFiltersOfJobs } from './job-parts.ts'
import type { Row } from './ledger.ts'
import { COST_KINDS, type Question, questionWith } from './window.ts'

export const BillLinesQuestion = questionWith(Paging)

/** One entry of a current bill: rows of a file that were for the same thing on the same day. Text is '' where not known. */
export const BillLine = z.object({
  id: AnsweredId('cost'),
  date: AnsweredDay,
  ...{ provider: z.string(), gpuType: z.string(), source: z.string(), billingAccount: z.string(), account: z.string() },
  ...{ region: z.string(), service: z.string(), sku: z.string(), item: z.string(), instanceType: z.string() },
  ...{ chargeCategory: z.string(), pricingCategory: z.string() },
  billedCostNanoUsd: Usd,
  effectiveCostNanoUsd: Usd,
  listCostNanoUsd: Usd.nullable().describe('Null: the source does not say'),
  capacityGpuSeconds: GpuTime.nullable().describe('GPU time that it bought; null: not in the source'),
  lineCount: z.number().int().describe('Rows of the file that were added up into it'),
  billId: AnsweredId('bill').nullable().describe('Null: a documented simple file, or by hand'),
  importId: AnsweredId('imp').nullable().describe('What brought its amounts; null: by hand'),
  fileName: z.string(),
})
export type BillLine = z.output<typeof BillLine>

/** Σ lines of all pages = `linesCostNanoUsd`, and that the pool-days' cost: `differenceNanoUsd` is 0. */
export const BillLines = PageOf('lines', BillLine).extend({
  linesCostNanoUsd: Usd.describe('Of all lines, in the kind of cost asked for; list: of those that say one'),
  pageCostNanoUsd: Usd,
  poolDaysCostNanoUsd: Usd.describe('What the ledger has for these days and pools'),
  differenceNanoUsd: Usd,
  cost: z.enum(COST_KINDS),
})
export type BillLines = z.output<typeof BillLines>

/**
 * The bill lines behind the pool-days of a question, by day and pool. A line is nobody's before it is shared, so filters
 * on owners leave nothing out.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.whole_company`; what `requireFiltersOfJobs` throws
 */
export async function billLines(
  { db, ...scope }: Scope,
  asked: Question & { skip: number; limit: number },
): Promise<BillLines> {
  allow(scope, 'ledger:read')
  requireWholeCompany(scope, 'Bill lines')
  requireFiltersOfJobs(asked)
  const amount = sql.raw(`c.${asked.cost}_nano_usd`)
  const poolCost = sql.raw(`d.${{ effective: 'cost', billed: 'billed', list: 'list' }[asked.cost]}_nano_usd`)
  const current = sql`cost_entries c join bills b on b.id = c.bill_id and b.status = 'current' join pools p on p.id = c.pool_id
    where ${inWindow(asked, 'c.entry_date')} and ${ofPools(asked)}`
  const [page, summed, days] = await readBatch(db, [
    sql`select line.*, coalesce(i.file_name, '') as file_name, n.source, n.billing_account, n.account, n.region, n.service,
        n.sku, n.item, n.instance_type, n.charge_category, n.pricing_category
      from (select c.*, p.provider, p.gpu_type, coalesce(nullif(c.changed_by, 0), nullif(c.created_by, 0), b.import_id, 0) as imp
        from ${current} order by c.entry_date, c.pool_id, c.bill_id, c.dimension_id
        limit ${BigInt(asked.limit)} offset ${BigInt(asked.skip)}) line
      join cost_dimensions n on n.id = line.dimension_id left join imports i on i.id = line.imp
      order by line.entry_date, line.pool_id, line.bill_id, line.dimension_id`,
    sql`select count(*) as total, coalesce(sum(${amount}), 0) as cost from ${current}`,
    sql`select coalesce(sum(${poolCost}), 0) as cost from pool_days d join pools p on p.id = d.pool_id
      where ${inWindow(asked, 'd.day')} and ${ofPools(asked)}`,
  ])
  const { total = 0n, cost = 0n } = (summed?.rows[0] ?? {}) as { total?: bigint; cost?: bigint }
  const ledger = days?.rows[0]?.cost as bigint
  const lines = ((page?.rows ?? []) as unknown as Row[]).map(lineOf)
  const costOf = (line: BillLine) => line[`${asked.cost}CostNanoUsd`] ?? 0n
  return {
    ...pageOf('lines', lines, Number(total), asked, false),
    linesCostNanoUsd: nanoUsd(cost),
    pageCostNanoUsd: nanoUsd(lines.reduce((sum, line) => sum + costOf(line), 0n)),
    poolDaysCostNanoUsd: nanoUsd(ledger),
    differenceNanoUsd: nanoUsd(ledger - cost),
    cost: asked.cost,
  }
}

function lineOf(row: Row): BillLine {
  const text = (name: string) => String(row[name] ?? '')
  const id = <P extends 'bill' | 'imp'>(prefix: P, value: unknown) => (value ? idText(prefix, value as bigint) : null)
  return {
    ...{
      id: idText('cost', row.id as bigint),
      date: row.entry_date as Day,
      provider: text('provider'),
      gpuType: text('gpu_type'),
    },
    ...{
      source: text('source'),
      billingAccount: text('billing_account'),
      account: text('account'),
      region: text('region'),
    },
    ...{ service: text('service'), sku: text('sku'), item: text('item'), instanceType: text('instance_type') },
    ...{ chargeCategory: text('charge_category'), pricingCategory: text('pricing_category') },
    billedCostNanoUsd: row.billed_nano_usd as NanoUsd,
    effectiveCostNanoUsd: row.effective_nano_usd as NanoUsd,
    listCostNanoUsd: row.list_nano_usd as NanoUsd | null,
    capacityGpuSeconds: row.capacity_gpu_seconds === null ? null : Number(row.capacity_gpu_seconds),
    lineCount: Number(row.line_count),
    ...{ billId: id('bill', row.bill_id), importId: id('imp', row.imp), fileName: text('file_name') },
  }
}
