import { z } from 'zod'
import { type Id, type IdPrefix, rowOf } from '../db/units/ids.ts'
import type { NanoUsd } from '../db/units/money.ts'
import type { Day, EpochMs } from '../db/units/time.ts'

/*
 * Fields of answers, in units. A verb's answer type is the output of such a schema, and the OpenAPI document is made from
 * the same one: names are translated there as `toWire` translates them, and what is meant for the wire stands in the meta.
 */

/** Money: decimal text on the wire. */
export const Usd = z
  .custom<NanoUsd>((value) => typeof value === 'bigint')
  .meta({ type: 'string', pattern: '^-?\\d+\\.\\d{2,9}$', examples: ['52073.58'] })

/** GPU time in seconds: decimal hours on the wire. The field's name ends in gpuSeconds. */
export const GpuTime = z
  .custom<number>((value) => typeof value === 'number')
  .meta({ type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', examples: ['24.5'] })

/** An instant: ISO 8601 on the wire. The field's name ends in AtMs. */
export const Instant = z
  .custom<EpochMs>((value) => typeof value === 'number')
  .meta({ type: 'string', format: 'date-time', examples: ['2026-01-13T08:00:00.000Z'] })

export const AnsweredDay = z
  .custom<Day>((value) => typeof value === 'string')
  .meta({ type: 'string', format: 'date', examples: ['2026-01-13'] })

export function AnsweredId<P extends IdPrefix>(prefix: P) {
  return z
    .custom<Id<P>>((value) => typeof value === 'string' && rowOf(prefix, value) !== null)
    .meta({ type: 'string', pattern: `^${prefix}_[1-9]\\d*$`, examples: [`${prefix}_3`] })
}

/** What `If-Match` takes. */
export const Version = z.string().meta({ examples: ['pXvq0B3mT8aZ1kLw'] })

/** A page of a list. `isPartial`: rows that the asker may not see are left out, and are in no total. */
export function PageOf<Name extends string, Item extends z.ZodType>(name: Name, item: Item) {
  return z.object({
    ...({ [name]: z.array(item) } as { [K in Name]: z.ZodArray<Item> }),
    total: z.number().int(),
    skip: z.number().int(),
    limit: z.number().int(),
    hasMore: z.boolean(),
    isPartial: z.boolean(),
  })
}

/** The rows of a page as `PageOf` says them. */
export function pageOf<Name extends string, Item>(
  name: Name,
  items: Item[],
  total: number,
  { skip, limit }: { skip: number; limit: number },
  isPartial: boolean,
) {
  const rows = { [name]: items } as { [K in Name]: Item[] }
  return { ...rows, total, skip, limit, hasMore: skip + items.length < total, isPartial }
}
