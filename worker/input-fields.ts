import { z } from 'zod'
import { normalName, readGpuHours } from '../db/units/gpu.ts'
import { type Id, type IdPrefix, rowOf } from '../db/units/ids.ts'
import { type NanoUsd, readUsd, toNanoUsd } from '../db/units/money.ts'
import { type Day, type EpochMs, parseDay, parseInstant } from '../db/units/time.ts'
import { isVisible } from './visible-text.ts'

/** How lists are paged: `skip` default 0, `limit` default 50 and at most 100. Typed clients send numbers, a query text. */
export const Paging = {
  skip: z.coerce.number<number>().int().min(0).max(1_000_000_000).default(0),
  limit: z.coerce.number<number>().int().min(1).max(100).default(50),
}

/** The same for tables of the dashboard: a file of 100,000 rows is 20 questions. */
export const TablePaging = { ...Paging, limit: z.coerce.number<number>().int().min(1).max(5_000).default(50) }

/** The id of one kind of thing, such as "team_3". */
export function IdText<P extends IdPrefix>(prefix: P) {
  return z
    .string()
    .meta({ examples: [`${prefix}_3`] })
    .refine((text) => rowOf(prefix, text) !== null, `expected an id such as ${prefix}_17`)
    .transform((text) => text as Id<P>)
}

/** A UTC day as YYYY-MM-DD. */
export const DayText = z
  .string('expected a day as YYYY-MM-DD')
  .meta({ format: 'date', examples: ['2026-01-13'] })
  .transform((text, context): Day => {
    const day = parseDay(text)
    if (!day)
      context.addIssue({ code: 'custom', message: `expected a day as YYYY-MM-DD, found "${text.slice(0, 40)}"` })
    return day ?? ('' as Day)
  })

/** An instant in ISO 8601; without a zone it is UTC. */
export const InstantText = z
  .string('expected an instant such as 2026-01-13T08:00:00Z')
  .meta({ format: 'date-time', examples: ['2026-01-13T08:00:00Z'] })
  .transform((text, context): EpochMs => {
    const instant = parseInstant(text)
    if (instant === null) {
      const message = `expected an instant such as 2026-01-13T08:00:00Z, found "${text.slice(0, 40)}"`
      context.addIssue({ code: 'custom', message })
    }
    return instant ?? (0 as EpochMs)
  })

/** US dollars: decimal text; a JSON number is taken as it was written, which is exact up to 15 digits. */
export const UsdInput = z
  .union([z.string(), z.number()], 'expected an amount such as "1234.56"')
  .meta({ examples: ['1234.56'] })
  .transform((given, context): NanoUsd => {
    const exact = readUsd(String(given).trim())
    if (!exact)
      context.addIssue({
        code: 'custom',
        message: `expected an amount such as "1234.56", found "${String(given).slice(0, 40)}"`,
      })
    return exact ? toNanoUsd(exact) : (0n as NanoUsd)
  })

const MOST_DECIMALS = 9

/** What may be spent, from 0 on. Finer than a nano-dollar is refused: rounded, a limit would be another, or none at all. */
export const UsdLimit = z
  .union([z.string(), z.number()], 'expected an amount such as "1234.56"')
  .meta({ examples: ['1234.56'] })
  .refine((given) => isInNanoUsd(String(given)), `must have at most ${MOST_DECIMALS} decimals`)
  .pipe(UsdInput)
  .refine((amount) => amount >= 0n, 'must not be below 0')

/** Text that is no amount as well: it is refused in other words. */
function isInNanoUsd(text: string): boolean {
  const exact = readUsd(text)
  return !exact || exact.scale <= MOST_DECIMALS || exact.digits % 10n ** BigInt(exact.scale - MOST_DECIMALS) === 0n
}

/** GPU-hours: decimal text or a number, as GPU-seconds from here on. */
export const GpuHoursInput = z
  .union([z.string(), z.number()], 'expected GPU-hours such as 24.5')
  .meta({ examples: ['24.5'] })
  .transform((given, context): number => {
    const text = String(given).trim()
    const gpuSeconds = readGpuHours(text)
    if (gpuSeconds === null) {
      const isNegative = text.startsWith('-') && readGpuHours(text.slice(1)) !== null
      const form = `expected GPU-hours such as 24.5, found "${text.slice(0, 40)}"`
      context.addIssue({ code: 'custom', message: isNegative ? 'must not be negative' : form })
    }
    return gpuSeconds ?? 0
  })

/** A provider or GPU type: lower-cased and trimmed, `AWS` is `aws`. */
export const NormalName = z
  .string()
  .max(200, 'must have at most 200 characters')
  .refine((text) => text.trim() === '' || isVisible(text), 'must have characters that can be seen')
  .transform(normalName)

/** Text that people read: trimmed, of bounded length; where there is any, something of it can be seen. */
export function LineText(longest: number) {
  return z
    .string()
    .trim()
    .max(longest, `must have at most ${longest} characters`)
    .refine((text) => !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text), 'must be one line of plain text')
    .refine((text) => text === '' || isVisible(text), 'must have characters that can be seen')
}

/** The version that an editor saw: REST takes it from If-Match. */
export const SeenVersion = z.string().max(100).optional().describe('The version you have seen; REST: If-Match')

/** Which scheduler or bill something is from; '' is that of the documented files. */
export const SourceName = LineText(100).describe('Where it is from; empty: the documented files')
