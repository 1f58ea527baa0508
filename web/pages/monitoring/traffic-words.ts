import type { State } from './words.ts'

export type Traffic = State['traffic']

/** "12.5" of so many in the time between; "–" before any has passed. */
export function ratePerMinute(count: number, from: string, to: string): string {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000
  return minutes > 0 ? (Math.max(0, count) / minutes).toFixed(1) : '–'
}

/** "0 %", "1.25 %"; "–" of nothing. */
export function shareText(part: number, all: number): string {
  if (all === 0) return '–'
  return part === 0 ? '0 %' : `${((part / all) * 100).toFixed(2)} %`
}

/** "3.4 ms", "1.25 s"; "–" where nothing was measured. */
export function secondsText(seconds: number | null): string {
  if (seconds === null) return '–'
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}
