const counts = new Intl.NumberFormat('en-US')
const hours = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** "1,234"; null, which nobody knows, is a dash. */
export function formatCount(count: number | null): string {
  return count === null ? '–' : counts.format(count)
}

/** "1 job", "12 jobs". */
export function formatCountOf(count: number | null, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** GPU-hours: "1,240.5"; anything above zero that would round to nothing is "< 0.1"; null is a dash. */
export function formatHours(amount: `${number}` | null): string {
  if (amount === null) return '–'
  const value = Number(amount)
  return value > 0 && value < 0.05 ? '< 0.1' : hours.format(value)
}

/** "820 B", "47.1 kB", "3.2 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${hours.format(bytes / 1000)} kB` : `${hours.format(bytes / 1_000_000)} MB`
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 2 })

/** Tokens: "18,059,974"; from a billion on "12.35B"; null, which nobody counted, is a dash. */
export function formatTokens(count: number | null): string {
  if (count === null) return '–'
  return count < 1_000_000_000 ? counts.format(count) : compact.format(count)
}
