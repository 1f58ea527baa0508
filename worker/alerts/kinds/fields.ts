import { z } from 'zod'
import { type NanoUsd, readUsd, toNanoUsd } from '../../../db/units/money.ts'

/*
 * Fields of `params`. What they give out is JSON that they take again: a rule keeps it, and the kind reads it at each look.
 * Titles, descriptions and defaults are what the page makes its form of.
 */

/** US dollars as decimal text, above zero. */
export const Dollars = z
  .union([z.string(), z.number()], 'expected an amount such as "1234.56"')
  .transform((given) => String(given).trim())
  .refine((text) => (readUsd(text)?.digits ?? 0n) > 0n, 'must be an amount above 0 such as "1234.56"')

/** The same, or '' for none. */
export const DollarsOrNone = z
  .union([z.string(), z.number()], 'expected an amount such as "1234.56"')
  .transform((given) => String(given).trim())
  .refine((text) => text === '' || (readUsd(text)?.digits ?? 0n) > 0n, 'must be empty or an amount such as "1234.56"')

/** The amount that such a field holds. */
export function nanoOf(text: string): NanoUsd {
  const exact = readUsd(text)
  if (!exact) throw new RangeError(`not an amount: ${text}`)
  return toNanoUsd(exact)
}

/** A number of things, whole. */
export function whole(least: number, most: number) {
  return z.coerce
    .number<number>()
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
}

/** A number with fractions: a factor or a percentage. */
export function decimal(least: number, most: number) {
  return z.coerce.number<number>().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`)
}

/** Marks of a budget in per cent, as people list them: "50, 80, 100". */
export const Marks = z
  .string()
  .trim()
  .refine((text) => marksOf(text).length > 0, 'must be percentages from 1 to 1000 such as 50, 80, 100')

/** The marks of such a text, lowest first, each once; none where one of them makes no sense. */
export function marksOf(text: string): number[] {
  const parts = text
    .replace(/\s+%/g, '%')
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
  const marks = parts.map((part) => (/^\d{1,4}%?$/.test(part) ? Number.parseInt(part, 10) : 0))
  if (parts.length > 10 || marks.some((mark) => mark < 1 || mark > 1000)) return []
  return [...new Set(marks)].sort((a, b) => a - b)
}
