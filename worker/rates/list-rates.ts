import { count, desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { currencyRates } from '../../db/schema/rates.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { Rate } from './rate.ts'
import { CurrencyName } from './rate-input.ts'

export const RatesAsked = z.object({ ...Paging, currency: CurrencyName.optional() })

export const RatesPage = PageOf('rates', Rate)

/** Rates by currency, the newest day first. */
export async function listRates(scope: Scope, asked: z.output<typeof RatesAsked>): Promise<z.output<typeof RatesPage>> {
  allow(scope, 'bill-rules:read')
  const { skip, limit, currency } = asked
  const where = currency === undefined ? undefined : eq(currencyRates.currency, currency)
  const rates = await scope.db
    .select()
    .from(currencyRates)
    .where(where)
    .orderBy(currencyRates.currency, desc(currencyRates.effectiveFrom))
    .limit(limit)
    .offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(currencyRates)
    .where(where)
  return pageOf('rates', rates, all?.total ?? 0, asked, false)
}
