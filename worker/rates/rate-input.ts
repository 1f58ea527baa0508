import { z } from 'zod'
import { exactText, readUsd } from '../../db/units/money.ts'
import { DayText, IdText, LineText, SeenVersion } from '../input-fields.ts'

/** As bills write it: ISO 4217, or what FOCUS calls a virtual currency ("Token"). */
export const CurrencyName = z
  .string()
  .meta({ examples: ['EUR'] })
  .transform((text) => text.trim().toUpperCase())
  .pipe(
    z
      .string()
      .regex(/^[A-Z0-9][A-Z0-9 ._-]{0,29}$/, 'expected a currency such as EUR')
      .refine((name) => name !== 'USD', 'US dollars need no rate'),
  )

/** Above zero, as decimal text; a JSON number is taken as it was written. */
export const UsdPerUnit = z
  .union([z.string(), z.number()], 'expected a rate such as "1.0824"')
  .meta({ examples: ['1.0824'] })
  .transform((given, context): string => {
    const exact = readUsd(String(given).trim())
    if (exact && exact.digits > 0n) return exactText(exact)
    const message = exact
      ? 'must be above 0'
      : `expected a rate such as "1.0824", found "${String(given).slice(0, 40)}"`
    context.addIssue({ code: 'custom', message })
    return ''
  })

export const RateSource = LineText(200)

export const NewRate = z.object({
  currency: CurrencyName,
  effectiveFrom: DayText.describe('First UTC day it holds for'),
  usdPerUnit: UsdPerUnit.describe('US dollars for one unit'),
  source: RateSource.nullish()
    .describe('Who says so')
    .meta({ examples: ['ECB reference rate'] }),
})

/** What is absent stays. */
export const RateChange = z.object({
  id: IdText('rate'),
  version: SeenVersion,
  currency: CurrencyName.optional(),
  effectiveFrom: DayText.optional().describe('First UTC day it holds for'),
  usdPerUnit: UsdPerUnit.optional().describe('US dollars for one unit'),
  source: RateSource.nullish().describe('Who says so'),
})
