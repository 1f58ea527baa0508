import { addDays, addMonths, type Day, daysIn, parseDay } from '../../db/units/time.ts'

/** Both days are inside. */
export type Days = { readonly start: Day; readonly end: Day }

/** A range as chosen: relative to today, so that a link keeps meaning "the last 14 days", or two fixed days. */
export type Range = { readonly preset: Preset } | Days

export const PRESETS = {
  '7d': 'Last 7 days',
  '14d': 'Last 14 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  'this-month': 'This month',
  'last-month': 'Last month',
  'this-quarter': 'This quarter',
  'last-quarter': 'Last quarter',
  'this-year': 'This year',
} as const
export type Preset = keyof typeof PRESETS

export const DEFAULT_PRESET: Preset = '14d'

/**
 * The range an address asks for. Two good days in order win over `range`; anything unreadable is the default,
 * so that a mangled link still shows something.
 */
export function readRange(params: { range?: string; start?: string; end?: string }): Range {
  const [start, end] = [parseDay(params.start ?? ''), parseDay(params.end ?? '')]
  if (start && end && start <= end) return { start, end }
  const preset = params.range ?? ''
  return { preset: isPreset(preset) ? preset : DEFAULT_PRESET }
}

/** What an address asks for as days and nobody can read: "2026-13-45 to foo"; null where all of it is read. */
export function unreadableRange(params: { range?: string; start?: string; end?: string }): string | null {
  const { range = '', start = '', end = '' } = params
  if (start === '' && end === '') return range === '' || isPreset(range) ? null : range
  return 'preset' in readRange({ start, end }) ? `${start || '…'} to ${end || '…'}` : null
}

/** The address of a range; the default needs none. */
export function writeRange(range: Range): { range: string | null; start: string | null; end: string | null } {
  if ('preset' in range) return { range: range.preset === DEFAULT_PRESET ? null : range.preset, start: null, end: null }
  return { range: null, start: range.start, end: range.end }
}

/** The days a range covers, today (UTC) included: this month, quarter and year are up to today. */
export function daysOf(range: Range, today: Day): Days {
  if (!('preset' in range)) return range
  const month = firstOfMonth(today)
  const quarter = addMonths(month, -((Number(today.slice(5, 7)) - 1) % 3))
  switch (range.preset) {
    case 'this-month':
      return { start: month, end: today }
    case 'last-month':
      return { start: addMonths(month, -1), end: addDays(month, -1) }
    case 'this-quarter':
      return { start: quarter, end: today }
    case 'last-quarter':
      return { start: addMonths(quarter, -3), end: addDays(quarter, -1) }
    case 'this-year':
      return { start: `${today.slice(0, 4)}-01-01` as Day, end: today }
    default:
      return { start: addDays(today, 1 - Number.parseInt(range.preset, 10)), end: today }
  }
}

/** The month ("2026-01") that days are all of; null where they are more or less than one. */
export function wholeMonthOf({ start, end }: Days): string | null {
  return start === firstOfMonth(start) && addDays(addMonths(start, 1), -1) === end ? start.slice(0, 7) : null
}

/** The days of a period that lie in the range: a week begins on its Monday, "2026-01" is a month. */
export function daysOfPeriod(period: string, time: 'day' | 'week' | 'month', { start, end }: Days): Days {
  const first = (period.length === 7 ? `${period}-01` : period) as Day
  const last = time === 'month' ? addDays(addMonths(first, 1), -1) : addDays(first, time === 'week' ? 6 : 0)
  return { start: first < start ? start : first, end: last > end ? end : last }
}

/** All days of a month such as "2026-01"; null for other text. */
export function daysOfMonth(month: string): Days | null {
  const start = parseDay(`${month}-01`)
  return start && { start, end: addDays(addMonths(start, 1), -1) }
}

/** How many days, both ends counted. */
export function lengthOf({ start, end }: Days): number {
  return daysIn({ from: start, before: addDays(end, 1) }).length
}

/** A window as long as `days` that ends on `lastDay`. */
export function endingOn(days: Days, lastDay: Day): Days {
  return { start: addDays(lastDay, 1 - lengthOf(days)), end: lastDay }
}

function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01` as Day
}

function isPreset(text: string): text is Preset {
  return Object.hasOwn(PRESETS, text)
}
