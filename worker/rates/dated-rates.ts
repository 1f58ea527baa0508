import { currencyRates } from '../../db/schema/rates.ts'
import { type ExactUsd, readUsd } from '../../db/units/money.ts'
import type { Day } from '../../db/units/time.ts'
import type { Scope } from '../scope.ts'

/**
 * Door: what one unit of a currency was worth in US dollars on a day, from one look at the table: the newest rate up to
 * that day; null where there is none. Rates that change meanwhile do not change the answers.
 */
export async function datedRates({ db }: Pick<Scope, 'db'>): Promise<(currency: string, day: Day) => ExactUsd | null> {
  const rows = await db.select().from(currencyRates).orderBy(currencyRates.currency, currencyRates.effectiveFrom)
  const dated = new Map<string, { from: Day; usdPerUnit: ExactUsd }[]>()
  for (const { currency, effectiveFrom, usdPerUnit } of rows) {
    const exact = readUsd(usdPerUnit)
    const known = dated.get(currency) ?? []
    if (exact) known.push({ from: effectiveFrom, usdPerUnit: exact })
    dated.set(currency, known)
  }
  const answered = new Map<string, ExactUsd | null>() // a bill has few days and many rows
  return (currency, day) => {
    const key = `${day} ${currency}`
    const before = answered.get(key)
    if (before !== undefined) return before
    const found = dated.get(currency)?.findLast(({ from }) => from <= day)?.usdPerUnit ?? null
    answered.set(key, found)
    return found
  }
}
