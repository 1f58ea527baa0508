import { type EpochMs, parseDay, parseInstant } from '../../../db/units/time.ts'
import type { Field } from './bill-table.ts'

export type DateOrder = 'month first' | 'day first'

/** "9/21/2023", "09/21/2023 00:00:00", "9/21/2023 12:00:00 AM": only the day counts. */
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?)?$/i
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/
const BARE = /^(\d{4})(\d{2})(\d{2})?$/

/**
 * A time of an Azure file: ISO 8601, "20230921" and "202309", "21.09.2023", and with slashes in the given order. Null
 * for anything else.
 */
export function readAzureTime(text: string, order: DateOrder): EpochMs | null {
  const slashed = SLASHED.exec(text)
  if (slashed) {
    const [, first = '', second = '', year = ''] = slashed
    return order === 'month first' ? instantOf(year, first, second) : instantOf(year, second, first)
  }
  const dotted = DOTTED.exec(text)
  if (dotted) return instantOf(dotted[3] ?? '', dotted[2] ?? '', dotted[1] ?? '')
  const bare = BARE.exec(text)
  if (bare) return instantOf(bare[1] ?? '', bare[2] ?? '', bare[3] ?? '01')
  return parseInstant(text)
}

/**
 * Which order a record proves; null: either. Azure writes month/day/year (learn.microsoft.com, dataset-schema), files that
 * went through a spreadsheet may not. The billing period's end, which is never before the 28th, tells at once.
 */
export function orderIn(field: Field): DateOrder | null {
  const dates = ['date', 'periodEnd', 'periodStart'].map((name) => SLASHED.exec(field(name).trim()))
  for (const date of dates) {
    const [first, second] = [Number(date?.[1] ?? 0), Number(date?.[2] ?? 0)]
    if (first > 12 && second <= 12) return 'day first'
    if (second > 12 && first <= 12) return 'month first'
  }
  const [month, day] = [Number(field('month') || NaN), Number(field('day') || NaN)]
  const [first, second] = [Number(dates[0]?.[1] ?? NaN), Number(dates[0]?.[2] ?? NaN)]
  if (first !== second && first === month && second === day) return 'month first'
  if (first !== second && first === day && second === month) return 'day first'
  return null
}

/** Whether a date is written so that its order matters. */
export function isSlashed(text: string): boolean {
  return SLASHED.test(text)
}

function instantOf(year: string, month: string, day: string): EpochMs | null {
  const iso = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return parseDay(iso) && parseInstant(iso)
}
