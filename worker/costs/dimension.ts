import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { costDimensions } from '../../db/schema/bills.ts'
import { jsonText } from '../json-text.ts'

/** The texts of a dimension, in the order in which its key lists them. */
export const DIMENSION_TEXTS = [
  ...(['source', 'billingAccount', 'account', 'billingPeriod', 'region', 'service', 'sku', 'item'] as const),
  ...(['instanceType', 'chargeCategory', 'pricingCategory', 'currency', 'tags'] as const),
] as const

/** What a charge is for, beside its day and its pool; '' for what is not known. */
export type Dimension = Record<(typeof DIMENSION_TEXTS)[number], string>

/** What makes a dimension unique: all of its texts as one JSON list. */
export function dimensionKey(dimension: Dimension): string {
  return keyOfCharge(dimension.source, dimension)
}

/** The same of a charge that does not know its source. */
export function keyOfCharge(source: string, dimension: Omit<Dimension, 'source'>): string {
  const { billingAccount, account, billingPeriod, region, service, sku, item } = dimension
  const { instanceType, chargeCategory, pricingCategory, currency, tags } = dimension
  return jsonText([
    ...[source, billingAccount, account, billingPeriod, region, service, sku, item],
    ...[instanceType, chargeCategory, pricingCategory, currency, tags],
  ])
}

/** The statement that makes the rows of these keys, as far as they are new. */
export function insertDimensions(keys: readonly string[]): SQL {
  return sql`insert into cost_dimensions (key, source, billing_account, account, billing_period, region, service, sku,
      item, instance_type, charge_category, pricing_category, currency, tags)
    select value, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
      value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12
    from json_each(${JSON.stringify(keys)}) where true on conflict do nothing`
}

/** The row of a dimension, made if it is new. */
export async function findOrCreateDimension(tx: Tx, dimension: Dimension): Promise<number> {
  const key = dimensionKey(dimension)
  await tx.run(insertDimensions([key]))
  const [row] = await tx
    .select({ id: costDimensions.id })
    .from(costDimensions)
    .where(sql`${costDimensions.key} = ${key}`)
  if (!row) throw new Error('the dimension was not stored')
  return row.id
}
