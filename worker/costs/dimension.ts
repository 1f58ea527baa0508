import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { costDimensions } from '../../db/schema/bills.ts'
import { jsonText } from '../json-text.ts'
import { billBook, ruledOwner, SET_IN_FORCE } from '../owner-rules/rules-in-force.ts'

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

/** The statement that makes the rows of these keys, as far as they are new: whose they are, the rules in force say. */
export function insertDimensions(keys: readonly string[]): SQL {
  return insertDimensionsOf(sql`select value as key from json_each(${JSON.stringify(keys)})`)
}

/** `insertDimensions` of a SELECT of keys as `key`. */
export function insertDimensionsOf(keys: SQL): SQL {
  return sql`with book as materialized (${billBook()})
    insert into cost_dimensions (key, source, billing_account, account, billing_period, region, service, sku,
      item, instance_type, charge_category, pricing_category, currency, tags, owner, owner_set)
    select key, key ->> 0, key ->> 1, key ->> 2, key ->> 3, key ->> 4, key ->> 5, key ->> 6, key ->> 7,
      key ->> 8, key ->> 9, key ->> 10, key ->> 11, key ->> 12, ${ruledOwner(KEY_COLUMNS)}, ${SET_IN_FORCE}
    from (${keys}) k where not exists (select 1 from cost_dimensions d where d.key = k.key) on conflict do nothing`
}

/** Where the texts that rules look at stand in a key. */
const KEY_COLUMNS = {
  ...{ billingAccount: '(k.key ->> 1)', account: '(k.key ->> 2)', region: '(k.key ->> 4)', service: '(k.key ->> 5)' },
  tags: '(k.key ->> 12)',
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
