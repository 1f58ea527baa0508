/** What a number of calls took, in milliseconds: nearest-rank percentiles, so each is a call that was made. */
export type Times = { calls: number; p50: number; p95: number; p99: number }

export function timesOf(milliseconds: readonly number[]): Times {
  const sorted = [...milliseconds].sort((a, b) => a - b)
  const rank = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
  return { calls: sorted.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99) }
}

/** Milliseconds as people read them: 0.84, 6.3, 1,074. */
export function msText(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 100 ? 1 : 0
  return ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** How many times as much, as people read it: 1.04 ×. */
export function growthText(times: number): string {
  return `${times.toFixed(2)} ×`
}
