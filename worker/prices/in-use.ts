import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../../db/client.ts'
import { type PriceId, rowOf } from '../../db/units/ids.ts'
import { type Day, startOf } from '../../db/units/time.ts'
import { HelioxError } from '../errors.ts'

type Reader = { all: Db['all'] | Tx['all'] }

/** Which of these prices calls were billed with. No call is billed with a price before its first day. */
export async function pricesInUse(
  db: Reader,
  prices: readonly { id: PriceId; effectiveFrom: Day }[],
): Promise<ReadonlySet<PriceId>> {
  const used = new Set<PriceId>()
  for (const { id, effectiveFrom } of prices) {
    const [row] = await db.all<{ found: bigint }>(sql`select 1 as found from requests
      where started_at_ms >= ${BigInt(startOf(effectiveFrom))} and price_id = ${BigInt(rowOf('price', id) ?? 0)} limit 1`)
    if (row) used.add(id)
  }
  return used
}

/** @throws HelioxError conflict `prices.in_use` */
export async function requireUnused(db: Reader, price: { id: PriceId; effectiveFrom: Day }): Promise<void> {
  const used = await pricesInUse(db, [price])
  if (used.size === 0) return
  const message = 'Calls were billed with this price: it stays. Add a new one with the first day that it holds for'
  throw new HelioxError('conflict', 'prices.in_use', message)
}
