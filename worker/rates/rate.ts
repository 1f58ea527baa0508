import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { currencyRates } from '../../db/schema/rates.ts'
import type { Id } from '../../db/units/ids.ts'
import { AnsweredDay, AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'

/** What a currency is worth from a day on, until the next one that is dated. */
export const Rate = z.object({
  id: AnsweredId('rate'),
  currency: z.string().meta({ examples: ['EUR'] }),
  effectiveFrom: AnsweredDay.describe('First UTC day it holds for'),
  usdPerUnit: z
    .string()
    .describe('US dollars for one unit: exact decimal text')
    .meta({ examples: ['1.0824'] }),
  source: z.string().describe('Who says so'),
  createdAtMs: Instant,
})
export type Rate = z.output<typeof Rate>

export const RateAlone = Rate.extend({ version: Version })
export type RateAlone = z.output<typeof RateAlone>

type Reader = Pick<Scope['db'], 'select'>

/** One rate. @throws HelioxError not_found `rates.no_rate` */
export async function rate(scope: Scope, { id }: { id: Id<'rate'> }): Promise<RateAlone> {
  allow(scope, 'bill-rules:read')
  return versioned(await readRate(scope.db, id))
}

/** The stored rate. @throws HelioxError not_found `rates.no_rate` */
export async function readRate(reader: Reader, id: Id<'rate'>): Promise<Rate> {
  const [row] = await reader.select().from(currencyRates).where(eq(currencyRates.id, id))
  if (!row) throw new HelioxError('not_found', 'rates.no_rate', `There is no rate ${id}`)
  return row
}

/** What the audit log calls it. */
export function nameOf({ currency, effectiveFrom }: Pick<Rate, 'currency' | 'effectiveFrom'>): string {
  return `${currency} from ${effectiveFrom}`
}
