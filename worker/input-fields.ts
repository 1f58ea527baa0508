import { z } from 'zod'
import { type Id, type IdPrefix, rowOf } from '../db/units/ids.ts'
import { type Day, parseDay } from '../db/units/time.ts'

/** How lists are paged: `skip` default 0, `limit` default 50 and at most 100. */
export const Paging = {
  skip: z.coerce.number().int().min(0).max(1_000_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
}

/** The id of one kind of thing, such as "team_3". */
export function IdText<P extends IdPrefix>(prefix: P) {
  return z
    .string()
    .refine((text) => rowOf(prefix, text) !== null, `expected an id such as ${prefix}_17`)
    .transform((text) => text as Id<P>)
}

/** A UTC day as YYYY-MM-DD. */
export const DayText = z.string('expected a day as YYYY-MM-DD').transform((text, context): Day => {
  const day = parseDay(text)
  if (!day) context.addIssue({ code: 'custom', message: `expected a day as YYYY-MM-DD, found "${text.slice(0, 40)}"` })
  return day ?? ('' as Day)
})
