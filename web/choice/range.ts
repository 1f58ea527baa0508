import { addDays, type Day, daysIn, parseDay } from '../../db/units/time.ts'

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

/** The address of a range; the default needs none. */
export function writeRange(range: Range): { range: string | null; start: string | null; end: string | null } {
  if ('preset' in range) return { range: range.preset === DEFAULT_PRESET ? null : range.preset, start: null, end: null }
  return { range: null, start: range.start, end: range.end }
}

/** The days a range covers, today (UTC) included. */
export function daysOf(range: Range, today: Day): Days {
  if (!('preset' in range)) return range
  if (range.preset === 'this-month') return { start: firstOfMonth(today), end: today }
  if (range.preset === 'last-month') {
    const end = addDays(firstOfMonth(today), -1)
    return { start: firstOfMonth(end), end }
  }
  return { start: addDays(today, 1 - Number.parseInt(range.preset, 10)), end: today }
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
