import { type Day, startOf } from '../../db/units/time.ts'

const utc = { timeZone: 'UTC' } as const
const short = new Intl.DateTimeFormat('en-US', { ...utc, month: 'short', day: 'numeric' })
const full = new Intl.DateTimeFormat('en-US', {
  ...utc,
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
})
const medium = new Intl.DateTimeFormat('en-US', { ...utc, month: 'short', day: 'numeric', year: 'numeric' })
const month = new Intl.DateTimeFormat('en-US', { ...utc, month: 'short', year: 'numeric' })
const long = new Intl.DateTimeFormat('en-US', { ...utc, dateStyle: 'full' })
const longMonth = new Intl.DateTimeFormat('en-US', { ...utc, month: 'long', year: 'numeric' })
const instant = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' })

/** "Nov 8". */
export function formatDay(day: Day): string {
  return short.format(startOf(day))
}

/** "Sun, Nov 8, 2026". */
export function formatFullDay(day: Day): string {
  return full.format(startOf(day))
}

/** "Nov 8 – 21, 2026"; one day is just that day. */
export function formatDays(start: Day, end: Day): string {
  return medium.formatRange(startOf(start), startOf(end)).replaceAll('\u2009', ' ')
}

/** "Nov 2026"; of its first day. */
export function formatMonth(day: Day): string {
  return month.format(startOf(day))
}

/** "Sunday, November 8, 2026". */
export function formatLongDay(day: Day): string {
  return long.format(startOf(day))
}

/** "November 2026"; of any of its days. */
export function formatLongMonth(day: Day): string {
  return longMonth.format(startOf(day))
}

/** An instant on the reader's clock: "Nov 21, 2026, 8:06 AM". */
export function formatInstant(iso: string): string {
  return instant.format(new Date(iso))
}

/** "2.3 s", "4 min 10 s": how long something took. */
export function formatElapsed(startedAt: string, finishedAt: string): string {
  const seconds = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
  if (seconds < 0.1) return '< 0.1 s'
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
