const utc = { timeZone: 'UTC' } as const
const long = new Intl.DateTimeFormat('en-US', { ...utc, month: 'long', year: 'numeric' })
const days = new Intl.DateTimeFormat('en-US', { ...utc, month: 'long', day: 'numeric', year: 'numeric' })

/** "January 2026" of 2026-01; other text as it is. */
export function formatMonth(month: string): string {
  const start = startOfMonth(month)
  return Number.isNaN(start) ? month : long.format(start)
}

/** "January 1 – 31, 2026": the days of 2026-01. */
export function formatMonthDays(month: string): string {
  const start = startOfMonth(month)
  if (Number.isNaN(start)) return month
  const [year, number] = month.split('-').map(Number)
  return days.formatRange(start, Date.UTC(year ?? 0, number ?? 1, 0)).replaceAll('\u2009', ' ')
}

function startOfMonth(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`)
}
