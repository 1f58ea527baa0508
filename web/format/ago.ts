const words = new Intl.RelativeTimeFormat('en-US', { numeric: 'always' })
const STEPS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long ago an instant is, as of another: "just now" below a minute, then "4 minutes ago", "2 days ago". */
export function formatAgo(at: string, now: string): string {
  const ms = Date.parse(now) - Date.parse(at)
  const step = STEPS.find(([, size]) => ms >= size)
  return step ? words.format(-Math.floor(ms / step[1]), step[0]) : 'just now'
}
